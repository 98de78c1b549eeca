import type { Migrated } from "./migrate";

/** What Terraform's `aws_lambda_invocation` sends with life-cycle scope CRUD. */
export interface MigrateEvent {
  readonly tf?: { readonly action?: "create" | "update" | "delete" };
}

/**
 * Answers Terraform: creating and updating migrate; deleting does nothing, because destroying a stack never drops
 * data.
 */
export function migrateHandler(run: () => Promise<Migrated>) {
  return async (event: MigrateEvent): Promise<Migrated> => {
    if (event.tf?.action === "delete") return { applied: [], models: [], users: [] };
    return run();
  };
}
