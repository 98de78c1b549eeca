import * as api from "@aws-sdk/client-lambda";
import { zip } from "../local/lambda/zip";
import { type Alone, lambdaAlone } from "./alone";
import { CheckedService, codeOf, documentedOperations, servedOperations, unrefused } from "./service";

const ZipFile = zip({ "index.mjs": "export const handler = async (event) => ({ got: event });" });
const FunctionName = "probe";
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:events";
const STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/events/stream/2026-03-04T05:06:07.890";
const MISSING = { FunctionName: "missing" };
let lambda: Alone;
let service: CheckedService;
let client: api.LambdaClient;

beforeAll(async () => {
  lambda = await lambdaAlone();
  service = new CheckedService("lambda", lambda.handler);
  await service.start();
  client = new api.LambdaClient(service.client);
});
afterAll(async () => {
  client.destroy();
  service.stop();
  await lambda.stop();
});

const call = (command: unknown) => client.send(command as api.GetFunctionCommand);
const created: api.CreateFunctionCommandInput = {
  FunctionName,
  ...{ Runtime: "nodejs22.x", Handler: "index.handler", Role: "arn:aws:iam::000000000000:role/probe" },
  Code: { ZipFile },
};

describe("Lambda's answers", () => {
  it("are its model's on layers and functions", async () => {
    const layer = { LayerName: "geo" };
    const { LayerVersionArn } = await client.send(
      new api.PublishLayerVersionCommand({
        ...{ ...layer, Description: "data", LicenseInfo: "MIT", Content: { ZipFile } },
        ...{ CompatibleRuntimes: ["nodejs22.x"], CompatibleArchitectures: ["arm64"] },
      }),
    );
    await call(new api.GetLayerVersionCommand({ ...layer, VersionNumber: 1 }));
    await call(new api.GetLayerVersionByArnCommand({ Arn: LayerVersionArn }));
    await call(new api.ListLayerVersionsCommand(layer));
    await call(new api.ListLayersCommand({}));
    const { RevisionId } = await client.send(
      new api.CreateFunctionCommand({
        ...created,
        ...{ Description: "probes", Timeout: 10, MemorySize: 256, Publish: true, Tags: { env: "local" } },
        ...{ Environment: { Variables: { NAME: "value" } }, Architectures: ["arm64"] },
        ...{ TracingConfig: { Mode: "Active" }, EphemeralStorage: { Size: 1_024 } },
        ...{ VpcConfig: { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] } },
        ...{ KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/k", Layers: [LayerVersionArn ?? ""] },
        LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN", ApplicationLogLevel: "INFO" },
        DeadLetterConfig: { TargetArn: QUEUE },
      }),
    );
    expect(RevisionId).toMatch(/-/);
    await call(new api.GetFunctionCommand({ FunctionName }));
    await call(new api.GetFunctionConfigurationCommand({ FunctionName, Qualifier: "1" }));
    await call(new api.ListFunctionsCommand({ FunctionVersion: "ALL", MaxItems: 1 }));
    await call(new api.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 20, Layers: [] }));
    await call(new api.UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
    await call(new api.PublishVersionCommand({ FunctionName, Description: "again" }));
    await call(new api.ListVersionsByFunctionCommand({ FunctionName }));
    await call(new api.DeleteLayerVersionCommand({ ...layer, VersionNumber: 1 }));
  });

  it("are its model's on settings, tags and permissions", async () => {
    await call(new api.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }));
    await call(new api.GetFunctionConcurrencyCommand({ FunctionName }));
    await call(new api.GetFunctionCommand({ FunctionName }));
    await call(new api.DeleteFunctionConcurrencyCommand({ FunctionName }));
    await call(new api.GetFunctionConcurrencyCommand({ FunctionName }));
    await call(new api.PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: "Allow" }));
    await call(new api.GetFunctionRecursionConfigCommand({ FunctionName }));
    await call(new api.GetRuntimeManagementConfigCommand({ FunctionName }));
    await call(new api.GetFunctionCodeSigningConfigCommand({ FunctionName }));
    await call(new api.ListProvisionedConcurrencyConfigsCommand({ FunctionName }));
    await call(new api.GetAccountSettingsCommand({}));
    const Resource = "arn:aws:lambda:us-east-1:000000000000:function:probe";
    await call(new api.TagResourceCommand({ Resource, Tags: { team: "data" } }));
    await call(new api.ListTagsCommand({ Resource }));
    await call(new api.UntagResourceCommand({ Resource, TagKeys: ["team"] }));
    const statement = { FunctionName, StatementId: "s3", Action: "lambda:InvokeFunction" };
    await call(
      new api.AddPermissionCommand({
        ...{ ...statement, Principal: "s3.amazonaws.com", SourceArn: "arn:aws:s3:::lake" },
        SourceAccount: "000000000000",
      }),
    );
    await call(new api.GetPolicyCommand({ FunctionName }));
    await call(new api.RemovePermissionCommand({ FunctionName, StatementId: "s3" }));
  });

  it("are its model's on aliases, URLs and invocations", async () => {
    const alias = { FunctionName, Name: "live" };
    await call(new api.CreateAliasCommand({ ...alias, FunctionVersion: "1" }));
    await call(new api.GetAliasCommand(alias));
    await call(new api.ListAliasesCommand({ FunctionName }));
    await call(new api.UpdateAliasCommand({ ...alias, Description: "what runs" }));
    await call(new api.DeleteAliasCommand(alias));
    const Cors: api.Cors = {
      AllowOrigins: ["*"],
      AllowMethods: ["POST"],
      MaxAge: 60,
      AllowCredentials: false,
    };
    await call(new api.CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE", Cors }));
    await call(new api.GetFunctionUrlConfigCommand({ FunctionName }));
    await call(new api.ListFunctionUrlConfigsCommand({ FunctionName }));
    await call(new api.UpdateFunctionUrlConfigCommand({ FunctionName, AuthType: "AWS_IAM" }));
    await call(new api.DeleteFunctionUrlConfigCommand({ FunctionName }));
    const DestinationConfig = { OnFailure: { Destination: QUEUE } };
    const asynchronous = {
      FunctionName,
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig,
    };
    await call(new api.PutFunctionEventInvokeConfigCommand(asynchronous));
    await call(new api.UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
    const { LastModified } = await client.send(new api.GetFunctionEventInvokeConfigCommand({ FunctionName }));
    expect(LastModified).toBeInstanceOf(Date);
    await call(new api.ListFunctionEventInvokeConfigsCommand({ FunctionName }));
    await call(new api.DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    const Payload = Buffer.from("{}");
    await call(new api.InvokeCommand({ FunctionName, Payload, LogType: "Tail" }));
    await call(new api.InvokeCommand({ FunctionName, InvocationType: "DryRun" }));
    await call(new api.InvokeCommand({ FunctionName, Payload, InvocationType: "Event" }));
    await call(new api.InvokeAsyncCommand({ FunctionName, InvokeArgs: Payload }));
  });

  it("are its model's on event source mappings", async () => {
    const stream = await client.send(
      new api.CreateEventSourceMappingCommand({
        ...{ FunctionName, EventSourceArn: STREAM, StartingPosition: "TRIM_HORIZON", Enabled: false },
        ...{ MaximumRetryAttempts: 3, FunctionResponseTypes: ["ReportBatchItemFailures"] },
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
        DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::lake" } },
      }),
    );
    expect(stream.LastModified).toBeInstanceOf(Date);
    await call(new api.ListEventSourceMappingsCommand({ FunctionName }));
    await call(new api.GetEventSourceMappingCommand({ UUID: stream.UUID }));
    await call(new api.UpdateEventSourceMappingCommand({ UUID: stream.UUID, BatchSize: 10 }));
    const again = { FunctionName, EventSourceArn: STREAM, StartingPosition: "LATEST" as const };
    expect(await codeOf(call(new api.CreateEventSourceMappingCommand(again)))).toBe(
      "ResourceConflictException",
    );
    await call(new api.DeleteEventSourceMappingCommand({ UUID: stream.UUID }));
    expect(await codeOf(call(new api.GetEventSourceMappingCommand({ UUID: stream.UUID })))).toBe(
      "ResourceNotFoundException",
    );
  });
});

describe("Lambda's errors", () => {
  it.each<[string, string, object]>([
    ["ResourceConflictException", "a function that is there", new api.CreateFunctionCommand(created)],
    [
      "InvalidParameterValueException",
      "a runtime that does not run here",
      new api.CreateFunctionCommand({ ...created, FunctionName: "other", Runtime: "python3.12" }),
    ],
    ["ResourceNotFoundException", "a missing function", new api.GetFunctionCommand(MISSING)],
    [
      "PreconditionFailedException",
      "another revision",
      new api.UpdateFunctionConfigurationCommand({
        ...{ FunctionName, RevisionId: "00000000-0000-0000-0000-000000000000" },
      }),
    ],
    [
      "ProvisionedConcurrencyConfigNotFoundException",
      "provisioned concurrency",
      new api.GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: "1" }),
    ],
    [
      "InvalidRequestContentException",
      "an event that is no JSON",
      new api.InvokeCommand({ FunctionName, Payload: Buffer.from("{") }),
    ],
    [
      "RequestTooLargeException",
      "an event that is too large",
      new api.InvokeCommand({ FunctionName, Payload: Buffer.alloc(6_291_557, "1") }),
    ],
    [
      "InvalidRequestContentException",
      "an event of no JSON",
      new api.InvokeAsyncCommand({ FunctionName, InvokeArgs: Buffer.from("{") }),
    ],
    [
      "ValidationException",
      "a timeout out of range",
      new api.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 0 }),
    ],
    ["ResourceNotFoundException", "a missing policy", new api.GetPolicyCommand({ FunctionName })],
    ["ResourceNotFoundException", "a missing URL", new api.GetFunctionUrlConfigCommand({ FunctionName })],
    ["ResourceNotFoundException", "a missing alias", new api.GetAliasCommand({ FunctionName, Name: "none" })],
    [
      "ResourceNotFoundException",
      "a missing configuration",
      new api.GetFunctionEventInvokeConfigCommand({ FunctionName }),
    ],
    [
      "ResourceNotFoundException",
      "a missing layer",
      new api.GetLayerVersionCommand({ LayerName: "none", VersionNumber: 1 }),
    ],
    [
      "ResourceNotFoundException",
      "a missing statement",
      new api.RemovePermissionCommand({ FunctionName, StatementId: "none" }),
    ],
    [
      "ResourceNotFoundException",
      "tags of what is missing",
      new api.ListTagsCommand({ Resource: "arn:aws:lambda:us-east-1:000000000000:function:missing" }),
    ],
    [
      "InvalidParameterValueException",
      "too much reserved",
      new api.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 901 }),
    ],
    ["InvalidParameterValueException", "no code", new api.UpdateFunctionCodeCommand({ FunctionName })],
    [
      "InvalidParameterValueException",
      "a package that is no zip",
      new api.UpdateFunctionCodeCommand({ FunctionName, ZipFile: Buffer.from("no") }),
    ],
    ["ResourceNotFoundException", "an invocation of what is missing", new api.InvokeCommand(MISSING)],
  ])("%s for %s", async (code, _, command) => {
    expect(await codeOf(call(command))).toBe(code);
  });

  it("TooManyRequestsException for a function that may not run", async () => {
    await call(new api.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    expect(await codeOf(call(new api.InvokeCommand({ FunctionName })))).toBe("TooManyRequestsException");
  });
});

it("leaves no operation out, and none of its answers is another than Lambda's", async () => {
  await call(new api.DeleteFunctionCommand({ FunctionName }));
  const served = await servedOperations("lambda", lambda.handler);
  expect(documentedOperations("lambda")).toEqual(served);
  // No function has any: provisioned concurrency is refused.
  const neverThere = ["GetProvisionedConcurrencyConfig"];
  expect(service.succeeded).toEqual(served.filter((name) => !neverThere.includes(name)));
  expect(service.violations).toEqual([]);
});

it("refuses every input that breaks the model", async () => {
  expect(await unrefused("lambda", lambda.handler)).toEqual([]);
});
