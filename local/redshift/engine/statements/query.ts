import { bindWhole } from "../../sql/bind/queries/query";
import { SqlError } from "../../sql/error";
import type { Plan } from "../../sql/plan";
import { plan } from "../../sql/statement";
import type { Query } from "../../sql/syntax/ast";
import { tokenize } from "../../sql/tokens";
import { type PageSink, type ResultFormat, runQuery } from "../results";
import type { Session } from "../transactions/session";
import type { Outcome } from "../transactions/work";
import { contextOf, mustRead, type StatementContext } from "./context";

/** Where a query's rows go. */
export interface Answer {
  readonly format: ResultFormat;
  readonly sink: PageSink;
}

/** Runs a query. @throws {SqlError} for what its user may not read. */
export async function select(context: StatementContext, query: Query, answer: Answer): Promise<Outcome> {
  const { sql, columns } = bindWhole(query, context.environment);
  mustRead(context);
  const result = await runQuery(context.session.connection, sql, columns, answer);
  return { rows: result.rows, result };
}

/** The engine's plan of a query, a line a row. */
export async function explain(context: StatementContext, query: Query, answer: Answer): Promise<Outcome> {
  const { sql } = bindWhole(query, context.environment);
  mustRead(context);
  const { connection } = context.session;
  const explained = await connection.runAndReadAll(`explain ${sql}`);
  const text = explained
    .getRowsJson()
    .map((row) => String(row[1]))
    .join("\n");
  const lines = `select unnest(string_split('${text.replaceAll("'", "''")}', chr(10)))`;
  const result = await runQuery(
    connection,
    lines,
    [{ name: "QUERY PLAN", type: { name: "varchar" } }],
    answer,
  );
  return { rows: result.rows, result };
}

const LISTS = {
  databases: ["svv_redshift_databases", "database_name"],
  schemas: ["svv_redshift_schemas", "schema_name"],
  tables: ["svv_redshift_tables", "table_name"],
  columns: ["svv_redshift_columns", "column_name"],
} as const;

/** SHOW DATABASES, SCHEMAS, TABLES and COLUMNS. */
export async function listed(
  session: Session,
  { what, path, pattern, limit }: Extract<Plan, { kind: "list" }>,
  answer: Answer,
): Promise<Outcome> {
  const parts = { databases: 0, schemas: 1, tables: 2, columns: 3 }[what];
  if (path.length > parts || path.length < Math.max(parts - 1, 0))
    throw new SqlError(`SHOW ${what.toUpperCase()} takes a name of ${parts} parts`);
  const names = path.length === parts ? path : [session.context.database, ...path];
  const [view, name] = LISTS[what];
  const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  const columns = ["database_name", "schema_name", "table_name"];
  const where = names.map((each, i) => `${columns[i]} = ${quote(each)}`);
  if (pattern !== undefined) where.push(`${name} like ${quote(pattern)}`);
  const condition = where.length === 0 ? "" : ` where ${where.join(" and ")}`;
  const order = what === "columns" ? "ordinal_position" : name;
  const sql = `select * from ${view}${condition} order by ${order}${limit === undefined ? "" : ` limit ${limit}`}`;
  const made = plan(tokenize(sql));
  if (made.kind !== "query") throw new SqlError(`SHOW ${what} is no query`);
  return await select(await contextOf(session), made.query, answer);
}
