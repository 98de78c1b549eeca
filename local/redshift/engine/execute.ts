import type { ObjectName } from "../sql/cursor";
import { SqlError } from "../sql/error";
import type { Plan } from "../sql/plan";
import { plan } from "../sql/statement";
import { spellName, spellTable } from "../sql/tables";
import { exists, noRelation, superColumns } from "./catalog";
import { changeColumn, createTableAs } from "./columns";
import { runCopy } from "./copy";
import type { AttachedRole, ObjectSources } from "./objects";
import { applyPrincipal } from "./principals";
import { runQuery } from "./results";
import type { Session } from "./transactions/session";
import type { Outcome, Work } from "./transactions/work";

/** What a session works with. */
export interface SessionContext {
  readonly database: string;
  readonly user: string;
  readonly objects: ObjectSources;
  readonly copyDir: string;
  /** The role that COPY names, by its ARN or as `default`, if the namespace has it. */
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
  const { connection, context } = session;
  const tokens = work.statements[index] ?? [];
  await context.pass(work.sqls[index] ?? "", block);
  const names = {
    database: context.database,
    user: context.user,
    superColumns: await superColumns(connection),
  };
  const step: Plan = plan(tokens, names);
  switch (step.kind) {
    case "query": {
      const delimited = tokens.filter(({ kind }) => kind === "quoted").map(({ text }) => text.toLowerCase());
      const result = await runQuery(connection, step.sql, new Set(delimited), work.format, work.sink(index));
      return { rows: result.rows, result };
    }
    case "write":
      return { rows: (await connection.run(step.sql)).rowsChanged };
    case "define":
      await connection.run(step.sql);
      return NOTHING;
    case "create table":
      await connection.run(spellTable(step.table));
      return NOTHING;
    case "create table as":
      await createTableAs(connection, step);
      return NOTHING;
    case "change column":
      await changeColumn(connection, step.table, step.column, step.add);
      return NOTHING;
    case "copy":
      return { rows: await copy(session, step) };
    case "principal":
      await applyPrincipal(connection, step.command, context.database);
      return NOTHING;
    case "truncate":
      await mustExist(session, [step.table]);
      await session.commitAndGoOn(async () => {
        await connection.run(`truncate table ${spellName(step.table)}`);
      });
      return NOTHING;
    case "lock":
      await mustExist(session, step.tables); // the one write at a time is the lock
      return NOTHING;
    case "transaction":
      return NOTHING; // the session sees to it
    case "nothing":
      if (block && step.outside !== undefined)
        throw new SqlError(`${step.outside} cannot run inside a transaction block`);
      await mustExist(session, step.tables);
      return NOTHING;
  }
}

async function copy(
  { connection, context }: Session,
  step: Extract<Plan, { kind: "copy" }>,
): Promise<number> {
  const role = context.roleOf(step.copy.role);
  if (role === undefined)
    throw new SqlError(`The requested role ${step.copy.role} is not associated to cluster`);
  return await runCopy(connection, step.copy, context.objects(role), context.copyDir);
}

async function mustExist({ connection }: Session, tables: readonly ObjectName[]): Promise<void> {
  for (const table of tables) if (!(await exists(connection, table))) throw noRelation(table);
}
