import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column, Reading, Relation } from "../../sql/bind/queries/environment";
import type { ObjectName } from "../../sql/cursor";
import { SqlError, unsupported } from "../../sql/error";
import type { Known } from "./known";
import { learn, schemasOf } from "./stored";
import { isSystemName, systemRelations } from "./system/index";

/** A column as it stands in the database. */
export interface CatalogColumn extends Column {
  /** An expression in the engine's SQL. @default null */
  readonly defaultSql?: string;
  readonly comment?: string;
  /** Numbers are given to its rows; a statement may give them itself where `byDefault`. */
  readonly identity?: { readonly byDefault: boolean; readonly sequence: string };
}

/** A table or view as it stands in the database. */
export interface CatalogRelation extends Relation {
  readonly columns: readonly CatalogColumn[];
  readonly materialized?: true;
  /** What a view reads, as its owner. */
  readonly viewReadings?: readonly StoredReading[];
}

/** What a view reads, as it is kept. */
export interface StoredReading {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** Readings as they are kept. */
export function storedReadings(readings: ReadonlyMap<string, Reading>): StoredReading[] {
  return [...readings.values()]
    .filter(({ relation }) => relation.kind !== "system")
    .map(({ relation, columns }) => ({
      schema: relation.schema,
      name: relation.name,
      columns: [...columns],
    }));
}

/** Tables and views of the database, as one transaction sees them. */
export class Catalog {
  private constructor(
    /** By schema and name. */
    readonly relations: ReadonlyMap<string, CatalogRelation>,
    /** The session's own tables, by name. */
    readonly temporary: ReadonlyMap<string, CatalogRelation>,
    readonly schemas: ReadonlySet<string>,
    readonly searchPath: readonly string[],
    readonly database: string,
  ) {}

  /**
   * Reads what the database has.
   * @param known what is known already; what is read now is added.
   * @param path the session's search path; what is not there falls away.
   */
  static async load(
    connection: DuckDBConnection,
    known: Known,
    temporary: ReadonlyMap<string, CatalogRelation>,
    { database, path }: { readonly database: string; readonly path: readonly string[] },
  ): Promise<Catalog> {
    const schemas = known.schemas ?? (await schemasOf(connection));
    known.schemas = schemas;
    const relations = await learn(connection, known);
    const searchPath = path.filter((schema) => schemas.has(schema));
    return new Catalog(relations, temporary, schemas, searchPath, database);
  }

  /** The relation of that name. @default undefined there is none */
  find({ schema, name }: ObjectName): CatalogRelation | undefined {
    if (schema !== undefined) return this.relations.get(`${schema}.${name}`) ?? this.#system(schema, name);
    const temporary = this.temporary.get(name);
    if (temporary !== undefined) return temporary;
    for (const each of this.searchPath) {
      const found = this.relations.get(`${each}.${name}`);
      if (found !== undefined) return found;
    }
    return this.#system(undefined, name);
  }

  /** @throws {SqlError} for a table or view of Redshift's own that is not kept here. */
  #system(schema: string | undefined, name: string): CatalogRelation | undefined {
    const found = systemRelations(this.database).get(`${schema ?? "pg_catalog"}.${name}`);
    if (found === undefined && isSystemName(schema, name)) throw unsupported(`relation ${name}`);
    return found;
  }

  /** The relation of that name. @throws {SqlError} when there is none */
  must(name: ObjectName): CatalogRelation {
    const found = this.find(name);
    if (found === undefined) throw noRelation(name);
    return found;
  }

  /** The schema that a new object of that name belongs to. @throws {SqlError} when there is none */
  schemaFor({ schema }: ObjectName): string {
    const name = schema ?? this.searchPath[0] ?? "public";
    if (["rs", "main", "pg_catalog", "information_schema", "pg_internal", "temp"].includes(name))
      throw new SqlError(`permission denied for schema ${name}`);
    if (!this.schemas.has(name)) throw new SqlError(`schema "${name}" does not exist`);
    return name;
  }
}

/** What Redshift says of a name that it does not find. */
export function noRelation({ schema, name }: ObjectName): SqlError {
  return new SqlError(`relation "${schema === undefined ? "" : `${schema}.`}${name}" does not exist`);
}
