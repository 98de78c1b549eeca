import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "./config";
import { deployTo } from "./constructs/deployment";
import { Edge } from "./constructs/edge/edge";
import { madeUpSecret } from "./constructs/edge/secret";
import { CollectorUrl } from "./constructs/pipeline/collector-url";
import { CountryLayer } from "./constructs/pipeline/country-layer";
import { Delivery } from "./constructs/pipeline/delivery";
import {
  collectFunction,
  loadFunction,
  migrateFunction,
  replayFunction,
  transformFunction,
} from "./constructs/pipeline/functions";
import { LoadSchedule } from "./constructs/pipeline/load-schedule";
import { Migration } from "./constructs/pipeline/migration";
import { StreamMapping } from "./constructs/pipeline/stream-mapping";
import type { DataStack } from "./data-stack";
import { enrichmentsOf } from "./enrichment";
import type { Bundle, Bundles } from "./functions/bundle";
import type { Outputs } from "./outputs";
import { sourcesOf } from "./sources";

export interface PipelineStackProps {
  readonly environment: Environment;
  readonly data: DataStack;
  readonly bundles: Bundles & { readonly countries: Bundle };
}

/** What moves events: it can be destroyed and deployed again, and nothing is lost. */
export class PipelineStack extends TerraformStack {
  constructor(scope: Construct, id: string, { environment, data, bundles }: PipelineStackProps) {
    super(scope, id);
    deployTo(environment, this);
    const { keyArn, events, lake, queues, warehouse } = data;
    const { names } = environment;
    const lakeArn = lake.arn;
    const shared = { environment, data, bundles };

    const { edge, proxySecrets = [] } = environment;
    const edgeSecret = edge === undefined ? undefined : madeUpSecret(this, "edge-secret");
    const edgeSecrets = [...(edgeSecret === undefined ? [] : [edgeSecret]), ...proxySecrets];
    const collect = collectFunction(this, { ...shared, edgeSecrets });
    const { url: functionUrl } = new CollectorUrl(this, "collector", {
      collect,
      invokePermission: environment.functionUrlInvokePermission,
    });

    const { url } =
      edge === undefined || edgeSecret === undefined
        ? { url: functionUrl }
        : new Edge(this, "edge", { environment, edge, originUrl: functionUrl, secret: edgeSecret });

    const { streams } = new Delivery(this, "delivery", { environment, keyArn, lakeArn });
    const layers = enrichmentsOf(environment).includes("country")
      ? [new CountryLayer(this, "countries", { environment, bundle: bundles.countries }).arn]
      : [];
    const transform = transformFunction(this, { ...shared, streams, layers });
    new StreamMapping(this, "stream", {
      environment,
      streamArn: events.streamArn,
      transform,
      undeliveredBucketArn: lakeArn,
    });

    const load = loadFunction(this, shared);
    const migrate = migrateFunction(this, shared);
    const migration = new Migration(this, "migration", { migrate, sqlHash: bundles.sqlHash, environment });
    const replay = replayFunction(this, { ...shared, layers });
    new LoadSchedule(this, "schedule", { environment, load, migration, attentionArn: queues.attentionArn });

    new SsmParameter(this, "outputs", {
      name: names.outputsParameter,
      description: "What the verbs need to know of this environment",
      type: "String",
      value: JSON.stringify({
        environment: environment.name,
        region: environment.region,
        collectorUrl: url,
        functionUrl,
        tableName: events.name,
        lakeBucket: lake.bucket,
        rawStream: streams.raw.name,
        eventsStream: streams.events.name,
        failedStream: streams.failed.name,
        queueUrl: queues.url,
        deadLetterQueueUrl: queues.deadLetterUrl,
        attentionQueueUrl: queues.attentionUrl,
        workgroupName: names.workgroup,
        databaseName: names.database,
        adminSecretArn: warehouse.adminSecretArn,
        functions: {
          collect: collect.name,
          transform: transform.name,
          load: load.name,
          migrate: migrate.name,
          replay: replay.name,
        },
        sources: sourcesOf(environment).map(({ name, kind, writeKeys: [writeKey = ""] }) => ({
          name,
          kind,
          writeKey,
        })),
        deduplicationHours: environment.deduplicationHours,
        ttlDays: environment.ttlDays,
        bufferSeconds: environment.bufferSeconds,
        loadSchedule: environment.loadSchedule,
      } satisfies Outputs),
    });
  }
}
