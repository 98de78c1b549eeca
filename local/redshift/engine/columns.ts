import type { DuckDBConnection } from "@duckdb/node-api";
import type { ObjectName } from "../sql/cursor";
import { SqlError } from "../sql/error";
import type { Plan } from "../sql/plan";
import { type ColumnDefinition, spellName, spellTable } from "../sql/tables";
import { identifier, literal } from "../sql/tokens";
import { describe } from "./catalog";

/**
 * Adds a column, or gives one another width. The engine cannot add a check to a table, so the table is made anew
 * with its rows, in the same transaction; its comments are kept.
 */
export async function changeColumn(
  connection: DuckDBConnection,
  name: ObjectName,
  column: ColumnDefinition,
  add: boolean,
): Promise<void> {
  const table = await describe(connection, name);
  const there = table.columns.some((old) => old.name === column.name);
  if (add && there) throw new SqlError(`column "${column.name}" of relation "${table.name}" already exists`);
  if (!add && !there) throw new SqlError(`column "${column.name}" does not exist`);
  const columns = add
    ? [...table.columns, column]
    : table.columns.map((old) => (old.name === column.name ? { ...old, type: column.type } : old));
  const draft = { ...(table.temporary ? {} : { schema: table.schema }), name: `${table.name}__changed` };
  const old = { ...draft, name: table.name };
  const kept = table.columns.map((each) => identifier(each.name)).join(", ");
  await connection.run(spellTable({ name: draft, temporary: table.temporary, ifNotExists: false, columns }));
  await connection.run(`insert into ${spellName(draft)} (${kept}) select ${kept} from ${spellName(old)}`);
  await connection.run(`drop table ${spellName(old)}`);
  await connection.run(`alter table ${spellName(draft)} rename to ${identifier(table.name)}`);
  for (const { name: each, comment } of table.columns)
    if (comment !== null)
      await connection.run(`comment on column ${spellName(old)}.${identifier(each)} is ${literal(comment)}`);
}

/** Makes a table of a query's rows, its columns as wide as those they are taken from. */
export async function createTableAs(
  connection: DuckDBConnection,
  { name, temporary, sql, like }: Extract<Plan, { kind: "create table as" }>,
): Promise<void> {
  if (like === undefined) {
    await connection.run(`create ${temporary ? "temp " : ""}table ${spellName(name)} as ${sql}`);
    return;
  }
  const columns = (await describe(connection, like)).columns.map((column) => ({
    name: column.name,
    type: column.type,
    notNull: false,
  }));
  await connection.run(spellTable({ name, temporary, ifNotExists: false, columns }));
  await connection.run(`insert into ${spellName(name)} ${sql}`);
}
