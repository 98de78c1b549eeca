import { type WarehouseConfiguration, warehouseRoles } from "./env";
import type { Migrated } from "./migrate";
import type { Applied } from "./pending";

/** What Terraform's `aws_lambda_invocation` sends with life-cycle scope CRUD, or what an operator asks. */
export interface MigrateEvent {
  readonly tf?: { readonly action?: "create" | "update" | "delete" };
  /** What the environment decides. @default files alone are applied; settings and users stay as they are */
  readonly configuration?: unknown;
  /** Only tell what was applied. */
  readonly ledger?: true;
}

export interface MigrateCalls {
  readonly migrate: (configuration: WarehouseConfiguration | undefined) => Promise<Migrated>;
  readonly ledger: () => Promise<readonly Applied[]>;
}

export type MigrateAnswer = Migrated | { readonly ledger: readonly Applied[] };

const nothing: Migrated = { applied: [], models: [], settings: "unchanged", users: [] };

/**
 * Answers Terraform: creating and updating migrate; deleting does nothing, because destroying a stack never drops
 * data. Asked for the ledger, it changes nothing.
 * @throws when the configuration is not what it must be.
 */
export function migrateHandler({ migrate, ledger }: MigrateCalls) {
  return async (event: MigrateEvent): Promise<MigrateAnswer> => {
    if (event.tf?.action === "delete") return nothing;
    if (event.ledger === true) return { ledger: await ledger() };
    return migrate(event.configuration === undefined ? undefined : configurationOf(event.configuration));
  };
}

/** What is wrong with it is told before anything is changed. */
function configurationOf(given: unknown): WarehouseConfiguration {
  const { users, sessionMinutes, timeZone, internalTraffic } = (given ??
    {}) as Partial<WarehouseConfiguration>;
  const roles = Object.values(users ?? {});
  if (
    users === undefined ||
    typeof sessionMinutes !== "number" ||
    typeof timeZone !== "string" ||
    internalTraffic === undefined ||
    !roles.every((role) => warehouseRoles.includes(role))
  )
    throw new Error(
      `configuration must hold users (each ${warehouseRoles.join(", ")}), sessionMinutes, timeZone and internalTraffic, got ${JSON.stringify(given)}`,
    );
  return { users, sessionMinutes, timeZone, internalTraffic };
}
