import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import type { Context } from "aws-lambda";
import { readEnv } from "../env";
import { Warehouse } from "../warehouse/warehouse";
import type { MigrateEnv, WarehouseRole } from "./env";
import { readSqlFiles } from "./files";
import { type MigrateEvent, migrateHandler } from "./handler";
import { migrate } from "./migrate";

const env: MigrateEnv = readEnv(
  ["WORKGROUP_NAME", "DATABASE_NAME", "ADMIN_SECRET_ARN", "WAREHOUSE_USERS"],
  process.env,
);
const users = JSON.parse(env.WAREHOUSE_USERS) as Readonly<Record<string, WarehouseRole>>;
const client = new RedshiftDataClient({});

export const handler = (event: MigrateEvent, context: Context) => {
  const target = {
    workgroupName: env.WORKGROUP_NAME,
    database: env.DATABASE_NAME,
    secretArn: env.ADMIN_SECRET_ARN,
  };
  const warehouse = new Warehouse(client, target, {
    remainingMs: () => context.getRemainingTimeInMillis(),
    sleep,
  });
  // The files lie beside the bundle.
  const files = () => readSqlFiles(join(process.env.LAMBDA_TASK_ROOT ?? ".", "sql"));
  return migrateHandler(async () => migrate(warehouse, files(), users, () => new Date()))(event);
};
