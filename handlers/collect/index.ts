import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readEnv } from "../env";
import { Metrics } from "../metrics";
import type { CollectEnv } from "./env";
import { collectHandler } from "./handler";
import { readIdCookie } from "./request/cookie";
import { readEdge } from "./request/edge";
import { readPaths } from "./routes";
import { scriptOf } from "./script";
import { readBytes, readSources, readTtlDays } from "./sources";
import { tableStore } from "./store";

const env: CollectEnv = readEnv(
  ["TABLE_NAME", "TTL_DAYS", "SOURCES", "MAX_EVENT_BYTES", "MAX_BODY_BYTES", "PATHS", "EDGE", "COOKIE"],
  process.env,
);

const client = new DynamoDBClient({
  // The store tries again itself, within the time that the request has left.
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
});

export const handler = collectHandler({
  sources: readSources(env.SOURCES),
  ttlDays: readTtlDays(env.TTL_DAYS),
  limits: {
    eventBytes: readBytes("MAX_EVENT_BYTES", env.MAX_EVENT_BYTES),
    bodyBytes: readBytes("MAX_BODY_BYTES", env.MAX_BODY_BYTES),
  },
  paths: readPaths(env.PATHS),
  edge: readEdge(env.EDGE),
  idCookie: readIdCookie(env.COOKIE),
  // The file lies beside the bundle.
  script: scriptOf(readFileSync(join(process.env.LAMBDA_TASK_ROOT ?? ".", "clickstream.js"))),
  store: tableStore(client, env.TABLE_NAME),
  metrics: new Metrics("collect", 10_000),
  now: () => new Date(),
  sleep,
  random: Math.random,
  log: (message, error) => console.error(message, error),
});
