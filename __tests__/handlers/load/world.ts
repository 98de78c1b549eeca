import { gunzipSync } from "node:zlib";
import { type LakeFile, type Message, notificationOf } from "../../../handlers/load/queue/notification";
import type { Queue } from "../../../handlers/load/queue/queue";
import { type RunDeps, runLoad } from "../../../handlers/load/run";
import type { LakeObject, SweepDeps } from "../../../handlers/load/sweep";
import { StatementFailed } from "../../../handlers/warehouse/failure";
import type { Value } from "../../../handlers/warehouse/rows";
import type { RunOptions } from "../../../handlers/warehouse/warehouse";

/** A queue in memory: what is taken stays hidden until it is removed or shown again. */
export class FakeQueue implements Queue {
  readonly waiting: Message[] = [];
  readonly taken = new Map<string, Message>();
  readonly removed: string[] = [];
  readonly renewals: number[] = [];
  #count = 0;

  add(...bodies: readonly string[]): void {
    for (const body of bodies) this.waiting.push({ receiptHandle: `m${this.#count++}`, body });
  }

  readonly receive = async (): Promise<readonly Message[]> => {
    const messages = this.waiting.splice(0, 10);
    for (const message of messages) this.taken.set(message.receiptHandle, message);
    return messages;
  };
  readonly remove = async (messages: readonly Message[]): Promise<void> => {
    for (const { receiptHandle } of messages)
      if (this.taken.delete(receiptHandle)) this.removed.push(receiptHandle);
  };
  readonly send = async (bodies: readonly string[]): Promise<void> => this.add(...bodies);
  readonly hide = async (messages: readonly Message[], seconds: number): Promise<void> => {
    this.renewals.push(seconds);
    if (seconds === 0)
      for (const message of messages)
        if (this.taken.delete(message.receiptHandle)) this.waiting.push(message);
  };

  /** What happens when the time is over for which messages are hidden. */
  redeliver(): void {
    this.waiting.push(...this.taken.values());
    this.taken.clear();
  }
}

export const fileOf = (key: string): LakeFile => ({
  key,
  stream: key.startsWith("failed/") ? "failed" : "events",
  etag: "e",
  sizeBytes: 1,
});

/**
 * A queue, a lake and a warehouse that load whole files: what the loader decides is real, what it moves is not.
 */
export class World {
  readonly queue = new FakeQueue();
  readonly deadLetters = new FakeQueue();
  readonly objects = new Map<string, string | Buffer>();
  readonly lake: LakeObject[] = [];
  readonly ledger = new Set<string>();
  readonly failures: [key: string, stream: string, reason: string][] = [];
  /** Calls of the Data API, whichever. */
  readonly calls: string[] = [];
  /** Files of each load that was begun. */
  readonly loads: string[][] = [];
  readonly logged: Readonly<Record<string, unknown>>[] = [];
  /** Keys of files that no load with them in it survives. */
  readonly bad = new Set<string>();
  /** What happens instead of the next transactions that merge. */
  readonly mishaps: (() => Promise<void> | void)[] = [];
  running: string[] = [];
  remainingMs = 600_000;
  #staged: string[] = [];

  constructor(...keys: (string | readonly string[])[]) {
    for (const key of keys)
      this.queue.add(
        JSON.stringify({
          Records: [key].flat().map((one) => ({
            eventName: "ObjectCreated:Put",
            s3: { object: { key: one, size: 1, eTag: "e" } },
          })),
        }),
      );
  }

  tell(...keys: readonly string[]): void {
    this.queue.add(...keys.map((key) => notificationOf(fileOf(key))));
  }

  run() {
    return runLoad(this.deps);
  }

  readonly deps: RunDeps & SweepDeps = {
    queue: this.queue,
    deadLetters: this.deadLetters,
    redeliverySeconds: 60,
    log: (entry) => void this.logged.push(entry),
    waiting: {
      remainingMs: () => this.remainingMs,
      sleep: async (ms) => {
        this.remainingMs -= ms;
      },
    },
    random: () => 1,
    put: async (key, body) => void this.objects.set(key, body),
    list: async (prefix) => this.lake.filter(({ key }) => key.startsWith(prefix)),
    now: () => new Date("2026-11-23T12:30:00Z"),
    sql: { stage: ["stage"], bounds: "bounds", begin: ["lock", "guard"], merge: ["merge"] },
    bucket: "lake",
    copyRoleArn: "arn:aws:iam::0:role/copy",
    deduplicationHours: 24,
    runId: "run",
    warehouse: {
      query: async (sql, options) => ({ columns: [], rows: this.#query(sql, options) }),
      transaction: async (sqls, options) => {
        this.calls.push("transaction");
        if (sqls.includes("merge")) await this.#merge();
        else this.#stage(sqls);
        return {
          id: "t",
          sessionId: options?.session === undefined ? undefined : "s",
          rows: async () => ({ columns: ["lines_from"], rows: [[null]] }),
        };
      },
      running: async () => {
        this.calls.push("running");
        return this.running;
      },
      ended: async (id) => {
        this.calls.push(`ended ${id}`);
        return { Id: id, Status: "FINISHED" };
      },
    },
  };

  #query(sql: string, { parameters = {} }: RunOptions = {}): Value[][] {
    this.calls.push(sql.trim().split(/\s+/).slice(0, 3).join(" "));
    const listed = (key: string): boolean => sql.includes(`'${key}'`);
    if (sql.startsWith("insert into load_failures")) {
      this.failures.push([parameters.key ?? "", parameters.stream ?? "", parameters.reason ?? ""]);
      return [];
    }
    if (sql.startsWith("delete from load_failures")) {
      const left = this.failures.filter(([key]) => !listed(key));
      this.failures.splice(0, Number.POSITIVE_INFINITY, ...left);
      return [];
    }
    if (sql.includes("sys_load_error_detail")) return [];
    if (sql.includes(":since"))
      return [...this.ledger, ...this.#tried().flatMap(([key, tries]) => (tries >= 3 ? key : []))].map(
        (key) => [key],
      );
    if (sql.includes("in ("))
      return [
        ...[...this.ledger].filter(listed).map((key) => [key, 1, 0, ""]),
        ...this.#tried().flatMap(([key, tries, reason]) => (listed(key) ? [[key, 0, tries, reason]] : [])),
      ];
    return this.failures.map((failure) => [...failure, "2026-11-23 12:00:00"]);
  }

  #tried(): [key: string, tries: number, reason: string][] {
    return [...new Set(this.failures.map(([key]) => key))].map((key) => {
      const own = this.failures.filter(([other]) => other === key);
      return [key, own.length, own.at(-1)?.[2] ?? ""];
    });
  }

  #stage(sqls: readonly string[]): void {
    const copy = sqls.find((sql) => sql.startsWith("copy staged_files")) ?? "";
    const key = /s3:\/\/lake\/([^']+)/.exec(copy)?.[1] ?? "";
    const text = gunzipSync(this.objects.get(key) as Buffer).toString();
    this.#staged = text
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { object_key: string }).object_key);
    this.loads.push(this.#staged);
    if (this.#staged.some((each) => this.bad.has(each)))
      throw new StatementFailed("ERROR: bad line", "copy", 1);
  }

  async #merge(): Promise<void> {
    const mishap = this.mishaps.shift();
    if (mishap !== undefined) await mishap();
    if (this.#staged.some((key) => this.ledger.has(key)))
      throw new StatementFailed("a file of this load is loaded already", "guard", 1);
    for (const key of this.#staged) {
      this.ledger.add(key);
      const left = this.failures.filter(([failed]) => failed !== key);
      this.failures.splice(0, Number.POSITIVE_INFINITY, ...left);
    }
  }
}
