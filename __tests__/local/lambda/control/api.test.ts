import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LambdaService, lambdaService } from "../../../../local/lambda/service";
import { zip } from "../zip";

type Json = Record<string, unknown>;

let folder: string;
let service: LambdaService;

function open(): LambdaService {
  return lambdaService({
    port: 1,
    stateDir: join(folder, "state"),
    logDir: join(folder, "logs"),
    gatewayUrl: "http://127.0.0.1:1", // nothing listens: whatever polls it tries again
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lambda-api-"));
  for (const name of ["state", "logs"]) mkdirSync(join(folder, name));
  service = open();
  for (const method of ["error", "warn"] as const)
    jest.spyOn(console, method).mockImplementation(() => undefined);
});
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

async function call(
  method: string,
  target: string,
  input?: object | string,
  headers: Record<string, string> = {},
) {
  const [path = "", search = ""] = target.split("?");
  const body = Buffer.from(
    input === undefined ? "" : typeof input === "string" ? input : JSON.stringify(input),
  );
  const response = await service.handler({ method, path, query: new URLSearchParams(search), headers, body });
  const text = String(response.body ?? "");
  return {
    status: response.status,
    headers: response.headers ?? {},
    body: (text === "" ? {} : JSON.parse(text)) as Json,
  };
}

const FUNCTIONS = "/2015-03-31/functions";
const CODE = zip({ "index.mjs": "export const handler = async (event) => ({ got: event });" });

function create(more: object = {}) {
  return call("POST", FUNCTIONS, {
    FunctionName: "probe",
    Role: "arn:aws:iam::000000000000:role/probe",
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    Code: { ZipFile: CODE.toString("base64") },
    ...more,
  });
}

test("creates a function with AWS's defaults and finds it again, after a restart too", async () => {
  const created = await create({ Tags: { team: "web" } });
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:probe",
    CodeSha256: createHash("sha256").update(CODE).digest("base64"),
    CodeSize: CODE.length,
    Version: "$LATEST",
    State: "Active",
    LastUpdateStatus: "Successful",
    Timeout: 3,
    MemorySize: 128,
    EphemeralStorage: { Size: 512 },
    TracingConfig: { Mode: "PassThrough" },
    LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/probe" },
    PackageType: "Zip",
  });
  await service.stop();
  service = open();
  await service.restore();
  const found = await call("GET", `${FUNCTIONS}/probe`);
  expect(found.body.Configuration).toEqual(created.body);
  expect(found.body.Tags).toEqual({ team: "web" });
});

test.each(["probe", "000000000000:function:probe", "arn:aws:lambda:us-east-1:000000000000:function:probe"])(
  "finds a function by %s",
  async (name) => {
    await create();
    expect((await call("GET", `${FUNCTIONS}/${encodeURIComponent(name)}`)).status).toBe(200);
  },
);

test.each([
  [{ Runtime: "python3.13" }, "Runtime must be nodejs22.x"],
  [{ Timeout: 901 }, "Timeout must be between 1 and 900, got 901"],
  [{ MemorySize: 64 }, "MemorySize must be between 128 and 10240, got 64"],
  [{ Environment: { Variables: { AWS_REGION: "x" } } }, "reserved keys"],
  [{ Environment: { Variables: { LONG: "x".repeat(4_096) } } }, "exceeded the 4KB limit"],
  [{ LoggingConfig: { SystemLogLevel: "WARN" } }, "Log levels can only be set with the log format JSON"],
  [{ Code: {} }, "Please provide a source for function code."],
  [{ Layers: ["arn:aws:lambda:us-east-1:000000000000:layer:none:1"] }, "does not exist"],
])("refuses %j", async (more, message) => {
  const { status, body, headers } = await create(more);
  expect({ status, code: headers["x-amzn-errortype"] }).toEqual({
    status: 400,
    code: "InvalidParameterValueException",
  });
  expect(body.message).toContain(message);
});

test("refuses a second function of the same name", async () => {
  await create();
  const { status, headers } = await create();
  expect({ status, code: headers["x-amzn-errortype"] }).toEqual({
    status: 409,
    code: "ResourceConflictException",
  });
});

test("changes what is given and keeps the rest", async () => {
  await create({ Description: "first", Environment: { Variables: { A: "1" } } });
  const { body } = await call("PUT", `${FUNCTIONS}/probe/configuration`, {
    Timeout: 9,
    LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN" },
  });
  expect(body).toMatchObject({
    Description: "first",
    Environment: { Variables: { A: "1" } },
    Timeout: 9,
    LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO", SystemLogLevel: "WARN" },
  });
});

test("publishes versions that stay as they were, and not twice the same", async () => {
  await create({ Publish: true, Description: "one" });
  await call("PUT", `${FUNCTIONS}/probe/configuration`, { Description: "two", Timeout: 5 });
  expect((await call("POST", `${FUNCTIONS}/probe/versions`, {})).body.Version).toBe("2");
  expect((await call("POST", `${FUNCTIONS}/probe/versions`, {})).body.Version).toBe("2");
  const { body } = await call("GET", `${FUNCTIONS}/probe/configuration?Qualifier=1`);
  expect(body).toMatchObject({ Version: "1", Timeout: 3, Description: "one" });
  const versions = (await call("GET", `${FUNCTIONS}/probe/versions`)).body.Versions as Json[];
  expect(versions.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
});

test("invokes a function, by alias and version too, and says which version ran", async () => {
  await create({ Publish: true });
  await call("POST", `${FUNCTIONS}/probe/aliases`, { Name: "live", FunctionVersion: "1" });
  const { status, body, headers } = await call(
    "POST",
    `${FUNCTIONS}/probe/invocations?Qualifier=live`,
    { x: 1 },
    {
      "x-amz-log-type": "Tail",
    },
  );
  expect({ status, body }).toEqual({ status: 200, body: { got: { x: 1 } } });
  expect(headers["x-amz-executed-version"]).toBe("1");
  expect(Buffer.from(String(headers["x-amz-log-result"]), "base64").toString()).toContain("REPORT RequestId");
});

test("runs new code after an update", async () => {
  await create();
  expect((await call("POST", `${FUNCTIONS}/probe/invocations`, {})).body).toEqual({ got: {} });
  const ZipFile = zip({ "index.mjs": "export const handler = async () => ({ now: 2 });" }).toString("base64");
  await call("PUT", `${FUNCTIONS}/probe/code`, { ZipFile });
  expect((await call("POST", `${FUNCTIONS}/probe/invocations`, {})).body).toEqual({ now: 2 });
});

test("refuses events that are too large or no JSON", async () => {
  await create();
  const invoke = (event: string, type: string) =>
    call("POST", `${FUNCTIONS}/probe/invocations`, event, { "x-amz-invocation-type": type });
  const code = async (answer: ReturnType<typeof invoke>) => (await answer).headers["x-amzn-errortype"];
  expect(await code(invoke(JSON.stringify("x".repeat(6_291_456)), "RequestResponse"))).toBe(
    "RequestTooLargeException",
  );
  expect(await code(invoke(JSON.stringify("x".repeat(1_048_576)), "Event"))).toBe("RequestTooLargeException");
  expect(await code(invoke("{", "RequestResponse"))).toBe("InvalidRequestContentException");
  expect(await code(invoke("{}", "Other"))).toBe("InvalidParameterValueException");
  expect((await invoke("{}", "DryRun")).status).toBe(204);
  expect((await invoke("{}", "Event")).status).toBe(202);
});

test("keeps a resource policy statement by statement", async () => {
  await create();
  const statement = {
    StatementId: "schedule",
    Action: "lambda:InvokeFunction",
    Principal: "scheduler.amazonaws.com",
    SourceArn: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/load",
  };
  expect((await call("POST", `${FUNCTIONS}/probe/policy`, statement)).status).toBe(201);
  expect((await call("POST", `${FUNCTIONS}/probe/policy`, statement)).status).toBe(409);
  const { body } = await call("GET", `${FUNCTIONS}/probe/policy`);
  expect(JSON.parse(String(body.Policy))).toEqual({
    Version: "2012-10-17",
    Id: "default",
    Statement: [
      {
        Sid: "schedule",
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: "arn:aws:lambda:us-east-1:000000000000:function:probe",
        Condition: { ArnLike: { "AWS:SourceArn": statement.SourceArn } },
      },
    ],
  });
  expect((await call("DELETE", `${FUNCTIONS}/probe/policy/schedule`)).status).toBe(204);
  expect((await call("GET", `${FUNCTIONS}/probe/policy`)).status).toBe(404);
});

test("throttles a function whose reserved concurrency is zero", async () => {
  await create();
  await call("PUT", "/2017-10-31/functions/probe/concurrency", { ReservedConcurrentExecutions: 0 });
  const { status, body } = await call("POST", `${FUNCTIONS}/probe/invocations`, {});
  expect({ status, Reason: body.Reason }).toEqual({
    status: 429,
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
  });
});

const STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/events/stream/2026-11-23T00:00:00.000";
const MAPPINGS = "/2015-03-31/event-source-mappings";

test("creates, changes and deletes a stream mapping with AWS's defaults", async () => {
  await create();
  const created = await call("POST", MAPPINGS, {
    FunctionName: "probe",
    EventSourceArn: STREAM,
    StartingPosition: "TRIM_HORIZON",
    Tags: { a: "b" },
  });
  expect(created.status).toBe(202);
  expect(created.body).toMatchObject({
    State: "Creating",
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    ParallelizationFactor: 1,
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: -1,
    BisectBatchOnFunctionError: false,
    TumblingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    DestinationConfig: { OnFailure: {} },
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:probe",
    LastProcessingResult: "No records processed",
  });
  const path = `${MAPPINGS}/${String(created.body.UUID)}`;
  expect((await call("GET", path)).body.State).toBe("Enabled");
  await call("PUT", path, { Enabled: false, BatchSize: 500 });
  expect((await call("GET", path)).body).toMatchObject({
    State: "Disabled",
    BatchSize: 500,
    StartingPosition: "TRIM_HORIZON",
  });
  const tags = await call(
    "GET",
    `/2017-03-31/tags/${encodeURIComponent(String(created.body.EventSourceMappingArn))}`,
  );
  expect(tags.body).toEqual({ Tags: { a: "b" } });
  expect((await call("DELETE", path)).body.State).toBe("Deleting");
  expect((await call("GET", path)).status).toBe(404);
});

test.each([
  [{ EventSourceArn: STREAM }, "StartingPosition must be TRIM_HORIZON or LATEST"],
  [{ EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/x" }, "EventSourceArn must be"],
  [
    { EventSourceArn: STREAM, StartingPosition: "LATEST", ParallelizationFactor: 11 },
    "ParallelizationFactor must be between 1 and 10",
  ],
  [{ EventSourceArn: STREAM, StartingPosition: "LATEST", TumblingWindowInSeconds: 5 }, "no tumbling windows"],
  [{ EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:q", BatchSize: 100 }, "Maximum batch window"],
  [
    { EventSourceArn: STREAM, StartingPosition: "LATEST", FilterCriteria: { Filters: [{ Pattern: "{" }] } },
    "not JSON",
  ],
])("refuses the mapping %j", async (input, message) => {
  await create();
  const { status, body } = await call("POST", MAPPINGS, { FunctionName: "probe", ...input });
  expect(status).toBe(400);
  expect(body.message).toContain(message);
});

test("opens a function URL on a port of its own and closes it with the function", async () => {
  await create();
  const { status, body } = await call("POST", "/2021-10-31/functions/probe/url", { AuthType: "NONE" });
  expect(status).toBe(201);
  const address = String(body.FunctionUrl);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect((await fetch(address)).status).toBe(403); // no policy yet
  await call("POST", `${FUNCTIONS}/probe/policy`, {
    StatementId: "public",
    Action: "lambda:InvokeFunctionUrl",
    Principal: "*",
    FunctionUrlAuthType: "NONE",
  });
  expect(await (await fetch(`${address}?q=1`)).json()).toMatchObject({ got: { rawQueryString: "q=1" } });
  await call("DELETE", `${FUNCTIONS}/probe`);
  await expect(fetch(address)).rejects.toThrow();
});

test("publishes layers, and never uses a number again", async () => {
  const Content = { ZipFile: zip({ "a.txt": "1" }).toString("base64") };
  const path = "/2018-10-31/layers/geo/versions";
  expect((await call("POST", path, { Content })).body.Version).toBe(1);
  await call("DELETE", `${path}/1`);
  const { body } = await call("POST", path, { Content });
  expect(body.LayerVersionArn).toBe("arn:aws:lambda:us-east-1:000000000000:layer:geo:2");
  expect((await call("GET", `${path}/1`)).status).toBe(404);
});

test("names the operation that it does not serve", async () => {
  const { status, headers, body } = await call("PUT", "/2025-11-30/capacity-providers/x", {});
  expect({ status, code: headers["x-amzn-errortype"], message: body.message }).toEqual({
    status: 404,
    code: "UnknownOperationException",
    message: "the local Lambda has no operation UpdateCapacityProvider",
  });
});
