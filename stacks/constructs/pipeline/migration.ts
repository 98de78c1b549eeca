import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import { Construct } from "constructs";
import type { HandlerFunction } from "./function";

export interface MigrationProps {
  readonly migrate: HandlerFunction;
  /** A hash of `sql/`. */
  readonly sqlHash: string;
  /** JSON of the users that the migration makes. */
  readonly users: string;
}

/**
 * Runs the migration as a part of the deploy, whenever `sql/` or the users changed; a migration that fails
 * fails the deploy. The function is told why in `tf.action`: create, update or delete.
 */
export class Migration extends Construct {
  readonly invocation: LambdaInvocation;

  constructor(scope: Construct, id: string, { migrate, sqlHash, users }: MigrationProps) {
    super(scope, id);
    this.invocation = new LambdaInvocation(this, "invocation", {
      functionName: migrate.name,
      lifecycleScope: "CRUD",
      input: JSON.stringify({ sql: sqlHash, users }),
    });
  }
}
