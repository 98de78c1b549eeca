import { zip } from "../zip";
import { apiOfEachTest, FUNCTIONS, type Json } from "./lambda-api";

const { call, create } = apiOfEachTest();

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
  expect(await code(invoke("{}", "Other"))).toBe("ValidationException");
  expect((await invoke("{}", "DryRun")).status).toBe(204);
  expect((await invoke("{}", "Event")).status).toBe(202);
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

test("throttles by the reserved concurrency of all versions together, and keeps a part of the account's", async () => {
  const slow = zip({
    "index.mjs": "export const handler = () => new Promise((r) => setTimeout(r, 200, 1));",
  });
  await create({ Code: { ZipFile: slow.toString("base64") }, Publish: true });
  const reserve = (ReservedConcurrentExecutions: number) =>
    call("PUT", "/2017-10-31/functions/probe/concurrency", { ReservedConcurrentExecutions });
  expect((await reserve(901)).body.message).toContain("below its minimum value of [100]");
  await reserve(1);
  const answers = await Promise.all([
    call("POST", `${FUNCTIONS}/probe/invocations`, {}),
    call("POST", `${FUNCTIONS}/probe/invocations?Qualifier=1`, {}),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 429]);
});

test("shows a function the files of its layers, the later on top, also after a layer was deleted", async () => {
  const layer = async (files: Record<string, string>) => {
    const Content = { ZipFile: zip(files).toString("base64") };
    return String((await call("POST", "/2018-10-31/layers/geo/versions", { Content })).body.LayerVersionArn);
  };
  const Layers = [await layer({ "a.txt": "1", "b.txt": "1" }), await layer({ "b.txt": "2" })];
  const source = `import { readFileSync } from "node:fs";
    export const handler = async () => ({ read: ["a", "b"].map((name) => readFileSync("/opt/" + name + ".txt", "utf8")) });`;
  const created = await create({
    Layers,
    Code: { ZipFile: zip({ "index.mjs": source }).toString("base64") },
  });
  expect((created.body.Layers as Json[]).map(({ Arn }) => Arn)).toEqual(Layers);
  const found = await call(
    "GET",
    `/2018-10-31/layers?find=LayerVersion&Arn=${encodeURIComponent(Layers[0] ?? "")}`,
  );
  expect(found.body).toMatchObject({ Version: 1, LayerVersionArn: Layers[0] });
  await call("DELETE", "/2018-10-31/layers/geo/versions/1");
  expect((await call("POST", `${FUNCTIONS}/probe/invocations`, {})).body).toEqual({ read: ["1", "2"] });
});

test("fails an invocation whose answer is larger than 6 MB", async () => {
  const source = `export const handler = async ({ bytes }) => "x".repeat(bytes - 2);`;
  await create({ Code: { ZipFile: zip({ "index.mjs": source }).toString("base64") } });
  const invoke = (bytes: number) => call("POST", `${FUNCTIONS}/probe/invocations`, { bytes });
  expect((await invoke(6_291_556)).headers).not.toHaveProperty("x-amz-function-error");
  const { status, headers, body } = await invoke(6_291_557);
  expect({ status, error: headers["x-amz-function-error"], type: body.errorType }).toEqual({
    ...{ status: 200, error: "Unhandled", type: "Function.ResponseSizeTooLarge" },
  });
});

test("answers the last 4 KB of the log, and hands over the client's context", async () => {
  const source = `export const handler = async (event, { clientContext }) => {
    for (let n = 0; n < 200; n += 1) console.log("line " + n, "x".repeat(50));
    return clientContext;
  };`;
  await create({ Code: { ZipFile: zip({ "index.mjs": source }).toString("base64") } });
  const context = Buffer.from('{"custom":{"a":1}}').toString("base64");
  const { headers, body } = await call(
    "POST",
    `${FUNCTIONS}/probe/invocations`,
    {},
    {
      ...{ "x-amz-log-type": "Tail", "x-amz-client-context": context },
    },
  );
  const tail = Buffer.from(String(headers["x-amz-log-result"]), "base64").toString();
  expect(tail).toHaveLength(4_096);
  expect(tail).toContain("line 199");
  expect(tail.trimEnd().split("\n").at(-1)).toMatch(/^REPORT RequestId/);
  expect(body).toEqual({ custom: { a: 1 } });
});
