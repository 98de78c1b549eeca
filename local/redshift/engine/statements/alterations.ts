import { SqlError, unsupported } from "../../sql/error";
import type { Alteration, Plan } from "../../sql/plan";
import { identifier, literal } from "../../sql/tokens";
import { given, renamed } from "../access/owners";
import { mustExist } from "../access/principals";
import type { CatalogColumn, CatalogRelation } from "../catalog/catalog";
import { noRelation } from "../catalog/catalog";
import { type NewColumn, spellTable, tableName } from "../catalog/tables";
import { checkOf } from "../catalog/types";
import { assigned } from "./changes";
import type { StatementContext } from "./context";
import { defaultOf } from "./definitions";
import { dependents } from "./removals";

/** ALTER TABLE. */
export async function alterTable(
  context: StatementContext,
  { table, change, materialized }: Extract<Plan, { kind: "alter table" }>,
): Promise<void> {
  const { catalog, access, session } = context;
  const relation = catalog.must(table);
  access.mustOwn(relation, change.verb === "owner" ? undefined : "alter");
  if (materialized === true && relation.materialized !== true)
    throw new SqlError(`"${relation.name}" is not a materialized view`);
  if (relation.kind === "view" && !materialized && change.verb !== "rename" && change.verb !== "owner")
    throw new SqlError(`"${relation.name}" is not a table`);
  const { connection } = session;
  switch (change.verb) {
    case "storage":
      return;
    case "add column":
      return await addColumn(context, relation, change);
    case "widen column":
      return await widen(context, relation, change);
    case "drop column":
      return await dropColumn(context, relation, change);
    case "rename column":
      if (relation.columns.some(({ name }) => name === change.to))
        throw new SqlError(`column "${change.to}" of relation "${relation.name}" already exists`);
      return await remake(
        context,
        relation,
        relation.columns.map((column) =>
          column.name === change.column ? { ...column, name: change.to } : column,
        ),
        mustHave(relation, change.column),
      );
    case "rename":
      return await rename(context, relation, change.to);
    case "owner":
      if (relation.temporary === true) throw new SqlError("a temporary table has no other owner");
      return await given(
        connection,
        "table",
        `${relation.schema}.${relation.name}`,
        await mustExist(connection, "user", change.to),
      );
    case "append":
      return await append(context, relation, change);
  }
}

function mustHave(relation: CatalogRelation, name: string): CatalogColumn {
  const column = relation.columns.find((each) => each.name === name);
  if (column === undefined)
    throw new SqlError(`column "${name}" of relation "${relation.name}" does not exist`);
  return column;
}

async function addColumn(
  context: StatementContext,
  relation: CatalogRelation,
  { column }: Extract<Alteration, { verb: "add column" | "widen column" }>,
): Promise<void> {
  if (relation.columns.some(({ name }) => name === column.name))
    throw new SqlError(`column "${column.name}" of relation "${relation.name}" already exists`);
  const defaultSql = defaultOf(context, column);
  const added: NewColumn = { ...column, ...(defaultSql === undefined ? {} : { defaultSql }) };
  // The engine cannot read its log back where a column was added to a table that has checks.
  const checked = [...relation.columns, column].some(({ name, type }) => checkOf(name, type) !== undefined);
  if (checked || column.notNull)
    return await remake(context, relation, [...relation.columns, added as CatalogColumn & NewColumn]);
  const sql = spellTable("x", [added], false).replace(/^create table x \((.*)\)$/s, "$1");
  await context.session.connection.run(`alter table ${relation.sql} add column ${sql}`);
}

async function widen(
  context: StatementContext,
  relation: CatalogRelation,
  { column }: Extract<Alteration, { verb: "add column" | "widen column" }>,
): Promise<void> {
  const old = mustHave(relation, column.name);
  if (old.type.name !== "varchar")
    throw new SqlError(`cannot alter type of column "${column.name}" that is not VARCHAR`);
  if (old.defaultSql !== undefined)
    throw new SqlError(`cannot alter type of a column "${column.name}" that has a default`);
  const columns = relation.columns.map((each) =>
    each.name === column.name ? { ...each, type: column.type } : each,
  );
  await remake(context, relation, columns);
}

async function dropColumn(
  context: StatementContext,
  relation: CatalogRelation,
  { column, cascade }: Extract<Alteration, { verb: "drop column" }>,
): Promise<void> {
  mustHave(relation, column);
  const { connection } = context.session;
  if (relation.columns.length === 1) throw new SqlError("cannot drop the only column of a table");
  const [view] =
    relation.temporary === true ? [] : await dependents(connection, relation.schema, relation.name);
  if (view !== undefined && !cascade)
    throw new SqlError(
      `cannot drop table ${relation.name} column ${column} because other objects depend on it: view ${view.name}`,
    );
  await remake(
    context,
    relation,
    relation.columns.filter(({ name }) => name !== column),
  );
}

/**
 * Makes a table anew with other columns, and its rows: the engine cannot add a check to a table, nor alter one that has
 * any. Comments are kept.
 * @param from the column that is now called otherwise.
 */
async function remake(
  { session: { connection } }: StatementContext,
  relation: CatalogRelation,
  columns: readonly (CatalogColumn & Partial<NewColumn>)[],
  from?: CatalogColumn,
): Promise<void> {
  const { schema, name, temporary = false } = relation;
  const draft = tableName(schema, `${name}__changed`, temporary);
  const old = (column: string): string =>
    from !== undefined && !relation.columns.some((each) => each.name === column) ? from.name : column;
  await connection.run(
    spellTable(
      draft,
      columns.map((column) => ({ ...column, notNull: column.notNull === true })),
      temporary,
    ),
  );
  const kept = columns.filter((column) => relation.columns.some((each) => each.name === old(column.name)));
  const into = kept.map((column) => identifier(column.name)).join(", ");
  const taken = kept.map((column) => identifier(old(column.name))).join(", ");
  await connection.run(`insert into ${draft} (${into}) select ${taken} from ${relation.sql}`);
  await connection.run(`drop table ${relation.sql}`);
  await connection.run(`alter table ${draft} rename to ${identifier(name)}`);
  for (const column of columns)
    if (column.comment !== undefined)
      await connection.run(
        `comment on column ${relation.sql}.${identifier(column.name)} is ${literal(column.comment)}`,
      );
}

async function rename(
  { session, catalog }: StatementContext,
  relation: CatalogRelation,
  to: string,
): Promise<void> {
  const { connection } = session;
  const { schema, name, temporary, kind } = relation;
  if (temporary === true ? catalog.temporary.has(to) : catalog.relations.has(`${schema}.${to}`))
    throw new SqlError(`Relation "${to}" already exists`);
  const [view] = temporary === true ? [] : await dependents(connection, schema, name);
  if (view !== undefined)
    throw new SqlError(`cannot rename ${kind} ${name} because view ${view.name} depends on it`);
  const what = kind === "view" && relation.materialized !== true ? "view" : "table";
  await connection.run(`alter ${what} ${relation.sql} rename to ${identifier(to)}`);
  if (temporary === true) return;
  await renamed(connection, "table", `${schema}.${name}`, `${schema}.${to}`);
  await connection.run(
    "update rs.views set view_name = $to where schema_name = $schema and view_name = $name",
    { to, schema, name },
  );
}

/** ALTER TABLE APPEND: the source's rows move into the target. */
async function append(
  context: StatementContext,
  relation: CatalogRelation,
  { from, ignoreExtra, fillTarget }: Extract<Alteration, { verb: "append" }>,
): Promise<void> {
  const { catalog, access, session } = context;
  const source = catalog.must(from);
  access.mustOwn(source);
  const shared = source.columns.filter(({ name }) => relation.columns.some((each) => each.name === name));
  if (!ignoreExtra && shared.length < source.columns.length)
    throw new SqlError(`columns of "${source.name}" are missing in "${relation.name}"; use IGNOREEXTRA`);
  if (!fillTarget && shared.length < relation.columns.length)
    throw new SqlError(`columns of "${relation.name}" are missing in "${source.name}"; use FILLTARGET`);
  const columns = shared.map(({ name }) => mustHave(relation, name));
  const names = columns.map(({ name }) => identifier(name)).join(", ");
  const query = { sql: `select ${names} from ${source.sql}`, columns: shared };
  await session.connection.run(`insert into ${relation.sql} (${names}) ${assigned(query, columns)}`);
  await session.connection.run(`delete from ${source.sql}`);
}

/** ALTER SCHEMA. */
export async function alterSchema(
  { session, catalog, access }: StatementContext,
  { name, owner, to }: Extract<Plan, { kind: "alter schema" }>,
): Promise<void> {
  if (!catalog.schemas.has(name)) throw new SqlError(`schema "${name}" does not exist`);
  if (!access.may("schema", name, ["alter"])) throw new SqlError(`must be owner of schema ${name}`);
  const { connection } = session;
  if (owner !== undefined)
    return await given(connection, "schema", name, await mustExist(connection, "user", owner));
  throw unsupported(`ALTER SCHEMA RENAME TO ${to ?? ""}`);
}

/** COMMENT. */
export async function comment(
  { session, catalog, access }: StatementContext,
  { on, path, text }: Extract<Plan, { kind: "comment" }>,
): Promise<void> {
  const value = text === null ? "null" : literal(text);
  const { connection } = session;
  if (on === "schema") {
    const [name = ""] = path;
    if (!catalog.schemas.has(name)) throw new SqlError(`schema "${name}" does not exist`);
    if (!access.owns("schema", name)) throw new SqlError(`must be owner of schema ${name}`);
    await connection.run(`comment on schema ${identifier(name)} is ${value}`);
    return;
  }
  const names = on === "column" ? path.slice(0, -1) : path;
  const [first = "", second] = names;
  const named = second === undefined ? { name: first } : { schema: first, name: second };
  const relation = catalog.find(named);
  if (relation === undefined) throw noRelation(named);
  access.mustOwn(relation);
  if (on === "column") {
    const column = mustHave(relation, path.at(-1) ?? "");
    await connection.run(`comment on column ${relation.sql}.${identifier(column.name)} is ${value}`);
  } else if (relation.late === undefined)
    await connection.run(
      `comment on ${relation.kind === "view" && relation.materialized !== true ? "view" : "table"} ${relation.sql} is ${value}`,
    );
  await connection.run(
    "update rs.views set comment = $text where schema_name = $schema and view_name = $name",
    {
      text,
      schema: relation.schema,
      name: on === "column" ? "" : relation.name,
    },
  );
}
