import type { DuckDBConnection } from "@duckdb/node-api";
import type { Reading } from "../../sql/bind/queries/environment";
import { SqlError } from "../../sql/error";
import type { CatalogRelation } from "../catalog/catalog";
import type { Known } from "../catalog/known";
import { Grants, type HeldPrivilege, type ObjectKind } from "./granted";
import { type Identity, identityOf, superuser, type Users, usersOf } from "./identity";

/** A table or view that something is asked of. */
type Object = Pick<CatalogRelation, "schema" | "name" | "temporary" | "kind">;

/** What one session may do, by the grants that its transaction sees. */
export class Access {
  private constructor(
    readonly connection: DuckDBConnection,
    readonly identity: Identity,
    readonly database: string,
    readonly grants: Grants,
    readonly users: Users,
    readonly relations: ReadonlyMap<string, CatalogRelation>,
  ) {}

  /** @param relations the database's, by schema and name. */
  static async of(
    connection: DuckDBConnection,
    user: string,
    database: string,
    known: Known,
    relations: ReadonlyMap<string, CatalogRelation>,
  ): Promise<Access> {
    const users = known.users ?? (await usersOf(connection));
    known.users = users;
    const grants = known.grants ?? (await Grants.read(connection));
    known.grants = grants;
    return new Access(connection, identityOf(user, users, grants), database, grants, users, relations);
  }

  get superuser(): boolean {
    return this.identity.superuser;
  }

  /** @throws {SqlError} unless the user is a superuser. */
  mustBeSuperuser(to: string): void {
    if (!this.superuser) throw new SqlError(`permission denied to ${to}`);
  }

  /** Whether the user owns the object; an object without an owner is the superusers'. */
  owns(kind: ObjectKind, name: string): boolean {
    return (
      this.superuser || this.grants.ownerOf(kind, name)?.toLowerCase() === this.identity.user.toLowerCase()
    );
  }

  /** Whether the user has one of the privileges on the object, or owns it. */
  may(kind: ObjectKind, name: string, privileges: readonly string[]): boolean {
    if (this.owns(kind, name)) return true;
    const held = this.grants.on(kind, name);
    // PUBLIC may use the schema `public` and create in it until that is revoked
    const open = (wanted: string): boolean =>
      (wanted === "usage" || wanted === "create") &&
      !held.some(({ privilege }) => privilege === `no ${wanted}`);
    if (kind === "schema" && name === "public" && privileges.some(open)) return true;
    if (kind === "database" && privileges.includes("temp")) return true;
    return held.some(
      (each) => each.column === "" && privileges.includes(each.privilege) && this.identity.has(each),
    );
  }

  /** @throws {SqlError} unless the user has one of the privileges on the table or view. */
  mustMay(relation: Object, privileges: readonly string[]): void {
    if (this.superuser || relation.temporary === true) return;
    if (relation.kind === "system") throw denied(relation.name);
    this.mustUse(relation.schema);
    if (!this.may("table", `${relation.schema}.${relation.name}`, privileges)) throw denied(relation.name);
  }

  /** @throws {SqlError} unless the user owns the table or view, or has the privilege to do so. */
  mustOwn(relation: Object, privilege?: string): void {
    if (this.superuser || relation.temporary === true) return;
    this.mustUse(relation.schema);
    const name = `${relation.schema}.${relation.name}`;
    const allowed = privilege === undefined ? this.owns("table", name) : this.may("table", name, [privilege]);
    if (!allowed) throw new SqlError(`must be owner of relation ${relation.name}`);
  }

  /** @throws {SqlError} unless the user may use what is in the schema. */
  mustUse(schema: string): void {
    if (!this.may("schema", schema, ["usage"])) throw new SqlError(`permission denied for schema ${schema}`);
  }

  /** @throws {SqlError} unless the user may create in the schema. */
  mustCreate(schema: string): void {
    if (!this.may("schema", schema, ["create"])) throw new SqlError(`permission denied for schema ${schema}`);
  }

  /**
   * What a statement reads, and what the views among it read as their owners.
   * @throws {SqlError} for what the user may not read.
   */
  mustRead(
    readings: ReadonlyMap<string, Reading>,
    late: ReadonlyMap<string, ReadonlyMap<string, Reading>>,
  ): void {
    for (const { relation, columns } of readings.values()) {
      if (relation.kind === "system") continue;
      this.#mustSelect(relation.schema, relation.name, columns, relation.temporary === true);
      if (relation.kind !== "view") continue;
      const inside = late.get(`${relation.schema}.${relation.name}`);
      if (inside !== undefined) this.#ownerOf(relation).mustRead(inside, late);
      else this.#mustReadStored(relation as CatalogRelation, new Set());
    }
  }

  /** What a view reads that was resolved when it was made. */
  #mustReadStored(view: CatalogRelation, seen: Set<string>): void {
    const key = `${view.schema}.${view.name}`;
    if (view.materialized === true || seen.has(key)) return;
    seen.add(key);
    const owner = this.#ownerOf(view);
    for (const { schema, name, columns } of view.viewReadings ?? []) {
      owner.#mustSelect(schema, name, new Set(columns), false);
      const inner = this.relations.get(`${schema}.${name}`);
      if (inner?.kind === "view") owner.#mustReadStored(inner, seen);
    }
  }

  /** The rights of the one who owns a view. */
  #ownerOf({ schema, name }: Pick<CatalogRelation, "schema" | "name">): Access {
    const owner = this.grants.ownerOf("table", `${schema}.${name}`);
    const identity = owner === undefined ? superuser("rdsdb") : identityOf(owner, this.users, this.grants);
    return new Access(this.connection, identity, this.database, this.grants, this.users, this.relations);
  }

  /** SELECT on the whole, or on each column that is read; on some column where only rows are counted. */
  #mustSelect(schema: string, name: string, columns: ReadonlySet<string>, temporary: boolean): void {
    if (this.superuser || temporary) return;
    this.mustUse(schema);
    const object = `${schema}.${name}`;
    if (this.may("table", object, ["select"])) return;
    const granted = this.#columns(object, "select");
    if (granted.size === 0 || [...columns].some((column) => !granted.has(column))) throw denied(name);
  }

  /** UPDATE on the whole, or on each column that is set. @throws {SqlError} */
  mustUpdate(relation: CatalogRelation, columns: readonly string[]): void {
    if (this.superuser || relation.temporary === true) return;
    if (relation.kind === "system") throw denied(relation.name);
    this.mustUse(relation.schema);
    const object = `${relation.schema}.${relation.name}`;
    if (this.may("table", object, ["update"])) return;
    const granted = this.#columns(object, "update");
    if (columns.some((column) => !granted.has(column))) throw denied(relation.name);
  }

  /** The columns of a table that the user has the privilege on. */
  #columns(object: string, privilege: string): ReadonlySet<string> {
    return new Set(
      this.#held("table", object, privilege)
        .map(({ column }) => column)
        .filter((column) => column !== ""),
    );
  }

  #held(kind: ObjectKind, object: string, privilege: string): readonly HeldPrivilege[] {
    return this.grants
      .on(kind, object)
      .filter((each) => each.privilege === privilege && this.identity.has(each));
  }

  /** Whether the user may grant the privilege on: its owner may, and who has it with the grant option. */
  mayGrant(kind: ObjectKind, name: string, privilege: string): boolean {
    return this.owns(kind, name) || this.#held(kind, name, privilege).some(({ option }) => option);
  }

  /** Whether the user may grant the role on. */
  mayGrantRole(role: string): boolean {
    return (
      this.superuser ||
      this.grants.roles.some((each) => each.role === role && each.option && this.identity.has(each))
    );
  }
}

/** What Redshift says to who may not. */
export function denied(relation: string): SqlError {
  return new SqlError(`permission denied for relation ${relation}`);
}
