import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { PutObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { readEnv } from "../env";
import { Warehouse } from "../warehouse/warehouse";
import type { LoadEnv } from "./env";
import { answer } from "./handler";
import { sqsQueue } from "./queue/sqs";
import { readLoadSql } from "./statements";
import type { LakeObject } from "./sweep";

const env: LoadEnv = readEnv(
  [
    "QUEUE_URL",
    "DEAD_LETTER_QUEUE_URL",
    "REDELIVERY_SECONDS",
    "LAKE_BUCKET",
    "WORKGROUP_NAME",
    "DATABASE_NAME",
    "COPY_ROLE_ARN",
    "DEDUPLICATION_HOURS",
  ],
  process.env,
);
const redshift = new RedshiftDataClient({});
const s3 = new S3Client({});
const sqs = new SQSClient({});

/** Lambda's JSON log format takes an object as it is. */
function log({ level, ...entry }: Readonly<Record<string, unknown>>): void {
  if (level === "ERROR") console.error(entry);
  else if (level === "WARN") console.warn(entry);
  else console.info(entry);
}

const stays = (reason: string) => log({ level: "WARN", message: "a message stays", reason });

async function list(prefix: string): Promise<LakeObject[]> {
  const objects: LakeObject[] = [];
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: env.LAKE_BUCKET, Prefix: prefix });
  for await (const { Contents = [] } of pages)
    for (const { Key = "", ETag = "", Size = 0, LastModified = new Date(0) } of Contents)
      objects.push({ key: Key, etag: ETag.replaceAll('"', ""), sizeBytes: Size, createdAt: LastModified });
  return objects;
}

export const handler = (event: unknown, context: Context) => {
  const target = { workgroupName: env.WORKGROUP_NAME, database: env.DATABASE_NAME };
  const waiting = {
    remainingMs: () => context.getRemainingTimeInMillis(),
    sleep: (ms: number) => sleep(ms),
  };
  return answer(event, {
    warehouse: new Warehouse(redshift, target, waiting),
    waiting,
    random: Math.random,
    now: () => new Date(),
    queue: sqsQueue(sqs, env.QUEUE_URL, stays),
    deadLetters: sqsQueue(sqs, env.DEAD_LETTER_QUEUE_URL, stays),
    redeliverySeconds: Number(env.REDELIVERY_SECONDS),
    put: async (key, body) => {
      await s3.send(new PutObjectCommand({ Bucket: env.LAKE_BUCKET, Key: key, Body: body }));
    },
    list,
    // The files lie beside the bundle.
    sql: readLoadSql(join(process.env.LAMBDA_TASK_ROOT ?? ".", "sql")),
    bucket: env.LAKE_BUCKET,
    copyRoleArn: env.COPY_ROLE_ARN,
    deduplicationHours: Number(env.DEDUPLICATION_HOURS),
    runId: context.awsRequestId,
    log,
  });
};
