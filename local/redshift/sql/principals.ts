import type { Cursor, ObjectName } from "./cursor";
import { unsupported } from "./error";

/** Who may be granted something. */
export interface Grantee {
  readonly kind: "user" | "role" | "group" | "public";
  readonly name: string;
}

/** A statement about users, roles and what they may do. */
export type PrincipalCommand =
  | {
      readonly verb: "create user" | "create role" | "drop user" | "drop role";
      readonly name: string;
      readonly ifExists: boolean;
    }
  | {
      readonly verb: "grant role" | "revoke role";
      readonly roles: readonly string[];
      readonly to: readonly Grantee[];
    }
  | {
      readonly verb: "grant" | "revoke";
      readonly privileges: readonly string[];
      /** What the privileges are on; a name is checked, as Redshift checks it. */
      readonly on: GrantTarget;
      readonly to: readonly Grantee[];
    };

/** What a privilege is on. */
export type GrantTarget =
  | { readonly kind: "tables"; readonly tables: readonly ObjectName[] }
  | { readonly kind: "all tables"; readonly schemas: readonly string[] }
  | { readonly kind: "schema" | "database"; readonly names: readonly string[] };

/** `CREATE USER | ROLE name …`, the cursor behind CREATE. */
export function createPrincipal(cursor: Cursor): PrincipalCommand {
  const verb = cursor.next().text === "user" ? "create user" : "create role";
  const name = principal(cursor);
  if (verb === "create user") {
    cursor.takes("with");
    cursor.expect("password");
    if (!cursor.takes("disable")) cursor.string();
  }
  cursor.end();
  return { verb, name, ifExists: false };
}

/** `DROP USER | ROLE [IF EXISTS] name`, the cursor behind DROP. */
export function dropPrincipal(cursor: Cursor): PrincipalCommand {
  const verb = cursor.next().text === "user" ? "drop user" : "drop role";
  const ifExists = cursor.takes("if", "exists");
  const name = principal(cursor);
  if (verb === "drop role" && !cursor.takes("force")) cursor.takes("restrict");
  cursor.end();
  return { verb, name, ifExists };
}

/**
 * GRANT and REVOKE, the cursor behind the verb.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html
 */
export function grant(cursor: Cursor, verb: "grant" | "revoke"): PrincipalCommand {
  const direction = verb === "grant" ? "to" : "from";
  if (cursor.takes("role")) {
    const roles = list(cursor, (at) => at.name());
    cursor.expect(direction);
    const to = list(cursor, grantee);
    cursor.end();
    return { verb: `${verb} role`, roles, to };
  }
  const privileges = list(cursor, privilege);
  if (!cursor.takes("on")) throw unsupported(`${verb.toUpperCase()} of a system privilege`);
  const on = target(cursor);
  cursor.expect(direction);
  const to = list(cursor, grantee);
  cursor.end();
  return { verb, privileges, on, to };
}

const PRIVILEGES = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "drop",
  "references",
  "truncate",
  "usage",
  "create",
  "temp",
  "temporary",
  "alter",
]);

function privilege(cursor: Cursor): string {
  if (cursor.takes("all")) {
    cursor.takes("privileges");
    return "all";
  }
  const name = cursor.peek()?.text ?? "";
  if (!PRIVILEGES.has(name)) throw cursor.error("a privilege expected");
  return cursor.name();
}

function target(cursor: Cursor): GrantTarget {
  if (cursor.takes("all", "tables", "in", "schema"))
    return { kind: "all tables", schemas: list(cursor, (at) => at.name()) };
  if (cursor.takes("schema")) return { kind: "schema", names: list(cursor, (at) => at.name()) };
  if (cursor.takes("database")) return { kind: "database", names: list(cursor, (at) => at.name()) };
  for (const word of ["function", "procedure", "language", "datashare", "external", "model"])
    if (cursor.sees(word)) throw unsupported(`a privilege on a ${word}`);
  cursor.takes("table");
  return { kind: "tables", tables: list(cursor, (at) => at.objectName()) };
}

function grantee(cursor: Cursor): Grantee {
  if (cursor.takes("public")) return { kind: "public", name: "public" };
  if (cursor.takes("role")) return { kind: "role", name: cursor.name() };
  if (cursor.takes("group")) return { kind: "group", name: cursor.name() };
  cursor.takes("user");
  return { kind: "user", name: principal(cursor) };
}

/** A user's name as it is written: `"IAMR:Role"` keeps its case, since IAM's names do. */
function principal(cursor: Cursor): string {
  const token = cursor.peek();
  const folded = cursor.name();
  return token?.kind === "quoted" ? token.text : folded;
}

function list<Item>(cursor: Cursor, one: (cursor: Cursor) => Item): Item[] {
  const items = [one(cursor)];
  while (cursor.takes(",")) items.push(one(cursor));
  return items;
}
