import type { Environment, UserFunction } from "../../sql/bind/queries/environment";
import { SqlError } from "../../sql/error";
import type { DataType } from "../../sql/types";
import { Access } from "../access/check";
import { Catalog } from "../catalog/catalog";
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

/** What names may stand for, and what the session may do, as its transaction sees it. */
export async function contextOf(session: Session): Promise<StatementContext> {
  const { connection, context, settings, known, temporary } = session;
  const { database, user } = context;
  const path = settings.searchPath.map((schema) => (schema === "$user" ? user.toLowerCase() : schema));
  const catalog = await Catalog.load(connection, known, temporary, { database, path });
  const functions = known.functions ?? (await userFunctions(session));
  known.functions = functions;
  const access = await Access.of(connection, user, database, known, catalog.relations);
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
  return { session, catalog, access, environment };
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
export function mustRead({ access, environment }: StatementContext): void {
  access.mustRead(environment.readings, environment.late);
  for (const name of environment.calls) {
    access.mustUse(name.slice(0, name.indexOf(".")));
    if (!access.may("function", name, ["execute"]))
      throw new SqlError(`permission denied for function ${name.slice(name.indexOf(".") + 1)}`);
  }
}
