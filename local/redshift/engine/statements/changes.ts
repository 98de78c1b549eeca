import { assign, castTo } from "../../sql/bind/casts";
import { bind, bindCondition } from "../../sql/bind/expression";
import { bindFrom } from "../../sql/bind/queries/from";
import { bindQuery, bindWith } from "../../sql/bind/queries/query";
import { Scope } from "../../sql/bind/scope";
import { SqlError } from "../../sql/error";
import type { Delete, Insert, Update } from "../../sql/plan";
import type { Merge } from "../../sql/statements/merge";
import type { Expression } from "../../sql/syntax/ast";
import { identifier } from "../../sql/tokens";
import { denied } from "../access/check";
import type { CatalogColumn, CatalogRelation } from "../catalog/catalog";
import type { Outcome } from "../transactions/work";
import { mustRead, type StatementContext } from "./context";

/** A table that rows are written to. @throws {SqlError} for what is none */
export function target({ catalog }: StatementContext, name: Insert["table"]): CatalogRelation {
  const relation = catalog.must(name);
  if (relation.kind === "system") throw denied(relation.name);
  if (relation.kind === "view") throw new SqlError(`cannot write to view "${relation.name}"`);
  return relation;
}

function columnOf({ columns, name }: CatalogRelation, column: string): CatalogColumn {
  const found = columns.find((each) => each.name === column);
  if (found === undefined) throw new SqlError(`column "${column}" of relation "${name}" does not exist`);
  return found;
}

/** The columns that are written, each once. @throws {SqlError} */
export function writtenColumns(
  relation: CatalogRelation,
  names: readonly string[] | undefined,
): CatalogColumn[] {
  const all = relation.columns.filter(({ identity }) => identity === undefined || identity.byDefault);
  if (names === undefined) return all.length === relation.columns.length ? [...relation.columns] : all;
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new SqlError(`column "${twice}" specified more than once`);
  return names.map((name) => columnOf(relation, name));
}

/** A value for a column. */
function valueFor(column: CatalogColumn, value: Expression, scope: Scope): string {
  if (value.kind === "default")
    return column.identity === undefined ? (column.defaultSql ?? "null") : "default";
  if (column.identity !== undefined && !column.identity.byDefault)
    throw new SqlError("cannot set an identity column to a value");
  const bound = bind(value, scope);
  return bound.type.name === "unknown" && bound.sql === "null"
    ? castTo(bound, column.type).sql
    : assign(bound, column.type);
}

/** INSERT. */
export async function insert(context: StatementContext, statement: Insert): Promise<Outcome> {
  const relation = target(context, statement.table);
  context.access.mustMay(relation, ["insert"]);
  const frame = new Scope(context.environment);
  const head = bindWith(statement, frame);
  const into = `insert into ${relation.sql}`;
  const { source } = statement;
  let sql: string;
  if (source === "defaults") sql = `${into} default values`;
  else if ("rows" in source) {
    const columns = writtenColumns(relation, statement.columns);
    const used = columns.slice(0, source.rows[0]?.length ?? 0);
    const rows = source.rows.map((row) => {
      if (row.length > columns.length) throw new SqlError("INSERT has more expressions than target columns");
      if (row.length !== used.length || (statement.columns !== undefined && row.length < columns.length))
        throw new SqlError("INSERT has more target columns than expressions");
      return `(${row.map((value, i) => valueFor(used[i] as CatalogColumn, value, frame)).join(", ")})`;
    });
    sql = `${into} (${used.map(({ name }) => identifier(name)).join(", ")}) values ${rows.join(", ")}`;
  } else {
    const query = bindQuery(source, frame);
    const columns = writtenColumns(relation, statement.columns);
    if (query.columns.length > columns.length)
      throw new SqlError("INSERT has more expressions than target columns");
    if (statement.columns !== undefined && query.columns.length < columns.length)
      throw new SqlError("INSERT has more target columns than expressions");
    const used = columns.slice(0, query.columns.length);
    sql = `${into} (${used.map(({ name }) => identifier(name)).join(", ")}) ${assigned(query, used)}`;
  }
  mustRead(context);
  return { rows: (await context.session.connection.run(`${head} ${sql}`.trimStart())).rowsChanged };
}

/** A query whose columns are what the table's columns hold. */
export function assigned(
  { sql, columns }: ReturnType<typeof bindQuery>,
  to: readonly Pick<CatalogColumn, "type" | "identity">[],
): string {
  const names = columns.map((_, i) => `c${i}`);
  const items = columns.map(({ type }, i) => {
    const column = to[i];
    if (column?.identity !== undefined && !column.identity.byDefault)
      throw new SqlError("cannot set an identity column to a value");
    return column === undefined ? `c${i}` : assign({ sql: `c${i}`, type }, column.type);
  });
  if (items.every((item, i) => item === names[i])) return sql;
  return `select ${items.join(", ")} from (${sql}) as source(${names.join(", ")})`;
}

function targetScope(frame: Scope, relation: CatalogRelation, alias: string | undefined): Scope {
  const scope = new Scope(frame.environment, frame);
  scope.add({ alias: alias ?? relation.name, columns: relation.columns, relation });
  return scope;
}

function settings(relation: CatalogRelation, set: Update["set"], scope: Scope): string {
  const twice = set.find(({ column }, i) => set.findIndex((other) => other.column === column) !== i);
  if (twice !== undefined) throw new SqlError(`multiple assignments to same column "${twice.column}"`);
  return set
    .map(
      ({ column, value }) => `${identifier(column)} = ${valueFor(columnOf(relation, column), value, scope)}`,
    )
    .join(", ");
}

/** UPDATE. */
export async function update(context: StatementContext, statement: Update): Promise<Outcome> {
  const relation = target(context, statement.table);
  context.access.mustUpdate(
    relation,
    statement.set.map(({ column }) => column),
  );
  const frame = new Scope(context.environment);
  const head = bindWith(statement, frame);
  const scope = targetScope(frame, relation, statement.alias);
  const from = bindFrom(statement.from, scope);
  const set = settings(relation, statement.set, scope);
  const where = statement.where === undefined ? "" : ` where ${bindCondition(statement.where, scope)}`;
  mustRead(context);
  const sql = `${head} update ${relation.sql} as ${identifier(statement.alias ?? relation.name)} set ${set}${from === "" ? "" : ` from ${from}`}${where}`;
  return { rows: (await context.session.connection.run(sql.trimStart())).rowsChanged };
}

/** DELETE. */
export async function remove(context: StatementContext, statement: Delete): Promise<Outcome> {
  const relation = target(context, statement.table);
  context.access.mustMay(relation, ["delete"]);
  const frame = new Scope(context.environment);
  const head = bindWith(statement, frame);
  const scope = targetScope(frame, relation, statement.alias);
  const using = bindFrom(statement.using, scope);
  const where = statement.where === undefined ? "" : ` where ${bindCondition(statement.where, scope)}`;
  mustRead(context);
  const sql = `${head} delete from ${relation.sql} as ${identifier(statement.alias ?? relation.name)}${using === "" ? "" : ` using ${using}`}${where}`;
  return { rows: (await context.session.connection.run(sql.trimStart())).rowsChanged };
}

/**
 * MERGE: each row of the target matches one of the source at most.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
 */
export async function merge(context: StatementContext, statement: Merge): Promise<Outcome> {
  const relation = target(context, statement.table);
  const { access, session } = context;
  const { clauses } = statement;
  access.mustMay(relation, ["insert"]);
  if (clauses?.matched.verb === "update")
    access.mustUpdate(
      relation,
      clauses.matched.set.map(({ column }) => column),
    );
  else access.mustMay(relation, ["delete"]);
  const scope = targetScope(new Scope(context.environment), relation, statement.alias);
  const alias = identifier(statement.alias ?? relation.name);
  const from = bindFrom([statement.source], scope);
  const on = bindCondition(statement.on, scope);
  const into = `merge into ${relation.sql} as ${alias} using ${from} on ${on}`;
  const source = scope.sources[1];
  let sql: string;
  // rows of the target that the source has are taken out, however many they are, before its rows are put in
  let replaced: string | undefined;
  if (clauses === undefined) {
    const names = source?.columns.map(({ name }) => name) ?? [];
    if (names.length !== relation.columns.length)
      throw new SqlError("REMOVE DUPLICATES needs a source with the columns of the target");
    const values = relation.columns.map((column, i) => {
      const found = source === undefined ? undefined : scope.of(source, names[i] ?? "");
      return found === undefined ? "null" : assign(found.bound, column.type);
    });
    const columns = relation.columns.map(({ name }) => identifier(name));
    replaced = `delete from ${relation.sql} as ${alias} using ${from} where ${on}`;
    sql = `insert into ${relation.sql} (${columns.join(", ")}) select ${values.join(", ")} from ${from}`;
  } else {
    const columns = writtenColumns(relation, clauses.columns);
    if (columns.length !== clauses.values.length)
      throw new SqlError("INSERT has not as many expressions as target columns");
    const values = clauses.values.map((value, i) => valueFor(columns[i] as CatalogColumn, value, scope));
    const matched =
      clauses.matched.verb === "delete"
        ? "delete"
        : `update set ${settings(relation, clauses.matched.set, scope)}`;
    sql = `${into} when matched then ${matched} when not matched then insert (${columns.map(({ name }) => identifier(name)).join(", ")}) values (${values.join(", ")})`;
  }
  mustRead(context);
  const twice = await session.connection.runAndReadAll(
    `select 1 from ${relation.sql} as ${alias} join ${from} on ${on} group by ${alias}.rowid having count(*) > 1 limit 1`,
  );
  if (twice.getRowsJson().length > 0) throw new SqlError("Found multiple matches to update the same tuple.");
  if (replaced !== undefined) await session.connection.run(replaced);
  return { rows: (await session.connection.run(sql)).rowsChanged };
}
