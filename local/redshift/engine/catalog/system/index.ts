import type { Relation } from "../../../sql/bind/queries/environment";
import { ACCESS_RELATIONS } from "./access";
import { LOAD_RELATIONS } from "./loads";
import { objectRelations } from "./objects";

/** Prefixes of Redshift's own tables and views. */
const SYSTEM = /^(?:pg_|stl_|stv_|svl_|svv_|svcs_|sys_)/;

const known = new Map<string, ReadonlyMap<string, Relation>>();

/** Redshift's own tables and views that are kept here, by schema and name, as a database of that name shows them. */
export function systemRelations(database: string): ReadonlyMap<string, Relation> {
  let relations = known.get(database);
  if (relations === undefined) {
    const all = [...objectRelations(database.replaceAll("'", "''")), ...ACCESS_RELATIONS, ...LOAD_RELATIONS];
    relations = new Map(all.map((relation) => [`${relation.schema}.${relation.name}`, relation]));
    known.set(database, relations);
  }
  return relations;
}

/** Whether a name is of a table or view of Redshift's own, kept here or not. */
export function isSystemName(schema: string | undefined, name: string): boolean {
  return (
    schema === "pg_catalog" || schema === "information_schema" || (schema === undefined && SYSTEM.test(name))
  );
}
