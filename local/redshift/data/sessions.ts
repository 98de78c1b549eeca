import { randomUUID } from "node:crypto";
import { AwsError } from "../../service/aws";
import type { Store } from "../../service/store";
import type { Session } from "../engine/transactions/session";
import type { Connection } from "./connection";
import { invalid } from "./validation";

/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations */
const MOST_SESSIONS = 500;
const DAY_MS = 24 * 3600 * 1000;

export type SessionStatus = "AVAILABLE" | "BUSY" | "CLOSED";

/** What is known of a session, as ListSessions tells it. Times are milliseconds since 1970. */
export interface SessionRecord extends Omit<Connection, "roleOf"> {
  readonly id: string;
  readonly principal: string;
  readonly createdAt: number;
  status: SessionStatus;
  updatedAt: number;
  keepAliveSeconds: number;
  /** When it is closed unless it is used. */
  expiresAt: number;
  statementId?: string;
}

/** What is kept of sessions: a restart closes them, and remembers that they were. */
export interface SessionState {
  readonly sessions: Record<string, SessionRecord>;
}

/** A session that is open. */
export interface OpenSession {
  readonly record: SessionRecord;
  readonly engine: Session;
}

/** Sessions that clients keep alive over several calls. */
export class Sessions {
  readonly #open = new Map<string, OpenSession & { timer?: NodeJS.Timeout }>();

  /** @param disconnect closes a session of the engine. */
  constructor(
    readonly store: Store<SessionState>,
    readonly disconnect: (engine: Session) => Promise<void>,
    now: number,
  ) {
    for (const [id, record] of Object.entries(this.#records)) {
      if (record.status !== "CLOSED") Object.assign(record, { status: "CLOSED", updatedAt: now });
      if (now - record.updatedAt > DAY_MS) delete this.#records[id];
    }
  }

  get #records(): Record<string, SessionRecord> {
    return this.store.state.sessions;
  }

  /** Opens a session that lives until `keepAliveSeconds` after its last statement, and a day at most. */
  async open(
    connection: Connection,
    principal: string,
    keepAliveSeconds: number,
    connect: () => Promise<Session>,
    now: number,
  ): Promise<OpenSession> {
    if (this.#open.size >= MOST_SESSIONS)
      throw new AwsError(
        "ActiveSessionsExceededException",
        `Active sessions exceeded the allowed quota (${MOST_SESSIONS}).`,
      );
    const { roleOf: _, ...rest } = connection;
    const record: SessionRecord = {
      ...rest,
      id: randomUUID(),
      principal,
      createdAt: now,
      updatedAt: now,
      status: "AVAILABLE",
      keepAliveSeconds,
      expiresAt: now + keepAliveSeconds * 1000,
    };
    const session = { record, engine: await connect() };
    this.#records[record.id] = record;
    this.#open.set(record.id, session);
    this.store.save();
    return session;
  }

  /**
   * The caller's open session of that id, which must not be busy.
   * @throws AwsError ValidationException, worded as the service words it.
   */
  find(id: string, principal: string): OpenSession {
    const record = this.#records[id];
    if (record === undefined || record.principal !== principal)
      throw invalid(`Session with Id: ${id} is invalid`);
    const session = this.#open.get(id);
    if (session === undefined || record.status !== "AVAILABLE") throw invalid("Session is not available");
    return session;
  }

  /** The session runs a statement: one at a time. */
  begin(
    { record }: OpenSession,
    statementId: string,
    keepAliveSeconds: number | undefined,
    now: number,
  ): void {
    clearTimeout(this.#open.get(record.id)?.timer);
    if (keepAliveSeconds !== undefined) record.keepAliveSeconds = keepAliveSeconds;
    Object.assign(record, { status: "BUSY", updatedAt: now, statementId });
  }

  /** The statement has ended: the time that the session is kept alive begins anew. */
  async end({ record }: OpenSession, now: number): Promise<void> {
    delete record.statementId;
    record.expiresAt = Math.min(now + record.keepAliveSeconds * 1000, record.createdAt + DAY_MS);
    Object.assign(record, { status: "AVAILABLE", updatedAt: now });
    if (record.expiresAt <= now) return await this.#close(record.id, now);
    const open = this.#open.get(record.id);
    if (open === undefined) return;
    open.timer = setTimeout(() => void this.#close(record.id, Date.now()), record.expiresAt - now);
    open.timer.unref();
  }

  /** The caller's sessions, newest first. */
  list(principal: string): SessionRecord[] {
    return Object.values(this.#records)
      .filter((record) => record.principal === principal)
      .reverse();
  }

  /** What still runs ends after this: it keeps no session alive any more. */
  stop(): void {
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
  }

  async #close(id: string, now: number): Promise<void> {
    const session = this.#open.get(id);
    if (session === undefined) return;
    clearTimeout(session.timer);
    this.#open.delete(id);
    Object.assign(session.record, { status: "CLOSED", updatedAt: now });
    for (const record of Object.values(this.#records))
      if (record.status === "CLOSED" && now - record.updatedAt > DAY_MS) delete this.#records[record.id];
    this.store.save();
    await this.disconnect(session.engine);
  }
}
