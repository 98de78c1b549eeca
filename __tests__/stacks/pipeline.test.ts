import { readSources, readTtlDays } from "../../handlers/collect/sources";
import type { WarehouseConfiguration } from "../../handlers/migrate/env";
import { environmentNames } from "../../stacks/config";
import type { Outputs } from "../../stacks/outputs";
import {
  functionOf,
  only,
  type Resource,
  resources,
  type SynthesizedEnvironment,
  synthesize,
} from "./synthesized";

const all = environmentNames.map((name) => [name, synthesize(name)] as const);
const prod = synthesize("prod");
const local = synthesize("local");

/** What the functions are in the warehouse. */
const functionUsers = { "clickstream-prod-load": "loader", "clickstream-prod-replay": "replayer" };

function variablesOf(environment: SynthesizedEnvironment, handler: string): Record<string, string> {
  const { variables } = functionOf(environment, handler).environment as { variables: Record<string, string> };
  return variables;
}

/** What the migration is called with. */
function migrationOf({ pipeline }: SynthesizedEnvironment) {
  return JSON.parse(String(only(pipeline, "aws_lambda_invocation").input)) as {
    readonly sql: string;
    readonly configuration: WarehouseConfiguration;
  };
}

describe("the functions", () => {
  it.each(all)("are given what their contracts ask for, and nothing else (%s)", (_, environment) => {
    const names = (handler: string) => Object.keys(variablesOf(environment, handler)).sort();
    expect(names("collect")).toEqual([
      "COOKIE",
      "EDGE",
      "MAX_BODY_BYTES",
      "MAX_EVENT_BYTES",
      "PATHS",
      "SOURCES",
      "TABLE_NAME",
      "TTL_DAYS",
    ]);
    expect(names("transform")).toEqual([
      "COUNTRY_DATABASE",
      "ENRICHMENTS",
      "EVENTS_STREAM",
      "FAILED_STREAM",
      "PLAN_POLICIES",
      "RAW_STREAM",
    ]);
    expect(names("load")).toEqual([
      "COPY_ROLE_ARN",
      "DATABASE_NAME",
      "DEAD_LETTER_QUEUE_URL",
      "DEDUPLICATION_HOURS",
      "LAKE_BUCKET",
      "QUEUE_URL",
      "REDELIVERY_SECONDS",
      "WORKGROUP_NAME",
    ]);
    expect(names("migrate")).toEqual(["ADMIN_SECRET_ARN", "DATABASE_NAME", "WORKGROUP_NAME"]);
    expect(names("replay")).toEqual([
      "COPY_ROLE_ARN",
      "COUNTRY_DATABASE",
      "DATABASE_NAME",
      "DEDUPLICATION_HOURS",
      "ENRICHMENTS",
      "LAKE_BUCKET",
      "MAX_BODY_BYTES",
      "MAX_EVENT_BYTES",
      "PLAN_POLICIES",
      "SOURCES",
      "WORKGROUP_NAME",
    ]);
  });

  it("the collector reads its sources and its days", () => {
    const { SOURCES = "", TTL_DAYS = "" } = variablesOf(local, "collect");
    expect(readTtlDays(TTL_DAYS)).toBe(30);
    expect(readSources(SOURCES).size).toBe(3);
  });

  it("the database users of those that write are the ones that the migration makes", () => {
    const { configuration } = migrationOf(prod);
    expect(configuration.users).toEqual(functionUsers);
    const roles = resources(prod.pipeline, "aws_iam_role").map(({ name }) => name);
    expect(roles).toEqual(expect.arrayContaining(Object.keys(functionUsers)));
  });

  it("run on Node 22 on Arm, their code deployed when it changes", () => {
    for (const handler of ["collect", "transform", "load", "migrate", "replay"])
      expect(functionOf(prod, handler)).toMatchObject({
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        source_code_hash: `hash of ${handler}`,
        logging_config: { log_format: "JSON", system_log_level: "INFO" },
      });
  });

  it("do not log every invocation above 100 requests a second", () => {
    const busy = synthesize("prod", { expectedRps: 1000 });
    expect(functionOf(busy, "collect")).toMatchObject({ logging_config: { system_log_level: "WARN" } });
  });
});

describe("the collector's URL", () => {
  const permissionsOf = ({ pipeline }: SynthesizedEnvironment): Resource[] =>
    resources(pipeline, "aws_lambda_permission").map(({ function_name: _, ...rest }) => rest);
  const toUrl = {
    statement_id: "PublicUrl",
    principal: "*",
    action: "lambda:InvokeFunctionUrl",
    function_url_auth_type: "NONE",
  };

  it.each(["dev", "prod"] as const)(
    "is public by both permissions, the second only through it (%s)",
    (name) => {
      expect(permissionsOf(synthesize(name))).toEqual([
        {
          statement_id: "PublicUrlInvoke",
          principal: "*",
          action: "lambda:InvokeFunction",
          invoked_via_function_url: true,
        },
        toUrl,
      ]);
    },
  );

  it("asks provider 5.100 for nothing that it does not know, and never grants the invocation without a limit", () => {
    expect(permissionsOf(local)).toEqual([toUrl]);
    expect(local.pipeline.terraform.required_providers.aws.version).toBe(">= 5.100.0, < 7.0.0");
    expect(prod.pipeline.terraform.required_providers.aws.version).toBe(">= 6.29.0, < 7.0.0");
  });

  it("answers preflights with every header that clients send listed", () => {
    expect(only(prod.pipeline, "aws_lambda_function_url")).toMatchObject({
      authorization_type: "NONE",
      cors: {
        allow_origins: ["*"],
        allow_credentials: true,
        allow_methods: ["GET", "POST"],
        allow_headers: [
          ...[
            "anonymousid",
            "authorization",
            "content-type",
            "sentat",
            "sp-anonymous",
            "user-agent",
            "x-retry-count",
          ],
        ],
        expose_headers: ["retry-after"],
        max_age: 86_400,
      },
    });
  });
});

describe("the stream's mapping", () => {
  it("takes new and repeated items, from the first, and loses none", () => {
    expect(only(prod.pipeline, "aws_lambda_event_source_mapping")).toMatchObject({
      starting_position: "TRIM_HORIZON",
      filter_criteria: { filter: [{ pattern: '{"eventName":["INSERT","MODIFY"]}' }] },
      function_response_types: ["ReportBatchItemFailures"],
      bisect_batch_on_function_error: true,
      maximum_record_age_in_seconds: 43_200,
      maximum_retry_attempts: 10_000,
      destination_config: { on_failure: { destination_arn: expect.stringContaining("lake_bucket") } },
    });
  });

  it("may write to the lake what it gives up, where Lambda puts it, and somebody is told", () => {
    const policy = Object.entries(prod.pipeline.resource.aws_iam_role_policy ?? {}).find(([name]) =>
      name.startsWith("transform_policy"),
    )?.[1].policy;
    expect(String(policy)).toContain('/aws/lambda/*"');
    expect(String(policy)).toContain('"s3:ListBucket"');
    const { queue } = only(prod.data, "aws_s3_bucket_notification");
    const told = (queue as Resource[]).map(({ filter_prefix: prefix, queue_arn: arn }) => [
      prefix,
      String(arn).replace(/.*queues_([a-z-]+)_.*/, "$1"),
    ]);
    expect(told).toEqual([
      ["events/", "queue"],
      ["failed/", "queue"],
      ["errors/", "attention"],
      ["aws/lambda/", "attention"],
    ]);
  });
});

describe("delivery", () => {
  it("writes each kind into its folder, by day and hour, in gzip, a newline after each record", () => {
    const streams = resources(prod.pipeline, "aws_kinesis_firehose_delivery_stream");
    expect(streams.map(({ name }) => name)).toEqual([
      "clickstream-prod-events",
      "clickstream-prod-failed",
      "clickstream-prod-raw",
    ]);
    for (const { name, extended_s3_configuration: s3 } of streams) {
      const kind = String(name).split("-").at(-1);
      expect(s3).toMatchObject({
        prefix: `${kind}/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/`,
        error_output_prefix: expect.stringContaining(`errors/${kind}/!{firehose:error-output-type}/`),
        compression_format: "GZIP",
        buffering_interval: 120,
        processing_configuration: { enabled: true, processors: [{ type: "AppendDelimiterToRecord" }] },
      });
    }
  });
});

describe("the warehouse's upkeep", () => {
  it("migrates whenever sql/ changes, and before the loader may run", () => {
    expect(only(prod.pipeline, "aws_lambda_invocation")).toMatchObject({
      lifecycle_scope: "CRUD",
    });
    expect(migrationOf(prod)).toMatchObject({ sql: "hash of sql" });
    for (const schedule of resources(prod.pipeline, "aws_scheduler_schedule"))
      expect(schedule.depends_on).toEqual(
        expect.arrayContaining([expect.stringContaining("aws_lambda_invocation.migration_invocation")]),
      );
  });

  it("tells the warehouse what the environment decides of its models and users", () => {
    expect(migrationOf(prod).configuration).toMatchObject({
      sessionMinutes: 30,
      timeZone: "UTC",
      internalTraffic: {},
    });
    const internalTraffic = { hosts: ["staging.example.com"] };
    const given = { sessionMinutes: 20, timeZone: "Europe/Berlin", internalTraffic };
    const other = synthesize("prod", { ...given, warehouseUsers: { analysts: "analyst" } });
    expect(migrationOf(other).configuration).toEqual({
      ...given,
      users: { analysts: "analyst", ...functionUsers },
    });
  });

  it("loads hourly on AWS, every minute on a laptop, and sweeps daily", () => {
    const schedules = ({ pipeline }: SynthesizedEnvironment) =>
      resources(pipeline, "aws_scheduler_schedule").map(({ schedule_expression, target }) => [
        schedule_expression,
        (target as Resource).input,
      ]);
    const sweep = ["cron(40 3 * * ? *)", '{"sweep":true}'];
    expect(schedules(prod)).toEqual([["rate(1 hour)", "{}"], sweep]);
    expect(schedules(local)).toEqual([["rate(1 minute)", "{}"], sweep]);
  });

  it("leaves the workgroup's parameters alone: a partial set differs on every plan", () => {
    expect(only(prod.data, "aws_redshiftserverless_workgroup")).not.toHaveProperty("config_parameter");
  });
});

describe("the outputs", () => {
  it.each(all)(
    "say all that the verbs need, in what a standard parameter holds (%s)",
    (name, { pipeline }) => {
      const parameter = only(pipeline, "aws_ssm_parameter");
      expect(parameter).toMatchObject({ name: `/clickstream/${name}/outputs`, type: "String" });
      expect(Buffer.byteLength(String(parameter.value))).toBeLessThan(4_096);
      const outputs = JSON.parse(String(parameter.value)) as Outputs;
      expect(outputs).toMatchObject({
        environment: name,
        region: "us-east-1",
        databaseName: "clickstream",
        workgroupName: `clickstream-${name}-warehouse`,
      });
      expect(outputs.sources.map(({ name: source, kind }) => [source, kind])).toEqual([
        ["web", "browser"],
        ["server", "server"],
        ["import", "server"],
      ]);
    },
  );
});
