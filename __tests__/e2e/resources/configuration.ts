/** Terraform's JSON syntax, as much of it as is written here. */
type Block = Readonly<Record<string, unknown>>;

/** A reference to an attribute of another resource: `ref("aws_iam_role.role.arn")`. */
const ref = (attribute: string): string => `\${${attribute}}`;

/** A resource's arguments as they are made first, and those that an update then changes. */
interface Lifecycle {
  readonly first: Block;
  readonly changed: Block;
}

/**
 * A configuration with a resource of every kind that the project's own services serve to Terraform, in two versions:
 * the second changes whatever can be changed in place, and makes anew what cannot.
 * @param code the zip files of the function's first and second code.
 */
export function configuration(
  version: "first" | "changed",
  code: Readonly<Record<typeof version, string>>,
): Block {
  const resource: Record<string, Record<string, Block>> = structuredClone(ground) as never;
  for (const [address, { first, changed }] of Object.entries(lifecycles(code))) {
    const [type = "", name = ""] = address.split(".");
    resource[type] = { ...resource[type], [name]: version === "first" ? first : { ...first, ...changed } };
  }
  return {
    terraform: { required_providers: { aws: { source: "aws" } } },
    provider: { aws: { region: "us-east-1", default_tags: { tags: { suite: "resources" } } } },
    data,
    resource,
  };
}

/** What the services under test refer to, and MiniStack serves. */
const ground = {
  aws_iam_role: {
    role: {
      name: "resources-role",
      assume_role_policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: {
              Service: ["lambda.amazonaws.com", "firehose.amazonaws.com", "scheduler.amazonaws.com"],
            },
          },
        ],
      }),
    },
  },
  aws_iam_role_policy: {
    policy: {
      name: "all",
      role: ref("aws_iam_role.role.id"),
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
      }),
    },
  },
  aws_s3_bucket: { bucket: { bucket: "resources-bucket", force_destroy: true } },
  aws_sqs_queue: {
    source: { name: "resources-source", visibility_timeout_seconds: 60 },
    dead: { name: "resources-dead" },
  },
  aws_dynamodb_table: {
    table: {
      name: "resources-table",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "id",
      attribute: [{ name: "id", type: "S" }],
      stream_enabled: true,
      stream_view_type: "NEW_IMAGE",
    },
  },
};

/** What is read back beside the resources. */
const data = {
  aws_lambda_function: { read: { function_name: ref("aws_lambda_function.function.function_name") } },
  aws_lambda_alias: {
    read: {
      function_name: ref("aws_lambda_function.function.function_name"),
      name: ref("aws_lambda_alias.alias.name"),
    },
  },
  aws_lambda_function_url: {
    read: {
      function_name: ref("aws_lambda_function_url.url.function_name"),
      qualifier: ref("aws_lambda_function_url.url.qualifier"),
    },
  },
  aws_kinesis_firehose_delivery_stream: {
    read: { name: ref("aws_kinesis_firehose_delivery_stream.delivery.name") },
  },
};

const functionName = ref("aws_lambda_function.function.function_name");
const roleArn = ref("aws_iam_role.role.arn");
const deadArn = ref("aws_sqs_queue.dead.arn");
const functionArn = ref("aws_lambda_function.function.arn");

function lifecycles(
  code: Readonly<Record<"first" | "changed", string>>,
): Readonly<Record<string, Lifecycle>> {
  return {
    "aws_lambda_layer_version.layer": {
      first: {
        layer_name: "resources-layer",
        filename: code.first,
        compatible_runtimes: ["nodejs22.x"],
        compatible_architectures: ["arm64"],
        description: "a layer",
        license_info: "Apache-2.0",
      },
      changed: { filename: code.changed },
    },
    "aws_lambda_function.function": {
      first: {
        function_name: "resources-function",
        description: "first",
        role: roleArn,
        runtime: "nodejs22.x",
        handler: "index.handler",
        architectures: ["arm64"],
        filename: code.first,
        source_code_hash: `\${filebase64sha256("${code.first}")}`,
        publish: true,
        layers: [ref("aws_lambda_layer_version.layer.arn")],
        environment: { variables: { ONE: "1" } },
        logging_config: { log_format: "Text" }, // said: without it the provider plans a version after every JSON
        tags: { one: "1" },
        depends_on: ["aws_iam_role_policy.policy"],
      },
      changed: {
        description: "changed",
        filename: code.changed,
        source_code_hash: `\${filebase64sha256("${code.changed}")}`,
        memory_size: 256,
        timeout: 30,
        reserved_concurrent_executions: 5,
        ephemeral_storage: { size: 1024 },
        environment: { variables: { ONE: "one", TWO: "2" } },
        dead_letter_config: { target_arn: deadArn },
        logging_config: { log_format: "JSON", application_log_level: "DEBUG", system_log_level: "WARN" },
        tags: { one: "one", two: "2" },
      },
    },
    "aws_lambda_alias.alias": {
      first: { name: "live", function_name: functionName, function_version: "1", description: "first" },
      changed: { function_version: ref("aws_lambda_function.function.version"), description: "changed" },
    },
    "aws_lambda_permission.permission": {
      first: {
        statement_id: "bucket",
        function_name: functionName,
        action: "lambda:InvokeFunction",
        principal: "s3.amazonaws.com",
        source_arn: ref("aws_s3_bucket.bucket.arn"),
        source_account: "000000000000",
      },
      changed: { principal: "sns.amazonaws.com", source_arn: "arn:aws:sns:us-east-1:000000000000:none" }, // anew
    },
    "aws_lambda_function_url.url": {
      first: {
        function_name: functionName,
        qualifier: ref("aws_lambda_alias.alias.name"),
        authorization_type: "AWS_IAM",
      },
      changed: {
        authorization_type: "NONE",
        cors: {
          allow_credentials: true,
          allow_headers: ["content-type"],
          allow_methods: ["POST"],
          allow_origins: ["https://example.com"],
          expose_headers: ["x-one"],
          max_age: 600,
        },
      },
    },
    "aws_lambda_function_event_invoke_config.invoke": {
      first: { function_name: functionName, maximum_retry_attempts: 0 },
      changed: {
        maximum_retry_attempts: 1,
        maximum_event_age_in_seconds: 120,
        destination_config: { on_failure: { destination: deadArn } },
      },
    },
    "aws_lambda_event_source_mapping.stream": {
      first: {
        function_name: functionName,
        event_source_arn: ref("aws_dynamodb_table.table.stream_arn"),
        starting_position: "LATEST",
        batch_size: 100, // once it is set, the provider cannot go back to the default
      },
      changed: {
        batch_size: 500,
        maximum_batching_window_in_seconds: 5,
        parallelization_factor: 4,
        bisect_batch_on_function_error: true,
        maximum_retry_attempts: 3,
        maximum_record_age_in_seconds: 3600,
        function_response_types: ["ReportBatchItemFailures"],
        filter_criteria: { filter: [{ pattern: JSON.stringify({ eventName: ["INSERT"] }) }] },
        destination_config: { on_failure: { destination_arn: deadArn } },
        tags: { one: "1" },
      },
    },
    "aws_lambda_event_source_mapping.anew": {
      first: {
        function_name: ref("aws_lambda_alias.alias.arn"),
        event_source_arn: ref("aws_dynamodb_table.table.stream_arn"),
        starting_position: "LATEST",
        enabled: false,
      },
      changed: { starting_position: "TRIM_HORIZON" }, // anew
    },
    "aws_lambda_event_source_mapping.queue": {
      first: {
        function_name: functionName,
        event_source_arn: ref("aws_sqs_queue.source.arn"),
        batch_size: 10,
      },
      changed: {
        batch_size: 100,
        maximum_batching_window_in_seconds: 2,
        enabled: false,
        function_response_types: ["ReportBatchItemFailures"],
        scaling_config: { maximum_concurrency: 3 },
      },
    },
    "aws_kinesis_firehose_delivery_stream.delivery": {
      first: {
        name: "resources-delivery",
        destination: "extended_s3",
        extended_s3_configuration: { bucket_arn: ref("aws_s3_bucket.bucket.arn"), role_arn: roleArn },
        tags: { one: "1" },
      },
      changed: {
        extended_s3_configuration: {
          bucket_arn: ref("aws_s3_bucket.bucket.arn"),
          role_arn: roleArn,
          buffering_interval: 60,
          buffering_size: 10,
          compression_format: "GZIP",
          prefix: "out/!{timestamp:yyyy}/",
          error_output_prefix: "bad/!{firehose:error-output-type}/",
          custom_time_zone: "Europe/Berlin",
          file_extension: ".ndjson.gz",
          processing_configuration: {
            enabled: true,
            processors: [
              {
                type: "AppendDelimiterToRecord",
                parameters: [{ parameter_name: "Delimiter", parameter_value: "\\n" }],
              },
            ],
          },
        },
        server_side_encryption: { enabled: true, key_type: "AWS_OWNED_CMK" },
        tags: { one: "one" },
      },
    },
    "aws_scheduler_schedule_group.group": {
      first: { name: "resources-group", tags: { one: "1" } },
      changed: { tags: { two: "2" } },
    },
    "aws_scheduler_schedule.schedule": {
      first: {
        name: "resources-schedule",
        group_name: ref("aws_scheduler_schedule_group.group.name"),
        schedule_expression: "rate(1 hour)",
        flexible_time_window: { mode: "OFF" },
        target: { arn: functionArn, role_arn: roleArn },
      },
      changed: {
        description: "changed",
        schedule_expression: "cron(0 3 * * ? *)",
        schedule_expression_timezone: "Europe/Berlin",
        start_date: "2099-01-01T00:00:00Z",
        end_date: "2099-12-31T00:00:00Z",
        state: "DISABLED",
        flexible_time_window: { mode: "FLEXIBLE", maximum_window_in_minutes: 15 },
        target: {
          arn: functionArn,
          role_arn: roleArn,
          input: JSON.stringify({ one: 1 }),
          retry_policy: { maximum_event_age_in_seconds: 600, maximum_retry_attempts: 2 },
          dead_letter_config: { arn: deadArn },
        },
      },
    },
    "aws_scheduler_schedule.anew": {
      first: {
        name: "resources-once",
        schedule_expression: "at(2099-01-01T00:00:00)",
        flexible_time_window: { mode: "OFF" },
        target: { arn: ref("aws_sqs_queue.dead.arn"), role_arn: roleArn, input: "{}" },
      },
      changed: { name: "resources-once-more" },
    },
  };
}
