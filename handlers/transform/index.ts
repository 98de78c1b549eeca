import { setTimeout as sleep } from "node:timers/promises";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { enricherOf } from "../enrich/env";
import { readEnv } from "../env";
import { Metrics } from "../metrics";
import { firehoseDelivery } from "./deliver";
import type { TransformEnv } from "./env";
import { transformHandler } from "./handler";

const env: TransformEnv = readEnv(
  ["RAW_STREAM", "EVENTS_STREAM", "FAILED_STREAM", "ENRICHMENTS", "COUNTRY_DATABASE"],
  process.env,
);

const client = new FirehoseClient({
  // The delivery tries again itself, within the time that the invocation has left.
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

export const handler = transformHandler({
  streams: env,
  enrich: enricherOf(env),
  deliver: firehoseDelivery(client),
  metrics: new Metrics("transform", 0),
  now: () => new Date(),
  sleep,
  random: Math.random,
  log: (message, error) => console.error(message, error),
});
