import { setTimeout as sleep } from "node:timers/promises";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { enricherOf } from "../enrich/env";
import { readEnv } from "../env";
import { Metrics } from "../metrics";
import { readPolicies } from "../plan/plan";
import { firehoseDelivery } from "./deliver";
import type { TransformEnv } from "./env";
import { transformHandler } from "./handler";
// Made from `tracking-plan/` when the function is bundled; it lies beside this module in the archive.
import { plan } from "./plan.mjs";

const env: TransformEnv = readEnv(
  ["RAW_STREAM", "EVENTS_STREAM", "FAILED_STREAM", "ENRICHMENTS", "COUNTRY_DATABASE", "PLAN_POLICIES"],
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
  rules: { plan, policies: readPolicies(env.PLAN_POLICIES) },
  deliver: firehoseDelivery(client),
  metrics: new Metrics("transform", 0),
  now: () => new Date(),
  sleep,
  random: Math.random,
  log: (message, error) => console.error(message, error),
});
