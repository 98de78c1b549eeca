import { assign } from "../../sql/bind/casts";
import { bind } from "../../sql/bind/expression";
import { type BoundQuery, bindWhole } from "../../sql/bind/queries/query";
import { Scope } from "../../sql/bind/scope";
import type { ObjectName } from "../../sql/cursor";
import { SqlError, unsupported } from "../../sql/error";
import type { CreateFunction, CreateTableAs, Plan } from "../../sql/plan";
import type { ColumnDefinition, TableDefinition } from "../../sql/statements/tables";
import { identifier } from "../../sql/tokens";
import { type DataType, engineType } from "../../sql/types";
import { born } from "../access/owners";
import { mustExist } from "../access/principals";
import { rowsOf } from "../catalog/rows";
import { temporaryTable } from "../catalog/stored";
import { type NewColumn, spellTable, tableName } from "../catalog/tables";
import { assigned } from "./changes";
import { mustRead, type StatementContext } from "./context";

/** What a new table or view is called, its schema resolved. */
export interface Place {
  readonly schema: string;
  readonly name: string;
  readonly temporary: boolean;
  /** Whether there is one of that name already, and that is no error. */
  readonly there: boolean;
}

/** Where a new relation goes. @throws {SqlError} when it may not be made there, or is there already */
export function placeFor(
  { catalog, access }: StatementContext,
  name: ObjectName,
  temporary: boolean,
  ifNotExists: boolean,
): Place {
  if (temporary) {
    if (name.schema !== undefined) throw new SqlError("a temporary table has no schema");
    const there = catalog.temporary.has(name.name);
    if (there && !ifNotExists) throw new SqlError(`Relation "${name.name}" already exists`);
    if (!access.may("database", access.database, ["temp"]))
      throw new SqlError(`permission denied to create temporary tables in database "${access.database}"`);
    return { schema: "pg_temp", name: name.name, temporary, there };
  }
  const schema = catalog.schemaFor(name);
  access.mustCreate(schema);
  const there = catalog.relations.has(`${schema}.${name.name}`);
  if (there && !ifNotExists) throw new SqlError(`Relation "${name.name}" already exists`);
  return { schema, name: name.name, temporary, there };
}

/** The engine's name of a new relation. */
export function engineName({ schema, name, temporary }: Place): string {
  return tableName(schema, name, temporary);
}

/** Makes a table of columns, which is its maker's. */
export async function makeTable(
  context: StatementContext,
  place: Place,
  columns: readonly NewColumn[],
): Promise<void> {
  const { connection, context: client } = context.session;
  await connection.run(spellTable(engineName(place), columns, place.temporary));
  if (place.temporary) context.session.hasTemporary(temporaryTable(place.name, columns));
  else await born(connection, "table", `${place.schema}.${place.name}`, client.user);
}

/** CREATE TABLE with declared columns. */
export async function createTable(context: StatementContext, table: TableDefinition): Promise<void> {
  const place = placeFor(context, table.name, table.temporary, table.ifNotExists);
  if (place.there) return;
  const columns: NewColumn[] = [];
  for (const column of table.columns) columns.push(await newColumn(context, place, column));
  await makeTable(context, place, columns);
}

async function newColumn(
  context: StatementContext,
  place: Place,
  column: ColumnDefinition,
): Promise<NewColumn> {
  const { name, type, notNull, identity } = column;
  if (identity === undefined) {
    const defaultSql = defaultOf(context, column);
    return { name, type, notNull, ...(defaultSql === undefined ? {} : { defaultSql }) };
  }
  if (type.name !== "int4" && type.name !== "int8")
    throw new SqlError(`IDENTITY column "${name}" must be INT or BIGINT`);
  const sequence = `rs.${identifier(`${place.schema}.${place.name}.${name}${identity.byDefault ? "?" : ""}`)}`;
  const { connection } = context.session;
  const bounds =
    identity.step > 0
      ? "minvalue -9223372036854775807"
      : "maxvalue 9223372036854775806 minvalue -9223372036854775807";
  await connection.run(
    `create or replace ${place.temporary ? "temp " : ""}sequence ${place.temporary ? sequence.replace(/^rs\./, "temp.main.") : sequence} increment by ${identity.step} ${bounds} start with ${identity.seed}`,
  );
  const reference = place.temporary ? sequence.replace(/^rs\./, "temp.main.") : sequence;
  return { name, type, notNull, defaultSql: `nextval('${reference.replaceAll("'", "''")}')` };
}

/** A column's default in the engine's SQL. */
export function defaultOf(
  { environment }: StatementContext,
  { type, defaultValue }: ColumnDefinition,
): string | undefined {
  if (defaultValue === undefined || defaultValue.kind === "null") return undefined;
  return assign(bind(defaultValue, new Scope(environment)), type);
}

/** CREATE TABLE (LIKE other): its columns, with their defaults where that is asked for. */
export async function createTableLike(
  context: StatementContext,
  { name, temporary, ifNotExists, like, defaults }: Extract<Plan, { kind: "create table like" }>,
): Promise<void> {
  const relation = context.catalog.must(like);
  context.access.mustMay(relation, ["select"]);
  const place = placeFor(context, name, temporary, ifNotExists);
  if (place.there) return;
  await makeTable(
    context,
    place,
    relation.columns.map((column) => ({
      name: column.name,
      type: column.type,
      notNull: column.notNull === true,
      ...(defaults && column.defaultSql !== undefined && column.identity === undefined
        ? { defaultSql: column.defaultSql }
        : {}),
    })),
  );
}

/** CREATE TABLE AS and SELECT INTO: columns are as wide as what they are taken from. */
export async function createTableAs(context: StatementContext, statement: CreateTableAs): Promise<number> {
  const place = placeFor(
    context,
    statement.name,
    statement.temporary || statement.name.name.startsWith("#"),
    false,
  );
  const bound = bindWhole(statement.query, context.environment);
  mustRead(context);
  return await makeOf(context, place, bound, statement.columns);
}

/** Makes a table of a query's rows. @returns how many there are */
export async function makeOf(
  context: StatementContext,
  place: Place,
  bound: BoundQuery,
  names?: readonly string[],
): Promise<number> {
  if (names !== undefined && names.length > bound.columns.length)
    throw new SqlError("CREATE TABLE AS specifies too many column names");
  const columns = bound.columns.map(({ name, type }, i) => ({
    name: names?.[i] ?? name,
    type: storable(type),
    notNull: false,
  }));
  const unnamed = columns.find(({ name }) => name === "?column?");
  if (unnamed !== undefined && columns.filter(({ name }) => name === "?column?").length > 1)
    throw new SqlError('column "?column?" duplicated');
  const twice = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new SqlError(`column "${twice.name}" duplicated`);
  await makeTable(context, place, columns);
  const made = await context.session.connection.run(
    `insert into ${engineName(place)} ${assigned(bound, columns)}`,
  );
  return made.rowsChanged;
}

function storable(type: DataType): DataType {
  if (type.name === "interval") throw unsupported("a column of type interval");
  return type;
}

/** CREATE SCHEMA. */
export async function createSchema(
  { session, catalog, access }: StatementContext,
  { name, ifNotExists, owner }: Extract<Plan, { kind: "create schema" }>,
): Promise<void> {
  if (!access.may("database", access.database, ["create"]))
    throw new SqlError(`permission denied for database ${access.database}`);
  if (/^pg_/.test(name) || ["rs", "main", "information_schema", "temp"].includes(name))
    throw new SqlError(`unacceptable schema name "${name}"`);
  const { connection, context } = session;
  if (catalog.schemas.has(name)) {
    if (ifNotExists) return;
    throw new SqlError(`schema "${name}" already exists`);
  }
  const holder = owner === undefined ? context.user : await mustExist(connection, "user", owner);
  await connection.run(`create schema ${identifier(name)}`);
  await born(connection, "schema", name, holder);
}

/** CREATE FUNCTION: a macro of the engine's, whose arguments and result are cast to its types. */
export async function createFunction(context: StatementContext, statement: CreateFunction): Promise<void> {
  const { session, catalog, access, environment } = context;
  const schema = catalog.schemaFor(statement.name);
  access.mustCreate(schema);
  const { name } = statement.name;
  const count = statement.parameters.length;
  const scope = new Scope(environment);
  scope.items = statement.parameters.map((type, i) => ({
    alias: `$${i + 1}`,
    bound: { sql: `p${i + 1}`, type },
  }));
  const body = bind(statement.body, scope);
  const { connection, context: client } = session;
  const same =
    "schema_name = $schema and function_name = $name and json_array_length(detail, '$.parameters') = $count";
  const there = await rowsOf(connection, `select 1 from rs.functions where ${same}`, { schema, name, count });
  if (there.length > 0 && !statement.replace)
    throw new SqlError(`function "${name}" already exists with same argument types`);
  const sql = `${identifier(schema)}.${identifier(`${name}__${count}`)}`;
  await connection.run(
    `create or replace macro ${sql}(${statement.parameters.map((_, i) => `p${i + 1}`).join(", ")}) as cast(${body.sql} as ${engineType(statement.returns)})`,
  );
  await connection.run(`delete from rs.functions where ${same}`, { schema, name, count });
  const detail = JSON.stringify({ parameters: statement.parameters, returns: statement.returns, sql });
  await connection.run("insert into rs.functions values ($schema, $name, $detail)", { schema, name, detail });
  await born(connection, "function", `${schema}.${name}`, client.user);
  await connection.run(
    "insert into rs.privileges (privilege, object_kind, object_name, grantee_kind, grantee) values ('execute', 'function', $object, 'public', 'public')",
    { object: `${schema}.${name}` },
  );
}
