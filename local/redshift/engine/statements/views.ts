import { type BoundQuery, bindWhole, distinctNames } from "../../sql/bind/queries/query";
import type { ObjectName } from "../../sql/cursor";
import { SqlError } from "../../sql/error";
import type { CreateView } from "../../sql/plan";
import type { Query } from "../../sql/syntax/ast";
import { identifier } from "../../sql/tokens";
import { fullName } from "../../sql/types";
import { born } from "../access/owners";
import { type CatalogRelation, storedReadings } from "../catalog/catalog";
import { rowsOf } from "../catalog/rows";
import { assigned } from "./changes";
import { mustRead, type StatementContext } from "./context";
import { engineName, makeOf, type Place, placeFor } from "./definitions";

/** CREATE VIEW and CREATE MATERIALIZED VIEW. */
export async function createView(context: StatementContext, view: CreateView): Promise<void> {
  const { session, catalog, access } = context;
  const place = placeFor(context, view.name, false, view.replace);
  const old = place.there ? catalog.relations.get(`${place.schema}.${place.name}`) : undefined;
  if (old !== undefined) {
    if (old.kind !== "view" || old.materialized === true) throw new SqlError(`"${place.name}" is not a view`);
    access.mustOwn(old);
  }
  const bound = view.late ? undefined : bindWhole(view.query, context.environment);
  if (bound !== undefined) {
    mustRead(context);
    const temporary = [...context.environment.readings.values()].find(
      ({ relation }) => relation.temporary === true,
    );
    if (temporary !== undefined)
      throw new SqlError(`a view cannot read the temporary table "${temporary.relation.name}"`);
  }
  const columns = namedColumns(bound, view.columns);
  if (old !== undefined) refuseOtherColumns(old, columns);
  await forget(session.connection, place);
  if (view.materialized && bound !== undefined) await makeOf(context, place, { ...bound, columns });
  else if (bound !== undefined)
    await session.connection.run(
      `create or replace view ${engineName(place)} (${distinctNames(columns).map(identifier).join(", ")}) as ${bound.sql}`,
    );
  else await session.connection.run(`drop view if exists ${engineName(place)}`);
  await session.connection.run(
    `insert into rs.views (schema_name, view_name, definition, late, materialized, detail)
     values ($schema, $name, $definition, $late, $materialized, $detail)`,
    {
      schema: place.schema,
      name: place.name,
      definition: view.definition,
      late: view.late,
      materialized: view.materialized,
      detail: JSON.stringify({
        columns,
        query: view.query,
        readings: storedReadings(context.environment.readings),
        ...(view.columns === undefined ? {} : { names: view.columns }),
      }),
    },
  );
  if (old === undefined && !view.materialized)
    await born(session.connection, "table", `${place.schema}.${place.name}`, session.context.user);
}

function namedColumns(
  bound: BoundQuery | undefined,
  names: readonly string[] | undefined,
): BoundQuery["columns"] {
  if (bound === undefined) return [];
  if (names !== undefined && names.length > bound.columns.length)
    throw new SqlError("CREATE VIEW specifies more column names than columns");
  const columns = bound.columns.map(({ name, type }, i) => ({ name: names?.[i] ?? name, type }));
  const twice = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new SqlError(`column "${twice.name}" duplicated`);
  return columns;
}

/** A view is replaced by one of the same columns alone. */
function refuseOtherColumns(old: CatalogRelation, columns: BoundQuery["columns"]): void {
  if (old.late !== undefined || columns.length === 0) return;
  if (old.columns.length > columns.length) throw new SqlError("cannot drop columns from view");
  if (old.columns.length < columns.length) throw new SqlError("cannot change number of columns in view");
  for (const [i, { name, type }] of old.columns.entries()) {
    const now = columns[i];
    if (now?.name !== name) throw new SqlError(`cannot change name of view column "${name}"`);
    if (now.type.name !== type.name)
      throw new SqlError(
        `cannot change data type of view column "${name}" from ${fullName(type)} to ${fullName(now.type)}`,
      );
  }
}

async function forget(
  connection: StatementContext["session"]["connection"],
  { schema, name }: Place,
): Promise<void> {
  await connection.run("delete from rs.views where schema_name = $schema and view_name = $name", {
    schema,
    name,
  });
}

/** REFRESH MATERIALIZED VIEW: its rows are computed anew, with its owner's rights. */
export async function refresh(context: StatementContext, name: ObjectName): Promise<void> {
  const { session, catalog, access } = context;
  const view = catalog.must(name);
  if (view.materialized !== true) throw new SqlError(`"${view.name}" is not a materialized view`);
  access.mustOwn(view);
  const bound = bindWhole(await queryOf(context, view), context.environment);
  mustRead(context);
  await session.connection.run(`delete from ${view.sql}`);
  await session.connection.run(`insert into ${view.sql} ${assigned(bound, view.columns)}`);
}

/** The query of a view, as it was written. */
export async function queryOf(
  { session }: StatementContext,
  { schema, name }: CatalogRelation,
): Promise<Query> {
  const [row] = await rowsOf(
    session.connection,
    "select detail from rs.views where schema_name = $schema and view_name = $name",
    { schema, name },
  );
  return (JSON.parse(String(row?.detail)) as { readonly query: Query }).query;
}
