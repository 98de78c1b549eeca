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
    readonly relations: ReadonlyMap<string, CatalogRelation>,
    readonly schemas: ReadonlySet<string>,
    readonly searchPath: readonly string[],
    readonly database: string,
  ) {}

  /**
   * Reads what the database has under these names, in whichever schema.
   * @param known what the session has read already; what is read now is added.
   * @param path the session's search path; what is not there falls away.
   */
  static async load(
    connection: DuckDBConnection,
    names: Iterable<string>,
    known: Known,
    { database, path }: { readonly database: string; readonly path: readonly string[] },
  ): Promise<Catalog> {
    known.schemas ??= await schemasOf(connection);
    const { schemas } = known;
    const found = new Map<string, CatalogRelation>();
    const read = new Set<string>();
    let wanted = [...new Set(names)];
    while (wanted.length > 0) {
      const more = new Set<string>();
      await learn(connection, wanted, known);
      for (const relation of wanted.flatMap((name) => known.relations.get(name) ?? [])) {
        found.set(keyOf(relation), relation);
        if (relation.late !== undefined) for (const name of namesIn(relation.late.query)) more.add(name);
      }
      for (const name of wanted) read.add(name);
      wanted = [...more].filter((name) => !read.has(name));
    }
    const searchPath = path.filter((schema) => schemas.has(schema));
    return new Catalog(found, schemas, searchPath, database);
  }

  /** The relation of that name. @default undefined there is none */
  find({ schema, name }: ObjectName): CatalogRelation | undefined {
    if (schema !== undefined) return this.relations.get(`${schema}.${name}`) ?? this.#system(schema, name);
    const temporary = this.relations.get(`temp.${name}`);
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

function keyOf({ schema, name, temporary }: CatalogRelation): string {
  return temporary === true ? `temp.${name}` : `${schema}.${name}`;
}

/** What Redshift says of a name that it does not find. */
export function noRelation({ schema, name }: ObjectName): SqlError {
  return new SqlError(`relation "${schema === undefined ? "" : `${schema}.`}${name}" does not exist`);
}

/** Every name that a statement may read under: those that its FROM clauses mention, and its targets. */
export function namesIn(statement: unknown, into: Set<string> = new Set()): Set<string> {
  if (typeof statement !== "object" || statement === null) return into;
  if ("kind" in statement && statement.kind === "name" && "path" in statement) {
    const { names } = statement.path as { names: readonly string[] };
    for (const name of names) into.add(name);
  }
  if ("name" in statement && typeof statement.name === "string") into.add(statement.name);
  for (const part of Object.values(statement)) namesIn(part, into);
  return into;
}
