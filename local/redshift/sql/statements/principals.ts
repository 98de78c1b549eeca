import type { Cursor } from "../cursor";
import { SqlError, unsupported } from "../error";

/** What a user is made with, or given. */
export interface UserOptions {
  /** @default as it is; null is a user without one */
  readonly password?: string | null;
  readonly createDatabase?: boolean;
  /** A user that may create users is a superuser. */
  readonly superuser?: boolean;
  readonly groups?: readonly string[];
  readonly validUntil?: string;
}

/** A statement about users, roles and groups. */
export type PrincipalCommand =
  | { readonly verb: "create user" | "alter user"; readonly name: string; readonly options: UserOptions }
  | { readonly verb: "create role"; readonly name: string }
  | { readonly verb: "create group"; readonly name: string; readonly users: readonly string[] }
  | {
      readonly verb: "alter group";
      readonly name: string;
      readonly add: boolean;
      readonly users: readonly string[];
    }
  | {
      readonly verb: "rename";
      readonly what: "user" | "role" | "group";
      readonly name: string;
      readonly to: string;
    }
  | { readonly verb: "own role"; readonly name: string; readonly owner: string }
  | {
      readonly verb: "drop";
      readonly what: "user" | "role" | "group";
      readonly names: readonly string[];
      readonly ifExists: boolean;
      readonly force: boolean;
    };

/** `CREATE USER | ROLE | GROUP name …`, the cursor behind CREATE. */
export function createPrincipal(cursor: Cursor): PrincipalCommand {
  if (cursor.takes("role")) {
    const name = cursor.userName();
    if (cursor.sees("externalid")) throw unsupported("CREATE ROLE with EXTERNALID");
    return { verb: "create role", name };
  }
  if (cursor.takes("group")) {
    const name = cursor.userName();
    cursor.takes("with");
    return { verb: "create group", name, users: cursor.takes("user") ? users(cursor) : [] };
  }
  cursor.expect("user");
  const name = cursor.userName();
  const options = userOptions(cursor);
  if (options.password === undefined) throw new SqlError("CREATE USER needs a PASSWORD, or PASSWORD DISABLE");
  return { verb: "create user", name, options };
}

/** `ALTER USER | ROLE | GROUP name …`, the cursor behind ALTER. */
export function alterPrincipal(cursor: Cursor): PrincipalCommand {
  const what = (["user", "role", "group"] as const).find((word) => cursor.takes(word)) ?? "user";
  const name = cursor.userName();
  cursor.takes("with");
  if (cursor.takes("rename", "to")) return { verb: "rename", what, name, to: cursor.userName() };
  if (what === "role") {
    if (!cursor.takes("owner", "to")) throw unsupported("ALTER ROLE with EXTERNALID");
    return { verb: "own role", name, owner: cursor.userName() };
  }
  if (what === "user") return { verb: "alter user", name, options: userOptions(cursor) };
  const add = cursor.takes("add");
  if (!add) cursor.expect("drop");
  cursor.expect("user");
  return { verb: "alter group", name, add, users: users(cursor) };
}

/** `DROP USER | ROLE | GROUP [IF EXISTS] name`, the cursor behind DROP. */
export function dropPrincipal(cursor: Cursor): PrincipalCommand {
  const what = (["user", "role", "group"] as const).find((word) => cursor.takes(word)) ?? "user";
  const ifExists = cursor.takes("if", "exists");
  const names = users(cursor);
  const force = what === "role" && cursor.takes("force");
  if (what === "role" && !force) cursor.takes("restrict");
  return { verb: "drop", what, names, ifExists, force };
}

function users(cursor: Cursor): string[] {
  const names = [cursor.userName()];
  while (cursor.takes(",")) names.push(cursor.userName());
  return names;
}

/** @see https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html */
function userOptions(cursor: Cursor): UserOptions {
  let options: UserOptions = {};
  cursor.takes("with");
  while (!cursor.done) {
    if (cursor.takes("password"))
      options = { ...options, password: cursor.takes("disable") ? null : cursor.string() };
    else if (cursor.takes("createdb")) options = { ...options, createDatabase: true };
    else if (cursor.takes("nocreatedb")) options = { ...options, createDatabase: false };
    else if (cursor.takes("createuser")) options = { ...options, superuser: true };
    else if (cursor.takes("nocreateuser")) options = { ...options, superuser: false };
    else if (cursor.takes("in", "group")) options = { ...options, groups: users(cursor) };
    else if (cursor.takes("valid", "until")) options = { ...options, validUntil: cursor.string() };
    else if (cursor.takes("syslog", "access")) {
      if (!cursor.takes("restricted")) cursor.expect("unrestricted");
    } else if (cursor.takes("connection", "limit")) {
      if (!cursor.takes("unlimited")) cursor.integer();
    } else if (cursor.takes("session", "timeout")) cursor.integer();
    else throw unsupported(`a user with ${cursor.next().text.toUpperCase()}`);
  }
  return options;
}
