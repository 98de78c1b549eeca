import { createHash } from "node:crypto";
import { zip } from "../zip";
import { apiOfEachTest, CODE, FUNCTIONS, type Json } from "./lambda-api";

const { call, create, restart } = apiOfEachTest();

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
  await restart();
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
  [{ Environment: { Variables: { AWS_REGION: "x" } } }, "reserved keys"],
  [{ Environment: { Variables: { LONG: "x".repeat(4_096) } } }, "exceeded the 4KB limit"],
  [{ LoggingConfig: { SystemLogLevel: "WARN" } }, "Log levels can only be set with the log format JSON"],
  [{ Code: {} }, "Please provide a source for function code."],
  [{ Layers: ["arn:aws:lambda:us-east-1:000000000000:layer:none:1"] }, "does not exist"],
  [
    { Layers: Array(6).fill("arn:aws:lambda:us-east-1:000000000000:layer:none:1") },
    "Layers must be at most 5, got 6",
  ],
  [{ MemorySize: 10_241 }, "MemorySize must be between 128 and 10240, got 10241"],
  [{ EphemeralStorage: { Size: 10_241 } }, "EphemeralStorage.Size must be between 512 and 10240, got 10241"],
  [{ FunctionName: "x".repeat(65) }, "FunctionName must have at most 64 characters, got 65"],
  [{ DeadLetterConfig: { TargetArn: "arn:aws:s3:::bucket" } }, "DeadLetterConfig.TargetArn must be"],
  [
    {
      FileSystemConfigs: [
        {
          Arn: "arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef0",
          LocalMountPath: "/mnt/data",
        },
      ],
    },
    "FileSystemConfigs must not be given",
  ],
  [{ SnapStart: { ApplyOn: "PublishedVersions" } }, "SnapStart.ApplyOn must not be given"],
  [{ DurableConfig: {} }, "DurableConfig must not be given"],
  [{ PackageType: "Image", Code: { ImageUri: "x" } }, "runs no images"],
])("refuses %j", async (more, message) => {
  const { status, body, headers } = await create(more);
  expect({ status, code: headers["x-amzn-errortype"] }).toEqual({
    status: 400,
    code: "InvalidParameterValueException",
  });
  expect(body.message).toContain(message);
});

test.each([
  [{ MemorySize: 64 }, "'memorySize'"],
  [{ Timeout: 0 }, "'timeout'"],
  [{ EphemeralStorage: { Size: 100 } }, "'ephemeralStorage.size'"],
  [{ Environment: { Variables: { "0x": "1" } } }, "'environment.variables.key'"],
  [{ Role: "probe" }, "'role'"],
  [{ Handler: "index handler" }, "'handler'"],
])("refuses %j as Lambda's front end does", async (more, path) => {
  const { status, code, body } = await create(more);
  expect({ status, code }).toEqual({ status: 400, code: "ValidationException" });
  expect(body.message).toContain(`at ${path} failed to satisfy constraint`);
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
  await create({ Description: "first", Environment: { Variables: { STAGE: "1" } } });
  const { body } = await call("PUT", `${FUNCTIONS}/probe/configuration`, {
    Timeout: 9,
    LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "WARN" },
  });
  expect(body).toMatchObject({
    Description: "first",
    Environment: { Variables: { STAGE: "1" } },
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

test("publishes layers, and never uses a number again", async () => {
  const Content = { ZipFile: zip({ "a.txt": "1" }).toString("base64") };
  const path = "/2018-10-31/layers/geo/versions";
  expect((await call("POST", path, { Content })).body.Version).toBe(1);
  await call("DELETE", `${path}/1`);
  const { body } = await call("POST", path, { Content });
  expect(body.LayerVersionArn).toBe("arn:aws:lambda:us-east-1:000000000000:layer:geo:2");
  expect((await call("GET", `${path}/1`)).status).toBe(404);
});

test("refuses a change that was made with another revision in mind", async () => {
  const { body } = await create();
  const change = (RevisionId: unknown) =>
    call("PUT", `${FUNCTIONS}/probe/configuration`, { Timeout: 5, RevisionId });
  expect(await change("other")).toMatchObject({ status: 412, code: "PreconditionFailedException" });
  expect((await change(body.RevisionId)).status).toBe(200);
  const Name = "live";
  await call("POST", `${FUNCTIONS}/probe/aliases`, { Name, FunctionVersion: "$LATEST" });
  expect((await call("PUT", `${FUNCTIONS}/probe/aliases/live`, { RevisionId: "other" })).status).toBe(412);
});

test("points an alias to another version, and keeps a version while an alias points to it", async () => {
  await create({ Publish: true });
  await call("PUT", `${FUNCTIONS}/probe/configuration`, { Timeout: 5 });
  await call("POST", `${FUNCTIONS}/probe/versions`, {});
  const aliases = `${FUNCTIONS}/probe/aliases`;
  const created = await call("POST", aliases, { Name: "live", FunctionVersion: "1", Description: "d" });
  expect(created).toMatchObject({
    status: 201,
    body: { AliasArn: "arn:aws:lambda:us-east-1:000000000000:function:probe:live", FunctionVersion: "1" },
  });
  expect((await call("POST", aliases, { Name: "live", FunctionVersion: "2" })).status).toBe(409);
  expect((await call("POST", aliases, { Name: "7", FunctionVersion: "2" })).status).toBe(400);
  expect((await call("POST", aliases, { Name: "next", FunctionVersion: "9" })).status).toBe(404);
  const weights = { AdditionalVersionWeights: { "2": 0.5 } };
  const weighted = await call("PUT", `${aliases}/live`, { RoutingConfig: weights });
  expect(weighted.body.message).toContain("no weighted aliases");
  expect((await call("DELETE", `${FUNCTIONS}/probe?Qualifier=1`)).status).toBe(409);
  await call("PUT", `${aliases}/live`, { FunctionVersion: "2" });
  expect((await call("GET", `${aliases}/live`)).body).toMatchObject({
    FunctionVersion: "2",
    Description: "d",
  });
  expect((await call("GET", `${aliases}?FunctionVersion=1`)).body.Aliases).toEqual([]);
  expect((await call("DELETE", `${FUNCTIONS}/probe?Qualifier=1`)).status).toBe(204);
  expect((await call("DELETE", `${FUNCTIONS}/probe?Qualifier=$LATEST`)).status).toBe(400);
  expect((await call("DELETE", `${aliases}/live`)).status).toBe(204);
  expect((await call("GET", `${aliases}/live`)).status).toBe(404);
});

test("keeps how a function is invoked asynchronously: put replaces, update merges", async () => {
  await create();
  const path = "/2019-09-25/functions/probe/event-invoke-config";
  expect((await call("GET", path)).status).toBe(404);
  expect((await call("POST", path, { MaximumRetryAttempts: 1 })).status).toBe(404);
  const queue = "arn:aws:sqs:us-east-1:000000000000:failed";
  const DestinationConfig = { OnFailure: { Destination: queue } };
  await call("PUT", path, { MaximumRetryAttempts: 1, DestinationConfig });
  await call("POST", path, { MaximumEventAgeInSeconds: 60 });
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:probe:$LATEST";
  expect((await call("GET", path)).body).toMatchObject({
    ...{ FunctionArn: arn, MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60, DestinationConfig },
  });
  await call("PUT", path, { MaximumEventAgeInSeconds: 90 });
  expect((await call("GET", path)).body).not.toHaveProperty("MaximumRetryAttempts");
  expect((await call("GET", `${path}/list`)).body.FunctionEventInvokeConfigs).toHaveLength(1);
  for (const [config, message] of [
    [{ MaximumRetryAttempts: 3 }, "less than or equal to 2"],
    [{ MaximumEventAgeInSeconds: 59 }, "greater than or equal to 60"],
    [{ DestinationConfig: { OnSuccess: { Destination: "arn:aws:s3:::bucket" } } }, "OnSuccess must be"],
    [
      {
        DestinationConfig: {
          OnFailure: { Destination: "arn:aws:events:us-east-1:000000000000:event-bus/b" },
        },
      },
      "OnFailure must be",
    ],
  ] as const)
    expect((await call("PUT", path, config)).body.message).toContain(message);
  expect((await call("DELETE", path)).status).toBe(204);
  expect((await call("DELETE", path)).status).toBe(404);
});

test("tags and untags a function", async () => {
  const { body } = await create({ Tags: { team: "web" } });
  const path = `/2017-03-31/tags/${encodeURIComponent(String(body.FunctionArn))}`;
  expect((await call("POST", path, { Tags: { stage: "dev" } })).status).toBe(204);
  expect((await call("DELETE", `${path}?tagKeys=team`)).status).toBe(204);
  expect((await call("GET", path)).body).toEqual({ Tags: { stage: "dev" } });
  expect(
    (await call("GET", "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:function:none")).status,
  ).toBe(404);
});

test("answers lists a page at a time", async () => {
  for (const FunctionName of ["a", "b", "c"]) await create({ FunctionName });
  const names: unknown[][] = [];
  let marker = "";
  do {
    const { body } = await call("GET", `${FUNCTIONS}?MaxItems=2${marker}`);
    names.push((body.Functions as Json[]).map(({ FunctionName }) => FunctionName));
    marker = body.NextMarker === undefined ? "" : `&Marker=${String(body.NextMarker)}`;
  } while (marker !== "");
  expect(names).toEqual([["a", "b"], ["c"]]);
  expect((await call("GET", `${FUNCTIONS}?MaxItems=0`)).status).toBe(400);
  expect((await call("GET", `${FUNCTIONS}?Marker=other`)).body.message).toContain("Marker must be one");
});

test.each([
  ["PUT", "/2025-11-30/capacity-providers/x", "UpdateCapacityProvider"],
  ["POST", "/2021-11-15/functions/x/response-streaming-invocations", "InvokeWithResponseStream"],
  ["PUT", "/2019-09-30/functions/x/provisioned-concurrency", "PutProvisionedConcurrencyConfig"],
  ["GET", "/1999-01-01/none", "GET /1999-01-01/none"],
])("names the operation that it does not serve: %s %s", async (method, path, operation) => {
  const { status, code, body } = await call(method, path, {});
  expect({ status, code, message: body.message }).toEqual({
    status: 404,
    code: "UnknownOperationException",
    message: `the local Lambda has no operation ${operation}`,
  });
});

test("knows no function by a name that every object has", async () => {
  expect((await call("GET", `${FUNCTIONS}/constructor`)).status).toBe(404);
  expect((await create({ FunctionName: "constructor" })).status).toBe(201);
});
