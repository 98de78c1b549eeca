import type { Cursor, ObjectName } from "../cursor";
import { SqlError, unsupported } from "../error";

/** Who may be granted something. */
export interface Grantee {
  readonly kind: "user" | "role" | "group" | "public";
  readonly name: string;
  /** May grant it in turn. */
  readonly option: boolean;
}

/** A privilege, of some columns alone where they are named. */
export interface Privilege {
  readonly name: string;
  readonly columns?: readonly string[];
}

/** What privileges are on. */
export type GrantTarget =
  | { readonly kind: "tables"; readonly tables: readonly ObjectName[] }
  | { readonly kind: "all tables" | "all functions"; readonly schemas: readonly string[] }
  | { readonly kind: "schema" | "database" | "language"; readonly names: readonly string[] }
  | { readonly kind: "functions"; readonly functions: readonly ObjectName[] };

/** GRANT, REVOKE, and ALTER DEFAULT PRIVILEGES. */
export type AccessCommand =
  | {
      readonly verb: "grant" | "revoke";
      readonly what: "roles";
      readonly roles: readonly string[];
      readonly to: readonly Grantee[];
      /** REVOKE ADMIN OPTION FOR takes the option alone. */
      readonly optionOnly: boolean;
    }
  | {
      readonly verb: "grant" | "revoke";
      readonly what: "privileges";
      readonly privileges: readonly Privilege[];
      readonly on: GrantTarget;
      readonly to: readonly Grantee[];
      /** REVOKE GRANT OPTION FOR takes the option alone. */
      readonly optionOnly: boolean;
    }
  | {
      readonly verb: "grant" | "revoke";
      readonly what: "defaults";
      /** @default the caller's own objects */
      readonly users?: readonly string[];
      /** @default every schema */
      readonly schemas?: readonly string[];
      readonly privileges: readonly Privilege[];
      readonly on: "tables" | "functions";
      readonly to: readonly Grantee[];
    };

/**
 * GRANT and REVOKE, the cursor behind the verb.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_GRANT.html
 */
export function access(cursor: Cursor, verb: "grant" | "revoke"): AccessCommand {
  const direction = verb === "grant" ? "to" : "from";
  const optionOnly =
    verb === "revoke" && (cursor.takes("grant", "option", "for") || cursor.takes("admin", "option", "for"));
  if (cursor.takes("role")) {
    const roles = [cursor.userName()];
    while (cursor.takes(",")) {
      cursor.takes("role");
      roles.push(cursor.userName());
    }
    cursor.expect(direction);
    return { verb, what: "roles", roles, to: list(cursor, grantee), optionOnly };
  }
  for (const word of ["assumerole", "explain", "ignore", "create model"])
    if (cursor.sees(word)) throw unsupported(`${verb.toUpperCase()} ${word.toUpperCase()}`);
  const privileges = list(cursor, privilege);
  if (!cursor.takes("on")) throw unsupported(`${verb.toUpperCase()} of a system privilege`);
  const on = target(cursor);
  cursor.expect(direction);
  const to = list(cursor, grantee);
  if (!cursor.takes("cascade")) cursor.takes("restrict");
  checkPrivileges(privileges, on);
  return { verb, what: "privileges", privileges, on, to, optionOnly };
}

/** ALTER DEFAULT PRIVILEGES, the cursor behind the words. */
export function accessDefaults(cursor: Cursor): AccessCommand {
  const users = cursor.takes("for", "user") ? list(cursor, (at) => at.userName()) : undefined;
  const schemas = cursor.takes("in", "schema") ? list(cursor, (at) => at.name()) : undefined;
  const verb = cursor.takes("grant") ? "grant" : "revoke";
  if (verb === "revoke") {
    cursor.expect("revoke");
    cursor.takes("grant", "option", "for");
  }
  const privileges = list(cursor, privilege);
  cursor.expect("on");
  const on = cursor.takes("functions") ? "functions" : "tables";
  if (on === "tables" && !cursor.takes("tables"))
    throw unsupported(`default privileges on ${cursor.next().text}`);
  cursor.expect(verb === "grant" ? "to" : "from");
  const to = list(cursor, grantee);
  cursor.takes("restrict");
  return {
    verb,
    what: "defaults",
    privileges,
    on,
    to,
    ...(users === undefined ? {} : { users }),
    ...(schemas === undefined ? {} : { schemas }),
  };
}

/** Privileges by what they are on. @see https://docs.aws.amazon.com/redshift/latest/dg/r_Privileges.html */
export const PRIVILEGES: Readonly<
  Record<"table" | "schema" | "database" | "function" | "language", readonly string[]>
> = {
  table: ["select", "insert", "update", "delete", "drop", "references", "truncate", "alter"],
  schema: ["create", "usage", "alter", "drop"],
  database: ["create", "temp", "usage", "alter"],
  function: ["execute"],
  language: ["usage"],
};

/** What kind of object a target is of. */
export function kindOf({ kind }: GrantTarget): keyof typeof PRIVILEGES {
  if (kind === "tables" || kind === "all tables") return "table";
  return kind === "functions" || kind === "all functions" ? "function" : kind;
}

function checkPrivileges(privileges: readonly Privilege[], on: GrantTarget): void {
  const kind = kindOf(on);
  for (const { name, columns } of privileges) {
    if (name !== "all" && !PRIVILEGES[kind].includes(name))
      throw new SqlError(
        `invalid privilege type ${name.toUpperCase()} for ${kind === "table" ? "relation" : kind}`,
      );
    if (columns !== undefined && !(kind === "table" && ["select", "update", "all"].includes(name)))
      throw new SqlError("only SELECT and UPDATE are granted on columns");
  }
}

function privilege(cursor: Cursor): Privilege {
  const all = cursor.takes("all");
  if (all) cursor.takes("privileges");
  const word = all ? "all" : cursor.next().text;
  const name = word === "temporary" ? "temp" : word;
  if (!all && !Object.values(PRIVILEGES).flat().includes(name))
    throw unsupported(`the privilege ${name.toUpperCase()}`);
  if (!cursor.sees("(")) return { name };
  cursor.expect("(");
  const columns = list(cursor, (at) => at.name());
  cursor.expect(")");
  return { name, columns };
}

function target(cursor: Cursor): GrantTarget {
  if (cursor.takes("all", "tables", "in", "schema"))
    return { kind: "all tables", schemas: list(cursor, (at) => at.name()) };
  if (cursor.takes("all", "functions", "in", "schema"))
    return { kind: "all functions", schemas: list(cursor, (at) => at.name()) };
  for (const kind of ["schema", "database", "language"] as const)
    if (cursor.takes(kind)) return { kind, names: list(cursor, (at) => at.name()) };
  if (cursor.takes("function"))
    return {
      kind: "functions",
      functions: list(cursor, (at) => {
        const name = at.objectName();
        at.parenthesized();
        return name;
      }),
    };
  for (const word of ["procedure", "datashare", "external", "model", "all"])
    if (cursor.sees(word)) throw unsupported(`a privilege on a ${word}`);
  cursor.takes("table");
  return { kind: "tables", tables: list(cursor, (at) => at.objectName()) };
}

function grantee(cursor: Cursor): Grantee {
  if (cursor.takes("public")) return { kind: "public", name: "public", option: false };
  const kind = (["role", "group", "user"] as const).find((word) => cursor.takes(word)) ?? "user";
  const name = cursor.userName();
  const option = cursor.takes("with", "grant", "option") || cursor.takes("with", "admin", "option");
  if (option && kind === "group") throw new SqlError("a group cannot be given the grant option");
  return { kind, name, option };
}

function list<Item>(cursor: Cursor, one: (cursor: Cursor) => Item): Item[] {
  const items = [one(cursor)];
  while (cursor.takes(",")) items.push(one(cursor));
  return items;
}
