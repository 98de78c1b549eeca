import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { SqlError } from "../../sql/error";
import type { PrincipalCommand, UserOptions } from "../../sql/statements/principals";
import { rowsOf } from "../catalog/rows";
import type { Access } from "./check";

type What = "user" | "role" | "group";

/** A principal's name as it is kept. @throws {SqlError} when there is none. */
export async function mustExist(connection: DuckDBConnection, what: What, name: string): Promise<string> {
  const rows = await rowsOf(connection, `select name from rs.${what}s where lower(name) = lower($name)`, {
    name,
  });
  if (rows[0] === undefined) throw new SqlError(`${what} "${name}" does not exist`);
  return String(rows[0].name);
}

async function mustBeNew(connection: DuckDBConnection, what: What, name: string): Promise<void> {
  const rows = await rowsOf(connection, `select 1 from rs.${what}s where lower(name) = lower($name)`, {
    name,
  });
  if (rows.length > 0) throw new SqlError(`${what} "${name}" already exists`);
  if (name.toLowerCase() === "public") throw new SqlError(`${what} name "public" is reserved`);
}

/** Makes, changes and drops users, roles and groups. */
export async function applyPrincipal(access: Access, command: PrincipalCommand): Promise<void> {
  const { connection, identity } = access;
  switch (command.verb) {
    case "create user":
      access.mustBeSuperuser("create user");
      await mustBeNew(connection, "user", command.name);
      await connection.run("insert into rs.users (name) values ($name)", { name: command.name });
      return await alterUser(connection, command.name, command.options);
    case "alter user": {
      const name = await mustExist(connection, "user", command.name);
      const own = identity.user.toLowerCase() === name.toLowerCase();
      if (!own || command.options.superuser !== undefined) access.mustBeSuperuser("alter user");
      return await alterUser(connection, name, command.options);
    }
    case "create role":
      access.mustBeSuperuser("create role");
      await mustBeNew(connection, "role", command.name);
      await connection.run("insert into rs.roles (name, owner) values ($name, $owner)", {
        name: command.name,
        owner: identity.user,
      });
      return;
    case "own role":
      access.mustBeSuperuser("alter role");
      await connection.run("update rs.roles set owner = $owner where name = $name", {
        name: await mustExist(connection, "role", command.name),
        owner: await mustExist(connection, "user", command.owner),
      });
      return;
    case "create group":
      access.mustBeSuperuser("create group");
      await mustBeNew(connection, "group", command.name);
      await connection.run("insert into rs.groups (name) values ($name)", { name: command.name });
      return await join(connection, [command.name], command.users);
    case "alter group": {
      access.mustBeSuperuser("alter group");
      const group = await mustExist(connection, "group", command.name);
      if (command.add) return await join(connection, [group], command.users);
      for (const user of command.users)
        await connection.run("delete from rs.group_members where group_name = $group and user_name = $user", {
          group,
          user: await mustExist(connection, "user", user),
        });
      return;
    }
    case "rename":
      access.mustBeSuperuser(`rename ${command.what}`);
      return await rename(connection, command.what, command.name, command.to);
    case "drop":
      access.mustBeSuperuser(`drop ${command.what}`);
      for (const name of command.names)
        await drop(connection, command.what, name, command.ifExists, command.force);
  }
}

async function alterUser(connection: DuckDBConnection, name: string, options: UserOptions): Promise<void> {
  const { password, superuser, createDatabase, validUntil, groups } = options;
  const set = async (column: string, value: string | boolean | null): Promise<void> => {
    await connection.run(`update rs.users set ${column} = $value where name = $name`, { value, name });
  };
  if (password !== undefined)
    await set(
      "password_hash",
      password === null
        ? null
        : createHash("sha256")
            .update(password + name)
            .digest("hex"),
    );
  if (superuser !== undefined) await set("superuser", superuser);
  if (createDatabase !== undefined) await set("create_database", createDatabase);
  if (validUntil !== undefined) await set("valid_until", validUntil);
  if (groups !== undefined) await join(connection, groups, [name]);
}

async function join(
  connection: DuckDBConnection,
  groups: readonly string[],
  users: readonly string[],
): Promise<void> {
  for (const group of groups)
    for (const user of users) {
      const member = {
        group: await mustExist(connection, "group", group),
        user: await mustExist(connection, "user", user),
      };
      await connection.run(
        "delete from rs.group_members where group_name = $group and user_name = $user",
        member,
      );
      await connection.run("insert into rs.group_members values ($group, $user)", member);
    }
}

const HELD = ["role_grants", "privileges", "default_privileges"] as const;

async function rename(connection: DuckDBConnection, what: What, name: string, to: string): Promise<void> {
  const from = await mustExist(connection, what, name);
  await mustBeNew(connection, what, to);
  await connection.run(`update rs.${what}s set name = $to where name = $from`, { from, to });
  for (const table of HELD)
    await connection.run(
      `update rs.${table} set grantee = $to where grantee_kind = $what and grantee = $from`,
      { what, from, to },
    );
  if (what === "role")
    await connection.run("update rs.role_grants set role_name = $to where role_name = $from", { from, to });
  if (what === "group")
    await connection.run("update rs.group_members set group_name = $to where group_name = $from", {
      from,
      to,
    });
  if (what === "user") {
    await connection.run("update rs.group_members set user_name = $to where user_name = $from", { from, to });
    await connection.run("update rs.owners set owner = $to where owner = $from", { from, to });
  }
}

async function drop(
  connection: DuckDBConnection,
  what: What,
  given: string,
  ifExists: boolean,
  force: boolean,
): Promise<void> {
  const rows = await rowsOf(connection, `select name from rs.${what}s where lower(name) = lower($given)`, {
    given,
  });
  if (rows[0] === undefined) {
    if (ifExists) return;
    throw new SqlError(`${what} "${given}" does not exist`);
  }
  const name = String(rows[0].name);
  if (what === "user") await refuseHolder(connection, name);
  if (what === "role" && !force) {
    const used = await rowsOf(connection, "select 1 from rs.role_grants where role_name = $name", { name });
    if (used.length > 0)
      throw new SqlError(`cannot drop role "${name}" because it is granted to others; use DROP ROLE … FORCE`);
  }
  await connection.run(`delete from rs.${what}s where name = $name`, { name });
  for (const table of HELD)
    await connection.run(`delete from rs.${table} where grantee_kind = $what and grantee = $name`, {
      what,
      name,
    });
  if (what === "role") await connection.run("delete from rs.role_grants where role_name = $name", { name });
  if (what !== "role")
    await connection.run(`delete from rs.group_members where ${what}_name = $name`, { name });
}

/** A user that owns something, or has privileges, cannot be dropped. */
async function refuseHolder(connection: DuckDBConnection, name: string): Promise<void> {
  const owned = await rowsOf(connection, "select object_name from rs.owners where owner = $name limit 1", {
    name,
  });
  if (owned[0] !== undefined)
    throw new SqlError(
      `user "${name}" cannot be dropped because the user owns some object: ${String(owned[0].object_name)}`,
    );
  const granted = await rowsOf(
    connection,
    "select object_name from rs.privileges where grantee_kind = 'user' and grantee = $name limit 1",
    { name },
  );
  if (granted[0] !== undefined)
    throw new SqlError(
      `user "${name}" cannot be dropped because the user has a privilege on some object: ${String(granted[0].object_name)}`,
    );
}
