import type { DuckDBConnection } from "@duckdb/node-api";
import type { Definitions } from "../catalog/known";
import { rowsOf } from "../catalog/rows";
import type { Grants, Holder } from "./granted";

/** Who a session acts as: a user, with the roles and groups that it has at this moment. */
export interface Identity {
  readonly user: string;
  readonly superuser: boolean;
  /** Whether something is granted to this identity, or to everyone. */
  readonly has: (holder: Holder) => boolean;
}

/** Users by their names in lower case: whether they are superusers. */
export type Users = ReadonlyMap<string, boolean>;

/** Reads all users. */
export async function usersOf(connection: DuckDBConnection): Promise<Users> {
  const rows = await rowsOf(connection, "select lower(name) as name, superuser from rs.users");
  return new Map(rows.map(({ name, superuser }) => [String(name), superuser === true]));
}

/** A superuser, who needs no grant. */
export function superuser(user: string): Identity {
  return { user, superuser: true, has: () => true };
}

/**
 * What a user is, by its name. Roles that are granted to its roles are its own too.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/t_role_hierarchy.html
 */
export function identityOf(user: string, users: Users, grants: Grants): Identity {
  const me = user.toLowerCase();
  if (users.get(me) === true) return superuser(user);
  const groups = new Set(
    grants.members.filter((member) => member.user.toLowerCase() === me).map(({ group }) => group),
  );
  const roles = new Set<string>();
  const has = ({ kind, grantee }: Holder): boolean =>
    kind === "public" ||
    (kind === "user" && grantee.toLowerCase() === me) ||
    (kind === "role" && roles.has(grantee)) ||
    (kind === "group" && groups.has(grantee));
  for (let before = -1; before < roles.size; ) {
    before = roles.size;
    for (const grant of grants.roles) if (has(grant)) roles.add(grant.role);
  }
  return { user, superuser: false, has };
}

const making = new Map<string, Promise<void>>();

/**
 * The user that an IAM identity connects as: made when it connects first, with the rights of PUBLIC alone.
 * @param superuser whether it is the account's root, or the admin.
 */
export async function ensureUser(
  connection: DuckDBConnection,
  name: string,
  superuser: boolean,
  definitions: Definitions,
): Promise<void> {
  if (definitions.committed?.users?.has(name.toLowerCase()) === true) return;
  const before = making.get(name);
  if (before !== undefined) return await before;
  const made = (async () => {
    const found = await rowsOf(
      connection,
      "select superuser from rs.users where lower(name) = lower($name)",
      { name },
    );
    if (found.length === 0)
      await definitions.change(async () => {
        await connection.run("insert into rs.users (name, superuser) values ($name, $superuser)", {
          name,
          superuser,
        });
      });
  })();
  making.set(name, made);
  try {
    await made;
  } finally {
    making.delete(name);
  }
}
