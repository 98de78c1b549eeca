import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import type { Context } from "aws-lambda";
import { readEnv } from "../env";
import { Warehouse } from "../warehouse/warehouse";
import type { MigrateEnv } from "./env";
import { readSqlFiles } from "./files";
import { type MigrateEvent, migrateHandler } from "./handler";
import { readLedger } from "./ledger";
import { migrate } from "./migrate";

const env: MigrateEnv = readEnv(["WORKGROUP_NAME", "DATABASE_NAME", "ADMIN_SECRET_ARN"], process.env);
const client = new RedshiftDataClient({});

export const handler = (event: MigrateEvent, context: Context) => {
  const target = {
    workgroupName: env.WORKGROUP_NAME,
    database: env.DATABASE_NAME,
    secretArn: env.ADMIN_SECRET_ARN,
  };
  const waiting = {
    remainingMs: () => context.getRemainingTimeInMillis(),
    sleep: (ms: number) => sleep(ms),
  };
  const warehouse = new Warehouse(client, target, waiting);
  // The files lie beside the bundle.
  const files = () => readSqlFiles(join(process.env.LAMBDA_TASK_ROOT ?? ".", "sql"));
  return migrateHandler({
    migrate: async (configuration) =>
      migrate(files(), configuration, { warehouse, waiting, random: Math.random, now: () => new Date() }),
    ledger: () => readLedger(warehouse),
  })(event);
};
