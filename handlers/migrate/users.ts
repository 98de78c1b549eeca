import { StatementFailed } from "../warehouse/failure";
import type { Warehouse } from "../warehouse/warehouse";
import type { WarehouseRole } from "./env";

/**
 * Makes the database users that the Data API derives from IAM roles, and grants each its role of the warehouse.
 * @returns names of those that were not there before.
 */
export async function ensureUsers(
  users: Readonly<Record<string, WarehouseRole>>,
  warehouse: Pick<Warehouse, "query">,
): Promise<string[]> {
  const made: string[] = [];
  for (const [role, granted] of Object.entries(users)) {
    const user = `IAMR:${role}`;
    // The Data API makes a role's user itself when the role comes first: that it exists says nothing of its grants.
    if (await unlessThere(warehouse, `create user "${user}" password disable`)) made.push(user);
    await unlessThere(warehouse, `grant role ${granted} to "${user}"`);
  }
  return made;
}

async function unlessThere(warehouse: Pick<Warehouse, "query">, sql: string): Promise<boolean> {
  try {
    await warehouse.query(sql);
    return true;
  } catch (error) {
    if (error instanceof StatementFailed && /already/.test(error.reason)) return false;
    throw error;
  }
}
