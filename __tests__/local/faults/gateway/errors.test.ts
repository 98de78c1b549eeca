import { DynamoDBClient, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient, GetRecordsCommand } from "@aws-sdk/client-dynamodb-streams";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ExecuteStatementCommand, RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { ListWorkgroupsCommand, RedshiftServerlessClient } from "@aws-sdk/client-redshift-serverless";
import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { CallError, callJson, signedPost } from "../../../../local/service/signed";
import { Bench } from "../bench";

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().open();
});
afterEach(() => bench.close());

interface SdkError extends Error {
  readonly $metadata: { readonly httpStatusCode?: number };
  readonly $retryable?: object;
}

/** The error that an SDK's client makes of an answer. */
async function failure(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call;
  } catch (error) {
    return error as SdkError;
  }
  throw new Error("the call did not fail");
}

/** Calls of each service, by how it is named in a fault. */
const calls: Readonly<Record<string, (config: Bench["client"]) => Promise<unknown>>> = {
  "dynamodb:PutItem": (config) =>
    new DynamoDBClient(config).send(new PutItemCommand({ TableName: "t", Item: {} })),
  "dynamodb:ListTables": (config) => new DynamoDBClient(config).send(new ListTablesCommand({})),
  "dynamodbstreams:GetRecords": (config) =>
    new DynamoDBStreamsClient(config).send(new GetRecordsCommand({ ShardIterator: "i" })),
  "firehose:PutRecordBatch": (config) =>
    new FirehoseClient(config).send(new PutRecordBatchCommand({ DeliveryStreamName: "s", Records: [] })),
  "iam:GetRole": (config) => new IAMClient(config).send(new GetRoleCommand({ RoleName: "r" })),
  "lambda:Invoke": (config) => new LambdaClient(config).send(new InvokeCommand({ FunctionName: "f" })),
  "redshift-data:ExecuteStatement": (config) =>
    new RedshiftDataClient(config).send(new ExecuteStatementCommand({ Sql: "select 1", Database: "d" })),
  "redshift-serverless:ListWorkgroups": (config) =>
    new RedshiftServerlessClient(config).send(new ListWorkgroupsCommand({})),
  "s3:PutObject": (config) =>
    new S3Client({ ...config, forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x".repeat(100_000) }),
    ),
  "scheduler:ListSchedules": (config) => new SchedulerClient(config).send(new ListSchedulesCommand({})),
  "secretsmanager:GetSecretValue": (config) =>
    new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId: "s" })),
  "sqs:ReceiveMessage": (config) =>
    new SQSClient(config).send(new ReceiveMessageCommand({ QueueUrl: `${config.endpoint}/0/q` })),
  "ssm:GetParameter": (config) => new SSMClient(config).send(new GetParameterCommand({ Name: "n" })),
};

describe("a throttle", () => {
  it.each([
    ["dynamodb:PutItem", "ProvisionedThroughputExceededException", 400],
    ["dynamodb:ListTables", "ThrottlingException", 400],
    ["dynamodbstreams:GetRecords", "LimitExceededException", 400],
    ["firehose:PutRecordBatch", "ServiceUnavailableException", 503],
    ["iam:GetRole", "Throttling", 400],
    ["lambda:Invoke", "TooManyRequestsException", 429],
    ["redshift-data:ExecuteStatement", "ThrottlingException", 400],
    ["redshift-serverless:ListWorkgroups", "ThrottlingException", 429],
    ["s3:PutObject", "SlowDown", 503],
    ["scheduler:ListSchedules", "ThrottlingException", 429],
    ["secretsmanager:GetSecretValue", "ThrottlingException", 400],
    ["sqs:ReceiveMessage", "RequestThrottled", 403],
    ["ssm:GetParameter", "ThrottlingException", 400],
  ])("of %s is %s (%i), and the service never sees the call", async (place, name, status) => {
    await bench.set(`${place}=throttle`);
    const error = await failure(calls[place]?.(bench.client) ?? Promise.resolve());
    expect([error.name, error.$metadata.httpStatusCode]).toEqual([name, status]);
    expect(error.message.length).toBeGreaterThan(5);
    expect(bench.seen).toEqual([]);
  });
});

describe("a service's own fault", () => {
  it.each([
    ["dynamodb:PutItem", "InternalServerError", 500],
    ["dynamodbstreams:GetRecords", "InternalServerError", 500],
    ["firehose:PutRecordBatch", "InternalFailure", 500],
    ["iam:GetRole", "ServiceFailureException", 500],
    ["lambda:Invoke", "ServiceException", 500],
    ["redshift-data:ExecuteStatement", "InternalServerException", 500],
    ["redshift-serverless:ListWorkgroups", "InternalServerException", 500],
    ["s3:PutObject", "InternalError", 500],
    ["scheduler:ListSchedules", "InternalServerException", 500],
    ["secretsmanager:GetSecretValue", "InternalServiceError", 500],
    ["sqs:ReceiveMessage", "InternalFailure", 500],
    ["ssm:GetParameter", "InternalServerError", 500],
  ])("of %s is %s (%i)", async (place, name, status) => {
    await bench.set(`${place}=error`);
    const error = await failure(calls[place]?.(bench.client) ?? Promise.resolve());
    expect([error.name, error.$metadata.httpStatusCode]).toEqual([name, status]);
    expect(bench.seen).toEqual([]);
  });
});

describe("services that the project calls without a client of theirs", () => {
  it.each([
    ["logs:PutLogEvents=throttle", "logs", "Logs_20140328.PutLogEvents", "ThrottlingException", 400],
    ["logs:PutLogEvents=error", "logs", "Logs_20140328.PutLogEvents", "ServiceUnavailableException", 503],
    ["kms:Decrypt=throttle", "kms", "TrentService.Decrypt", "ThrottlingException", 400],
    ["kms:Decrypt=error", "kms", "TrentService.Decrypt", "KMSInternalException", 500],
  ])("%s", async (fault, service, target, code, status) => {
    await bench.set(fault);
    const error = await callJson(bench.caller, service, target, "1.1", {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ code, status });
  });

  it.each([
    ["sns:Publish=throttle", "sns", "Publish", 429, "<Type>Sender</Type><Code>Throttled</Code>"],
    ["sns:Publish=error", "sns", "Publish", 500, "<Type>Receiver</Type><Code>InternalError</Code>"],
    ["sts:AssumeRole=throttle", "sts", "AssumeRole", 400, "<Code>Throttling</Code>"],
    ["sqs:SendMessage=throttle", "sqs", "SendMessage", 403, "<Code>RequestThrottled</Code>"],
  ])("%s, in the Query protocol", async (fault, service, action, status, part) => {
    await bench.set(fault);
    const form = new URLSearchParams({ Action: action }).toString();
    const answer = await signedPost(bench.caller, service, form, {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(answer.status).toBe(status);
    expect(answer.body.toString("utf8")).toContain(part);
    expect(answer.body.toString("utf8")).toMatch(/^<ErrorResponse xmlns="http.*<RequestId>.+<\/RequestId>/);
  });
});

it("an answer to HEAD has no body, and the client still knows what it was", async () => {
  await bench.set("s3:HeadObject=error");
  const s3 = new S3Client({ ...bench.client, forcePathStyle: true });
  const error = await failure(s3.send(new HeadObjectCommand({ Bucket: "b", Key: "k" })));
  expect(error.$metadata.httpStatusCode).toBe(500);
});

it("the SDK's own retries outlast calls that fail", async () => {
  await bench.set("dynamodb:ListTables=throttle#2");
  const client = new DynamoDBClient({ ...bench.client, maxAttempts: 3 });
  bench.serve = () => ({ body: { TableNames: ["t"] } });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(["t"]);
  expect(bench.seen).toHaveLength(1);
});
