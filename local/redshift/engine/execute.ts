import { SqlError } from "../sql/error";
import type { Plan } from "../sql/plan";
import { plan } from "../sql/statement";
import { applyAccess } from "./access/grants";
import { applyPrincipal } from "./access/principals";
import { runCopy } from "./copy/copy";
import type { AttachedRole, ObjectSources } from "./copy/objects";
import { alterSchema, alterTable, comment } from "./statements/alterations";
import { insert, merge, remove, target, update } from "./statements/changes";
import { contextOf, type StatementContext } from "./statements/context";
import {
  createFunction,
  createSchema,
  createTable,
  createTableAs,
  createTableLike,
} from "./statements/definitions";
import { noteEffects } from "./statements/effects";
import { type Answer, explain, listed, select } from "./statements/query";
import { drop } from "./statements/removals";
import { set, show } from "./statements/settings";
import { createView, refresh } from "./statements/views";
import type { Session } from "./transactions/session";
import type { Outcome, Work } from "./transactions/work";
import { runUnload } from "./unload/unload";

/** What a session works with. */
export interface SessionContext {
  readonly database: string;
  readonly user: string;
  /** Whether the user is the account's root, or the admin. */
  readonly superuser: boolean;
  readonly objects: ObjectSources;
  /** Where COPY and UNLOAD put files for the engine: the only folder that it may read and write. */
  readonly copyDir: string;
  /** The role that a statement names, by its ARN or as `default`, if the namespace has it. */
  readonly roleOf: (named: string) => AttachedRole | undefined;
  /** Lets a statement pass that is Redshift's. @throws {SqlError} for any other */
  readonly pass: (sql: string, block: boolean) => Promise<void>;
}

const NOTHING: Outcome = { rows: -1 };

/**
 * Runs one statement in the session's transaction.
 * @param block whether others share that transaction: some statements refuse that.
 * @throws {SqlError} or the engine's error when it does not run; the transaction is then to be rolled back.
 */
export async function execute(session: Session, work: Work, index: number, block: boolean): Promise<Outcome> {
  await session.context.pass(work.sqls[index] ?? "", block);
  const step = plan(work.statements[index] ?? []);
  const answer: Answer = { format: work.format, sink: work.sink(index) };
  refuseInBlock(step, block);
  const alone = await withoutCatalog(session, step, answer);
  if (alone !== undefined) return alone;
  const context = await contextOf(session);
  const rows = await counted(context, step, answer);
  if (rows === undefined) await defined(context, step);
  await noteEffects(context, step);
  return rows ?? NOTHING;
}

/** Statements that run in no transaction but their own. */
function refuseInBlock(step: Plan, block: boolean): void {
  if (!block) return;
  const name =
    step.kind === "maintenance" && step.verb === "VACUUM"
      ? "VACUUM"
      : step.kind === "alter table" && step.change.verb === "append"
        ? "ALTER TABLE APPEND"
        : step.kind === "alter table" && step.change.verb === "widen column"
          ? "ALTER TABLE ALTER COLUMN"
          : undefined;
  if (name !== undefined) throw new SqlError(`${name} cannot run inside a transaction block`);
}

async function withoutCatalog(session: Session, step: Plan, answer: Answer): Promise<Outcome | undefined> {
  switch (step.kind) {
    case "transaction":
      return NOTHING; // the session sees to it
    case "set":
      set(session, step);
      return NOTHING;
    case "show":
      return await show(session, step.name, answer);
    case "list":
      return await listed(session, step, answer);
    default:
      return undefined;
  }
}

/** Statements that answer rows, or how many they wrote; undefined for any other. */
async function counted(context: StatementContext, step: Plan, answer: Answer): Promise<Outcome | undefined> {
  switch (step.kind) {
    case "query":
      return await select(context, step.query, answer);
    case "explain":
      return await explain(context, step.query, answer);
    case "insert":
      return await insert(context, step);
    case "update":
      return await update(context, step);
    case "delete":
      return await remove(context, step);
    case "merge":
      return await merge(context, step);
    case "create table as":
      return { rows: await createTableAs(context, step) };
    case "copy":
      return { rows: await runCopy(context, step.copy) };
    case "unload":
      return { rows: await runUnload(context, step.unload) };
    default:
      return undefined;
  }
}

async function defined(context: StatementContext, step: Plan): Promise<void> {
  switch (step.kind) {
    case "create table":
      return await createTable(context, step.table);
    case "create table like":
      return await createTableLike(context, step);
    case "create view":
      return await createView(context, step);
    case "create function":
      return await createFunction(context, step);
    case "create schema":
      return await createSchema(context, step);
    case "alter schema":
      return await alterSchema(context, step);
    case "alter table":
      return await alterTable(context, step);
    case "drop":
      return await drop(context, step);
    case "refresh":
      return await refresh(context, step.view);
    case "comment":
      return await comment(context, step);
    case "principal":
      return await applyPrincipal(context.access, step.command);
    case "access":
      return await applyAccess(context.access, context.catalog, step.command);
    case "truncate":
      return await truncate(context, step);
    case "lock":
      return await lock(context, step);
    case "maintenance":
      return await maintain(context, step);
    default:
      throw new SqlError(`${step.kind} is not executed`);
  }
}

async function truncate(
  context: StatementContext,
  { table }: Extract<Plan, { kind: "truncate" }>,
): Promise<void> {
  const relation = target(context, table);
  context.access.mustOwn(relation, "truncate");
  const { session } = context;
  await session.commitAndGoOn(async () => {
    await session.connection.run(`truncate table ${relation.sql}`);
  });
}

/** The one write at a time is the lock; it takes who may write. */
async function lock(context: StatementContext, { tables }: Extract<Plan, { kind: "lock" }>): Promise<void> {
  for (const table of tables) {
    const relation = target(context, table);
    context.access.mustMay(relation, ["update", "delete", "truncate"]);
  }
}

async function maintain(
  { catalog, access }: StatementContext,
  { tables }: Extract<Plan, { kind: "maintenance" }>,
): Promise<void> {
  for (const table of tables) access.mustOwn(catalog.must(table));
}
