import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { readEnv } from "../env";
import { Warehouse } from "../warehouse/warehouse";
import type { LoadEnv } from "./env";
import { type Queue, runLoad } from "./handler";
import type { Message } from "./notification";
import { readLoadSql } from "./statements";

const env: LoadEnv = readEnv(
  ["QUEUE_URL", "LAKE_BUCKET", "WORKGROUP_NAME", "DATABASE_NAME", "COPY_ROLE_ARN", "DEDUPLICATION_HOURS"],
  process.env,
);
const redshift = new RedshiftDataClient({});
const s3 = new S3Client({});
const sqs = new SQSClient({});

/** SQS takes ten entries a batch. */
const BATCH = 10;

const queue: Queue = {
  async receive() {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: env.QUEUE_URL, MaxNumberOfMessages: BATCH, WaitTimeSeconds: 1 }),
    );
    return Messages.map(({ Body, ReceiptHandle }) => ({
      body: Body ?? "",
      receiptHandle: ReceiptHandle ?? "",
    }));
  },
  async remove(messages) {
    for (let at = 0; at < messages.length; at += BATCH) await removeBatch(messages.slice(at, at + BATCH));
  },
};

/** A message that cannot be removed comes again, and is then found in the ledger. */
async function removeBatch(messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ receiptHandle }, id) => ({ Id: String(id), ReceiptHandle: receiptHandle }));
  const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: env.QUEUE_URL, Entries }));
  for (const { Code, Message: message } of Failed)
    log({ level: "WARN", message: "a message stays", Code, reason: message });
}

/** Lambda's JSON log format takes an object as it is. */
function log({ level, ...entry }: Readonly<Record<string, unknown>>): void {
  if (level === "ERROR") console.error(entry);
  else if (level === "WARN") console.warn(entry);
  else console.info(entry);
}

export const handler = (_: unknown, context: Context) => {
  const target = { workgroupName: env.WORKGROUP_NAME, database: env.DATABASE_NAME };
  const warehouse = new Warehouse(redshift, target, {
    remainingMs: () => context.getRemainingTimeInMillis(),
    sleep,
  });
  return runLoad(
    queue,
    {
      warehouse,
      put: async (key, body) => {
        await s3.send(new PutObjectCommand({ Bucket: env.LAKE_BUCKET, Key: key, Body: body }));
      },
      // The files lie beside the bundle.
      sql: readLoadSql(join(process.env.LAMBDA_TASK_ROOT ?? ".", "sql", "load")),
      bucket: env.LAKE_BUCKET,
      copyRoleArn: env.COPY_ROLE_ARN,
      deduplicationHours: Number(env.DEDUPLICATION_HOURS),
      runId: context.awsRequestId,
    },
    log,
  );
};
