import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import { Construct } from "constructs";
import type { MigrateEvent } from "../../../handlers/migrate/handler";
import type { Environment } from "../../config";
import { warehouseConfiguration } from "../../reporting";
import type { HandlerFunction } from "./function";

export interface MigrationProps {
  readonly migrate: HandlerFunction;
  /** A hash of `sql/`. */
  readonly sqlHash: string;
  readonly environment: Environment;
}

/**
 * Runs the migration as a part of the deploy, whenever `sql/` or the configuration changed; a migration that fails
 * fails the deploy. The function is told why in `tf.action`: create, update or delete.
 */
export class Migration extends Construct {
  readonly invocation: LambdaInvocation;

  constructor(scope: Construct, id: string, { migrate, sqlHash, environment }: MigrationProps) {
    super(scope, id);
    this.invocation = new LambdaInvocation(this, "invocation", {
      functionName: migrate.name,
      lifecycleScope: "CRUD",
      input: JSON.stringify({
        sql: sqlHash,
        configuration: warehouseConfiguration(environment),
      } satisfies MigrateEvent & { readonly sql: string }),
    });
  }
}
