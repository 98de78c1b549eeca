import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "../catalog/rows";

/** Kinds of objects that have owners and privileges. */
export type ObjectKind = "table" | "schema" | "function" | "database";

/** To whom something is granted. */
export interface Holder {
  /** `user`, `role`, `group` or `public`. */
  readonly kind: string;
  readonly grantee: string;
  /** Whether it may be granted on. */
  readonly option: boolean;
}

/** A privilege on an object, or on one column of it. */
export interface HeldPrivilege extends Holder {
  readonly privilege: string;
  /** `""` is the whole. */
  readonly column: string;
}

/** A role that is granted. */
export interface HeldRole extends Holder {
  readonly role: string;
}

/** Who owns what, and what is granted to whom. */
export class Grants {
  readonly #owners = new Map<string, string>();
  readonly #privileges = new Map<string, HeldPrivilege[]>();
  readonly roles: HeldRole[] = [];
  readonly members: { readonly group: string; readonly user: string }[] = [];

  /** @default undefined nobody: the object is the superusers' */
  ownerOf(kind: ObjectKind, name: string): string | undefined {
    return this.#owners.get(`${kind} ${name}`);
  }

  /** Privileges on the object, whoever has them. */
  on(kind: ObjectKind, name: string): readonly HeldPrivilege[] {
    return this.#privileges.get(`${kind} ${name}`) ?? [];
  }

  /** Reads all of them. */
  static async read(connection: DuckDBConnection): Promise<Grants> {
    const grants = new Grants();
    const rows = await rowsOf(
      connection,
      `select 'owner' as fact, object_kind, object_name, '' as privilege, '' as column_name, 'user' as grantee_kind,
         owner as grantee, false as with_option from rs.owners
       union all
       select 'privilege', object_kind, object_name, privilege, column_name, grantee_kind, grantee, with_option
       from rs.privileges
       union all
       select 'role', '', role_name, '', '', grantee_kind, grantee, with_option from rs.role_grants
       union all
       select 'member', '', group_name, '', '', 'user', user_name, false from rs.group_members`,
    );
    for (const row of rows) grants.#note(row);
    return grants;
  }

  #note(row: Record<string, unknown>): void {
    const [object, grantee] = [String(row.object_name), String(row.grantee)];
    const holder = { kind: String(row.grantee_kind), grantee, option: row.with_option === true };
    const key = `${row.object_kind} ${object}`;
    switch (row.fact) {
      case "owner":
        this.#owners.set(key, grantee);
        break;
      case "privilege": {
        const held = this.#privileges.get(key) ?? [];
        held.push({ ...holder, privilege: String(row.privilege), column: String(row.column_name) });
        this.#privileges.set(key, held);
        break;
      }
      case "role":
        this.roles.push({ ...holder, role: object });
        break;
      default:
        this.members.push({ group: object, user: grantee });
    }
  }
}
