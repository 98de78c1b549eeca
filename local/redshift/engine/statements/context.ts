import type { Environment, UserFunction } from "../../sql/bind/queries/environment";
import { SqlError } from "../../sql/error";
import type { Plan } from "../../sql/plan";
import type { DataType } from "../../sql/types";
import { Access } from "../access/check";
import { Catalog, namesIn } from "../catalog/catalog";
import { rowsOf } from "../catalog/rows";
import type { Session } from "../transactions/session";

/** What one statement is resolved against, and executed with. */
export interface StatementContext {
  readonly session: Session;
  readonly catalog: Catalog;
  readonly access: Access;
  readonly environment: Environment;
}

/** A function as it is kept. */
export interface StoredFunction {
  readonly parameters: readonly DataType[];
  readonly returns: DataType;
  readonly sql: string;
}

/** Reads what the statement's names may stand for, as the session's transaction sees it. */
export async function contextOf(session: Session, plan: Plan): Promise<StatementContext> {
  const { connection, context, settings, known } = session;
  const { database, user } = context;
  const path = settings.searchPath.map((schema) => (schema === "$user" ? user.toLowerCase() : schema));
  const names = namesIn(plan, new Set(plan.kind === "comment" ? plan.path : []));
  const catalog = await Catalog.load(connection, names, known, { database, path });
  known.functions ??= await userFunctions(session);
  const { functions } = known;
  const environment: Environment = {
    database,
    user,
    searchPath: catalog.searchPath,
    find: (name) => catalog.find(name),
    userFunction: (schema, name, count) =>
      functions.find(
        (each) =>
          each.name === name &&
          each.parameters.length === count &&
          (schema === undefined ? catalog.searchPath.includes(each.schema) : schema === each.schema),
      ),
    readings: new Map(),
    late: new Map(),
    calls: new Set(),
  };
  return { session, catalog, access: await Access.of(connection, user, database, known), environment };
}

async function userFunctions({ connection }: Session): Promise<UserFunction[]> {
  const rows = await rowsOf(connection, "select schema_name, function_name, detail from rs.functions");
  return rows.map((row) => ({
    schema: String(row.schema_name),
    name: String(row.function_name),
    ...(JSON.parse(String(row.detail)) as StoredFunction),
  }));
}

/** @throws {SqlError} for what the statement reads or calls and its user may not. */
export async function mustRead({ access, environment }: StatementContext): Promise<void> {
  await access.mustRead(environment.readings, environment.late);
  for (const name of environment.calls) {
    await access.mustUse(name.slice(0, name.indexOf(".")));
    if (!(await access.may("function", name, ["execute"])))
      throw new SqlError(`permission denied for function ${name.slice(name.indexOf(".") + 1)}`);
  }
}
