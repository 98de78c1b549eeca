import type { DuckDBConnection } from "@duckdb/node-api";
import type { Reading } from "../../sql/bind/queries/environment";
import { SqlError } from "../../sql/error";
import type { CatalogRelation, StoredReading } from "../catalog/catalog";
import type { Known } from "../catalog/known";
import { rowsOf } from "../catalog/rows";
import { type Identity, identityOf, quoted } from "./identity";

/** Kinds of objects that have owners and privileges. */
export type ObjectKind = "table" | "schema" | "function" | "database";

/** What one session may do. Every question is asked of the grants that its transaction sees. */
export class Access {
  private constructor(
    readonly connection: DuckDBConnection,
    readonly identity: Identity,
    readonly database: string,
  ) {}

  static async of(
    connection: DuckDBConnection,
    user: string,
    database: string,
    known: Known,
  ): Promise<Access> {
    known.identity ??= await identityOf(connection, user);
    return new Access(connection, known.identity, database);
  }

  get superuser(): boolean {
    return this.identity.superuser;
  }

  /** @throws {SqlError} unless the user is a superuser. */
  mustBeSuperuser(to: string): void {
    if (!this.superuser) throw new SqlError(`permission denied to ${to}`);
  }

  /** Whether the user owns the object; an object without an owner is the superusers'. */
  async owns(kind: ObjectKind, name: string): Promise<boolean> {
    if (this.superuser) return true;
    const rows = await rowsOf(
      this.connection,
      `select 1 from rs.owners where object_kind = $kind and object_name = $name and lower(owner) = lower($user)`,
      { kind, name, user: this.identity.user },
    );
    return rows.length > 0;
  }

  /** Whether the user has one of the privileges on the object, or owns it. */
  async may(kind: ObjectKind, name: string, privileges: readonly string[]): Promise<boolean> {
    if (this.superuser || (await this.owns(kind, name))) return true;
    if (
      kind === "schema" &&
      name === "public" &&
      privileges.some((each) => each === "usage" || each === "create")
    )
      if (!(await this.#revokedFromPublic(name))) return true;
    if (kind === "database" && privileges.includes("temp")) return true;
    const rows = await rowsOf(
      this.connection,
      `select 1 from rs.privileges where object_kind = ${quoted(kind)} and object_name = ${quoted(name)} and column_name = ''
         and privilege in (${privileges.map(quoted).join(", ")}) and ${this.identity.granted} limit 1`,
    );
    return rows.length > 0;
  }

  /** PUBLIC may use the schema `public` and create in it until that is revoked. */
  async #revokedFromPublic(name: string): Promise<boolean> {
    const rows = await rowsOf(
      this.connection,
      "select 1 from rs.privileges where object_kind = 'schema' and object_name = $name and privilege = 'no public'",
      { name },
    );
    return rows.length > 0;
  }

  /** @throws {SqlError} unless the user has one of the privileges on the table or view. */
  async mustMay(
    relation: Pick<CatalogRelation, "schema" | "name" | "temporary" | "kind">,
    privileges: readonly string[],
  ): Promise<void> {
    if (this.superuser || relation.temporary === true) return;
    if (relation.kind === "system") throw denied(relation.name);
    await this.mustUse(relation.schema);
    if (!(await this.may("table", `${relation.schema}.${relation.name}`, privileges)))
      throw denied(relation.name);
  }

  /** @throws {SqlError} unless the user owns the table or view, or has the privilege to do so. */
  async mustOwn(
    relation: Pick<CatalogRelation, "schema" | "name" | "temporary" | "kind">,
    privilege?: string,
  ): Promise<void> {
    if (this.superuser || relation.temporary === true) return;
    await this.mustUse(relation.schema);
    const name = `${relation.schema}.${relation.name}`;
    const allowed =
      privilege === undefined ? await this.owns("table", name) : await this.may("table", name, [privilege]);
    if (!allowed) throw new SqlError(`must be owner of relation ${relation.name}`);
  }

  /** @throws {SqlError} unless the user may use what is in the schema. */
  async mustUse(schema: string): Promise<void> {
    if (!(await this.may("schema", schema, ["usage"])))
      throw new SqlError(`permission denied for schema ${schema}`);
  }

  /** @throws {SqlError} unless the user may create in the schema. */
  async mustCreate(schema: string): Promise<void> {
    if (!(await this.may("schema", schema, ["create"])))
      throw new SqlError(`permission denied for schema ${schema}`);
  }

  /**
   * What a statement reads, and what the views among it read as their owners.
   * @throws {SqlError} for what the user may not read.
   */
  async mustRead(
    readings: ReadonlyMap<string, Reading>,
    late: ReadonlyMap<string, ReadonlyMap<string, Reading>>,
  ): Promise<void> {
    for (const { relation, columns } of readings.values()) {
      if (relation.kind === "system") continue;
      await this.#mustSelect(relation.schema, relation.name, columns, relation.temporary === true);
      if (relation.kind !== "view") continue;
      const inside = late.get(`${relation.schema}.${relation.name}`);
      if (inside !== undefined) await (await this.#ownerOf(relation)).mustRead(inside, late);
      else await this.#mustReadStored(relation as CatalogRelation, new Set());
    }
  }

  async #mustReadStored(view: CatalogRelation, seen: Set<string>): Promise<void> {
    const key = `${view.schema}.${view.name}`;
    if (view.materialized === true || seen.has(key)) return;
    seen.add(key);
    const owner = await this.#ownerOf(view);
    for (const reading of view.viewReadings ?? []) {
      await owner.#mustSelect(reading.schema, reading.name, new Set(reading.columns), false);
      const [inner] = await rowsOf(
        this.connection,
        "select detail, materialized from rs.views where schema_name = $schema and view_name = $name",
        { schema: reading.schema, name: reading.name },
      );
      if (inner === undefined || inner.materialized === true) continue;
      const { readings } = JSON.parse(String(inner.detail)) as {
        readonly readings: readonly StoredReading[];
      };
      const within = { ...view, schema: reading.schema, name: reading.name, viewReadings: readings };
      await owner.#mustReadStored(within, seen);
    }
  }

  /** The rights of the one who owns a view. */
  async #ownerOf({ schema, name }: Pick<CatalogRelation, "schema" | "name">): Promise<Access> {
    const [row] = await rowsOf(
      this.connection,
      "select owner from rs.owners where object_kind = 'table' and object_name = $name",
      { name: `${schema}.${name}` },
    );
    const identity: Identity =
      row === undefined
        ? { user: "rdsdb", superuser: true, granted: "true" }
        : await identityOf(this.connection, String(row.owner));
    return new Access(this.connection, identity, this.database);
  }

  /** SELECT on the whole, or on each column that is read; on some column where only rows are counted. */
  async #mustSelect(
    schema: string,
    name: string,
    columns: ReadonlySet<string>,
    temporary: boolean,
  ): Promise<void> {
    if (this.superuser || temporary) return;
    await this.mustUse(schema);
    const object = `${schema}.${name}`;
    if (await this.may("table", object, ["select"])) return;
    const rows = await rowsOf(
      this.connection,
      `select distinct column_name from rs.privileges where object_kind = 'table' and object_name = ${quoted(object)}
         and column_name <> '' and privilege = 'select' and ${this.identity.granted}`,
    );
    const granted = new Set(rows.map((row) => String(row.column_name)));
    if (granted.size === 0 || [...columns].some((column) => !granted.has(column))) throw denied(name);
  }

  /** UPDATE on the whole, or on each column that is set. @throws {SqlError} */
  async mustUpdate(relation: CatalogRelation, columns: readonly string[]): Promise<void> {
    if (this.superuser || relation.temporary === true) return;
    if (relation.kind === "system") throw denied(relation.name);
    await this.mustUse(relation.schema);
    const object = `${relation.schema}.${relation.name}`;
    if (await this.may("table", object, ["update"])) return;
    const rows = await rowsOf(
      this.connection,
      `select distinct column_name from rs.privileges where object_kind = 'table' and object_name = ${quoted(object)}
         and column_name <> '' and privilege = 'update' and ${this.identity.granted}`,
    );
    const granted = new Set(rows.map((row) => String(row.column_name)));
    if (columns.some((column) => !granted.has(column))) throw denied(relation.name);
  }

  /** Whether the user may grant the privilege on: its owner may, and who has it with the grant option. */
  async mayGrant(kind: ObjectKind, name: string, privilege: string): Promise<boolean> {
    if (await this.owns(kind, name)) return true;
    const rows = await rowsOf(
      this.connection,
      `select 1 from rs.privileges where object_kind = ${quoted(kind)} and object_name = ${quoted(name)}
         and privilege = ${quoted(privilege)} and with_option and ${this.identity.granted} limit 1`,
    );
    return rows.length > 0;
  }
}

/** What Redshift says to who may not. */
export function denied(relation: string): SqlError {
  return new SqlError(`permission denied for relation ${relation}`);
}
