import type { Construct } from "constructs";
import type { CollectEnv } from "../../../handlers/collect/env";
import { lakePrefixes } from "../../../handlers/event/lake";
import type { LoadEnv } from "../../../handlers/load/env";
import type { MigrateEnv } from "../../../handlers/migrate/env";
import type { ReplayEnv } from "../../../handlers/replay/env";
import type { RulesEnv, TransformEnv } from "../../../handlers/transform/env";
import type { Environment } from "../../config";
import type { DataStack } from "../../data-stack";
import { cookieVariable, edgeVariable } from "../../edge";
import { enrichVariables } from "../../enrichment";
import type { Bundles } from "../../functions/bundle";
import { sourcesOf } from "../../sources";
import { type Statement, useKey } from "../policy";
import type { Delivery } from "./delivery";
import { HandlerFunction } from "./function";

/** What every function is made from. */
export interface Shared {
  readonly environment: Environment;
  readonly data: DataStack;
  readonly bundles: Bundles;
}

/** What functions that enrich events are made from besides. */
export interface Enriching {
  /** ARNs of the layers with what enrichments look up. */
  readonly layers: readonly string[];
}

/** The collector: stores what is sent and acknowledges it then. @param edgeSecrets by which it knows its edge. */
export function collectFunction(
  scope: Construct,
  { environment, data, bundles, edgeSecrets }: Shared & { readonly edgeSecrets: readonly string[] },
): HandlerFunction {
  const { keyArn, events } = data;
  return new HandlerFunction(scope, "collect", {
    environment,
    keyArn,
    handler: "collect",
    bundle: bundles.functions.collect,
    description: "Stores events that are sent to the collector's URL",
    memorySize: 512,
    timeoutSeconds: 10,
    ...(environment.reservedConcurrency === undefined
      ? {}
      : { reservedConcurrency: environment.reservedConcurrency }),
    variables: {
      TABLE_NAME: events.name,
      TTL_DAYS: String(environment.ttlDays),
      SOURCES: JSON.stringify(sourcesOf(environment)),
      ...limitsOf(environment),
      PATHS: JSON.stringify(environment.paths ?? {}),
      EDGE: edgeVariable(edgeSecrets, environment),
      COOKIE: cookieVariable(environment),
    } satisfies CollectEnv,
    permissions: [
      { actions: ["dynamodb:BatchWriteItem"], resources: [events.arn] },
      useKey(keyArn, environment, "dynamodb", "kms:Decrypt"),
    ],
  });
}

/** The transform: enriches what the stream brings and hands it to the delivery streams. */
export function transformFunction(
  scope: Construct,
  { environment, data, bundles, streams, layers }: Shared & Pick<Delivery, "streams"> & Enriching,
): HandlerFunction {
  const { keyArn, events, lake } = data;
  return new HandlerFunction(scope, "transform", {
    environment,
    keyArn,
    handler: "transform",
    bundle: bundles.functions.transform,
    description: "Enriches stored events and packs them for delivery to the lake",
    memorySize: 1_024,
    timeoutSeconds: 120,
    variables: {
      RAW_STREAM: streams.raw.name,
      EVENTS_STREAM: streams.events.name,
      FAILED_STREAM: streams.failed.name,
      ...rulesVariables(environment),
    } satisfies TransformEnv,
    layers,
    permissions: [
      {
        actions: ["firehose:PutRecordBatch"],
        resources: [streams.raw.arn, streams.events.arn, streams.failed.arn],
      },
      {
        actions: [
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
        ],
        resources: [events.streamArn],
      },
      // Lambda writes records that it gave up on with the function's own role.
      { actions: ["s3:PutObject"], resources: [`${lake.arn}/${lakePrefixes.undelivered}*`] },
      { actions: ["s3:ListBucket"], resources: [lake.arn] },
      useKey(keyArn, environment, "dynamodb", "kms:Decrypt"),
      useKey(keyArn, environment, "s3", "kms:GenerateDataKey"),
    ],
  });
}

/** The loader: brings the lake's new objects into the warehouse. */
export function loadFunction(scope: Construct, { environment, data, bundles }: Shared): HandlerFunction {
  const { keyArn, lake, queues, warehouse } = data;
  const { names, deduplicationHours, redeliverySeconds } = environment;
  return new HandlerFunction(scope, "load", {
    environment,
    keyArn,
    handler: "load",
    bundle: bundles.functions.load,
    description: "Loads the lake's new objects into the warehouse, each event once",
    memorySize: 512,
    timeoutSeconds: 900,
    variables: {
      QUEUE_URL: queues.url,
      DEAD_LETTER_QUEUE_URL: queues.deadLetterUrl,
      REDELIVERY_SECONDS: String(redeliverySeconds),
      LAKE_BUCKET: lake.bucket,
      WORKGROUP_NAME: names.workgroup,
      DATABASE_NAME: names.database,
      COPY_ROLE_ARN: warehouse.copyRoleArn,
      DEDUPLICATION_HOURS: String(deduplicationHours),
    } satisfies LoadEnv,
    permissions: [
      {
        actions: [
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
          "sqs:ReceiveMessage",
          "sqs:SendMessage",
        ],
        resources: [queues.arn, queues.deadLetterArn],
      },
      { actions: ["s3:PutObject"], resources: [`${lake.arn}/${lakePrefixes.manifests}*`] },
      {
        actions: ["s3:ListBucket"],
        resources: [lake.arn],
        conditions: {
          StringLike: { "s3:prefix": [`${lakePrefixes.events}*`, `${lakePrefixes.failed}*`] },
        },
      },
      useKey(keyArn, environment, "s3", "kms:GenerateDataKey"),
      ...runSql(warehouse.workgroupArn, "redshift-data:ListStatements"),
      { actions: ["redshift-serverless:GetCredentials"], resources: [warehouse.workgroupArn] },
    ],
  });
}

/** The migration: makes the warehouse's tables, views and users. */
export function migrateFunction(scope: Construct, { environment, data, bundles }: Shared): HandlerFunction {
  const { keyArn, warehouse } = data;
  const { names } = environment;
  return new HandlerFunction(scope, "migrate", {
    environment,
    keyArn,
    handler: "migrate",
    bundle: bundles.functions.migrate,
    description: "Runs the warehouse's migrations",
    memorySize: 512,
    timeoutSeconds: 900,
    variables: {
      WORKGROUP_NAME: names.workgroup,
      DATABASE_NAME: names.database,
      ADMIN_SECRET_ARN: warehouse.adminSecretArn,
    } satisfies MigrateEnv,
    permissions: [
      ...runSql(warehouse.workgroupArn),
      { actions: ["secretsmanager:GetSecretValue"], resources: [warehouse.adminSecretArn] },
    ],
  });
}

/** The replay: brings what the raw lake holds through today's transform to where the warehouse has it. */
export function replayFunction(
  scope: Construct,
  { environment, data, bundles, layers }: Shared & Enriching,
): HandlerFunction {
  const { keyArn, lake, warehouse } = data;
  const { names, deduplicationHours } = environment;
  const under = (...folders: readonly (keyof typeof lakePrefixes)[]): string[] =>
    folders.map((folder) => `${lake.arn}/${lakePrefixes[folder]}*`);
  return new HandlerFunction(scope, "replay", {
    environment,
    keyArn,
    handler: "replay",
    bundle: bundles.functions.replay,
    description: "Brings events of the raw lake into the warehouse again, when an operator asks",
    memorySize: 1_769,
    timeoutSeconds: 900,
    variables: {
      LAKE_BUCKET: lake.bucket,
      WORKGROUP_NAME: names.workgroup,
      DATABASE_NAME: names.database,
      COPY_ROLE_ARN: warehouse.copyRoleArn,
      DEDUPLICATION_HOURS: String(deduplicationHours),
      SOURCES: JSON.stringify(sourcesOf(environment)),
      ...limitsOf(environment),
      ...rulesVariables(environment),
    } satisfies ReplayEnv,
    layers,
    permissions: [
      { actions: ["s3:GetObject"], resources: under("raw", "undelivered") },
      { actions: ["s3:PutObject"], resources: under("raw", "events", "failed", "manifests") },
      useKey(keyArn, environment, "s3", "kms:Decrypt", "kms:GenerateDataKey"),
      ...runSql(warehouse.workgroupArn),
      { actions: ["redshift-serverless:GetCredentials"], resources: [warehouse.workgroupArn] },
    ],
  });
}

/** What events are enriched with, and held to. */
function rulesVariables(environment: Environment): RulesEnv {
  return {
    ...enrichVariables(environment),
    PLAN_POLICIES: JSON.stringify(environment.planPolicies ?? {}),
  };
}

/** What is taken of a request and of an event. */
function limitsOf({ maxEventKilobytes = 32, maxBodyKilobytes = 500 }: Environment) {
  return {
    MAX_EVENT_BYTES: String(maxEventKilobytes * 1024),
    MAX_BODY_BYTES: String(maxBodyKilobytes * 1024),
  };
}

/**
 * The Data API: statements are run on the workgroup; what became of them is asked of one's own alone.
 * @param more other actions on one's own statements.
 */
function runSql(workgroupArn: string, ...more: readonly string[]): Statement[] {
  return [
    {
      actions: ["redshift-data:BatchExecuteStatement", "redshift-data:ExecuteStatement"],
      resources: [workgroupArn],
    },
    {
      actions: ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult", ...more],
      resources: ["*"],
      conditions: { StringEquals: { "redshift-data:statement-owner-iam-userid": "$${aws:userid}" } },
    },
  ];
}
