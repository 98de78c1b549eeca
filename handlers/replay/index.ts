import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip, gzipSync } from "node:zlib";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { readBytes, readSources } from "../collect/sources";
import { enricherOf } from "../enrich/env";
import { readEnv } from "../env";
import { readPolicies } from "../plan/plan";
import { Warehouse } from "../warehouse/warehouse";
import type { ReplayEnv } from "./env";
// As in the transform: it lies beside this module in the archive.
import { plan } from "./plan.mjs";
import { linesOf } from "./raw";
import { replay } from "./replay";
import { readReplaySql } from "./statements";
import { taskOf } from "./task";

const env: ReplayEnv = readEnv(
  [
    "LAKE_BUCKET",
    "WORKGROUP_NAME",
    "DATABASE_NAME",
    "COPY_ROLE_ARN",
    "DEDUPLICATION_HOURS",
    "SOURCES",
    "MAX_EVENT_BYTES",
    "MAX_BODY_BYTES",
    "ENRICHMENTS",
    "COUNTRY_DATABASE",
    "PLAN_POLICIES",
  ],
  process.env,
);
const redshift = new RedshiftDataClient({});
const s3 = new S3Client({});
const enrich = enricherOf(env);
const rules = { plan, policies: readPolicies(env.PLAN_POLICIES) };

async function bodyOf(key: string): Promise<Readable> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: env.LAKE_BUCKET, Key: key }));
  if (!(Body instanceof Readable)) throw new Error(`${key} has no body`);
  return Body;
}

async function* readLines(key: string): AsyncGenerator<string> {
  const body = await bodyOf(key);
  const input = key.endsWith(".gz") ? body.pipe(createGunzip()) : body;
  body.on("error", (error) => input.destroy(error));
  yield* linesOf(input);
}

async function readText(key: string): Promise<string> {
  return Buffer.concat(await (await bodyOf(key)).toArray()).toString("utf8");
}

async function write(key: string, lines: readonly string[]): Promise<void> {
  const Body = gzipSync(lines.map((line) => `${line}\n`).join(""));
  await s3.send(new PutObjectCommand({ Bucket: env.LAKE_BUCKET, Key: key, Body }));
}

export const handler = (event: unknown, context: Context) => {
  const target = { workgroupName: env.WORKGROUP_NAME, database: env.DATABASE_NAME };
  const waiting = {
    remainingMs: () => context.getRemainingTimeInMillis(),
    sleep: (ms: number) => sleep(ms),
  };
  return replay(taskOf(event), {
    warehouse: new Warehouse(redshift, target, waiting),
    waiting,
    random: Math.random,
    now: () => new Date(),
    // The files lie beside the bundle.
    sql: readReplaySql(join(process.env.LAMBDA_TASK_ROOT ?? ".", "sql")),
    bucket: env.LAKE_BUCKET,
    copyRoleArn: env.COPY_ROLE_ARN,
    deduplicationHours: Number(env.DEDUPLICATION_HOURS),
    settings: {
      sources: readSources(env.SOURCES),
      limits: {
        eventBytes: readBytes("MAX_EVENT_BYTES", env.MAX_EVENT_BYTES),
        bodyBytes: readBytes("MAX_BODY_BYTES", env.MAX_BODY_BYTES),
      },
    },
    enrich,
    rules,
    readLines,
    readText,
    write,
    runId: context.awsRequestId,
  });
};
