import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "../catalog/rows";

/** Who a session acts as: a user, with the roles and groups that it has at this moment. */
export interface Identity {
  readonly user: string;
  readonly superuser: boolean;
  /** Condition on the columns `grantee_kind` and `grantee`: what is granted to this identity, or to everyone. */
  readonly granted: string;
}

/** A text as a literal of the engine's SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * What a user is, by its name. Roles that are granted to its roles are its own too.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/t_role_hierarchy.html
 */
export async function identityOf(connection: DuckDBConnection, user: string): Promise<Identity> {
  const me = quoted(user.toLowerCase());
  const root = await rowsOf(connection, `select 1 from rs.users where superuser and lower(name) = ${me}`);
  if (root.length > 0) return { user, superuser: true, granted: "true" };
  const [row] = await rowsOf(
    connection,
    `with recursive mine(role_name) as (
       select role_name from rs.role_grants where grantee_kind = 'user' and lower(grantee) = ${me}
       union
       select g.role_name from rs.role_grants g join mine on g.grantee_kind = 'role' and g.grantee = mine.role_name
     )
     select (select list(role_name) from mine) as roles,
       (select list(group_name) from rs.group_members where lower(user_name) = ${me}) as groups`,
  );
  const list = (names: unknown): string => ((names ?? []) as string[]).map(quoted).join(", ") || "''";
  return {
    user,
    superuser: false,
    granted: `(grantee_kind = 'public' or grantee_kind = 'user' and lower(grantee) = ${me}
      or grantee_kind = 'role' and grantee in (${list(row?.roles)})
      or grantee_kind = 'group' and grantee in (${list(row?.groups)}))`,
  };
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
): Promise<void> {
  const before = making.get(name);
  if (before !== undefined) return await before;
  const made = (async () => {
    const found = await rowsOf(
      connection,
      "select superuser from rs.users where lower(name) = lower($name)",
      { name },
    );
    if (found.length === 0)
      await connection.run("insert into rs.users (name, superuser) values ($name, $superuser)", {
        name,
        superuser,
      });
  })();
  making.set(name, made);
  try {
    await made;
  } finally {
    making.delete(name);
  }
}
