import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { gzipSync } from "node:zlib";
import { type Cors, InvokeCommand, LambdaClient, type LambdaServiceException } from "@aws-sdk/client-lambda";
import { throttled } from "../../../../local/lambda/execution/concurrency";
import type { Invocation, InvocationResult, Invoker } from "../../../../local/lambda/execution/invoker";
import type { FunctionRecord, LambdaStore } from "../../../../local/lambda/state";
import { UrlServers } from "../../../../local/lambda/urls/servers";
import { configuration } from "../configuration";

interface UrlEvent {
  readonly [name: string]: unknown;
  readonly headers: Record<string, string>;
}

let servers: UrlServers;
let record: FunctionRecord;
let port: number;
let invocations: Invocation[];
let result: () => InvocationResult;

/** A function that answers with this JSON. */
function answers(value: unknown, functionError?: "Unhandled"): void {
  result = () => ({
    requestId: "the-request",
    payload: Buffer.from(JSON.stringify(value)),
    executedVersion: "$LATEST",
    ...(functionError === undefined ? {} : { functionError }),
  });
}

beforeEach(async () => {
  invocations = [];
  answers({ ok: true });
  record = {
    latest: configuration(),
    versions: [],
    lastVersion: 0,
    aliases: {},
    policies: {
      $LATEST: [
        { Sid: "url", Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunctionUrl", Resource: "arn" },
      ],
    },
    policyRevision: "1",
    urls: {},
    eventInvoke: {},
    tags: {},
    recursiveLoop: "Terminate",
  };
  const store = { state: { functions: { probe: record }, mappings: {}, layers: {} }, save: () => undefined };
  const invoker: Invoker = {
    invoke: async (invocation) => {
      invocations.push(invocation);
      return result();
    },
  };
  servers = new UrlServers(store as unknown as LambdaStore, invoker);
  port = await servers.open("probe", "$LATEST");
  configure();
});
afterEach(() => servers.closeAll());

function configure(cors?: Cors, AuthType: "NONE" | "AWS_IAM" = "NONE"): void {
  record.urls.$LATEST = {
    port,
    AuthType,
    InvokeMode: "BUFFERED",
    CreationTime: "",
    LastModifiedTime: "",
    ...(cors === undefined ? {} : { Cors: cors }),
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function call(
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: string | Buffer,
  method?: string,
) {
  return new Promise<Answer>((resolve, reject) => {
    const request = httpRequest(
      { port, host: "127.0.0.1", path, method: method ?? (body === undefined ? "GET" : "POST"), headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

function event(): UrlEvent {
  return JSON.parse(String(invocations.at(-1)?.event)) as UrlEvent;
}

test("turns a request into an event of payload format 2.0", async () => {
  const body = '{"a":"é"}';
  await call(
    "/my%20path/x?b=1&a=2&a=3%204&empty=",
    {
      "Content-Type": "application/json",
      "X-Many": ["one", "two"],
      Cookie: "first=1; second=2",
      "User-Agent": "probe/1.0",
    },
    body,
  );
  const { requestContext, headers, ...rest } = event();
  expect(rest).toEqual({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/my%20path/x",
    rawQueryString: "b=1&a=2&a=3%204&empty=",
    cookies: ["first=1", "second=2"],
    queryStringParameters: { b: "1", a: "2,3 4", empty: "" },
    body,
    isBase64Encoded: false,
  });
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "x-many": "one,two",
    "user-agent": "probe/1.0",
    host: `127.0.0.1:${port}`,
    "x-forwarded-for": "127.0.0.1",
  });
  expect(headers).not.toHaveProperty("cookie");
  expect(requestContext).toEqual({
    accountId: "anonymous",
    apiId: String(port),
    domainName: `127.0.0.1:${port}`,
    domainPrefix: "127",
    http: {
      method: "POST",
      path: "/my%20path/x",
      protocol: "HTTP/1.1",
      sourceIp: "127.0.0.1",
      userAgent: "probe/1.0",
    },
    requestId: invocations[0]?.requestId,
    routeKey: "$default",
    stage: "$default",
    time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
    timeEpoch: expect.any(Number),
  });
});

test("leaves out what a request does not have", async () => {
  await call("/");
  expect(event()).not.toHaveProperty("body");
  expect(event()).not.toHaveProperty("cookies");
  expect(event()).not.toHaveProperty("queryStringParameters");
  expect(event()).toMatchObject({ rawQueryString: "", isBase64Encoded: false });
});

const GZIP = gzipSync("hello");
test.each([
  ["text/plain", {}, Buffer.from("hello"), false],
  ["text/html; charset=utf-8", {}, Buffer.from("hello"), false],
  ["application/json; charset=utf-8", {}, Buffer.from("{}"), false],
  ["application/vnd.api+json", {}, Buffer.from("{}"), false],
  ["application/xml", {}, Buffer.from("<a/>"), false],
  ["application/x-www-form-urlencoded", {}, Buffer.from("a=1"), true],
  ["application/octet-stream", {}, Buffer.from("hello"), true],
  ["multipart/form-data; boundary=x", {}, Buffer.from("--x--"), true],
  ["application/x-www-form-urlencoded", {}, GZIP, true],
  ["application/json", { "content-encoding": "gzip" }, GZIP, true],
  ["text/plain", {}, Buffer.from([0xff, 0xfe, 0x00]), true],
  [undefined, {}, Buffer.from("hello"), true],
])("passes a body of type %s %j on without loss", async (type, headers, body, encoded) => {
  await call("/", { ...headers, ...(type === undefined ? {} : { "content-type": type }) }, body);
  const received = event();
  expect(received.isBase64Encoded).toBe(encoded);
  expect(Buffer.from(String(received.body), encoded ? "base64" : "utf8")).toEqual(body);
});

test("answers with the status, headers, cookies and body that the function gives", async () => {
  answers({
    statusCode: 201,
    headers: { "Content-Type": "text/csv", "X-Own": "1", "Content-Length": "999" },
    cookies: ["a=1; Secure", "b=2"],
    body: "a,b",
  });
  const { status, headers, body } = await call("/");
  expect({ status, body: body.toString() }).toEqual({ status: 201, body: "a,b" });
  expect(headers).toMatchObject({
    "content-type": "text/csv",
    "x-own": "1",
    "set-cookie": ["a=1; Secure", "b=2"],
    "content-length": "3",
    "x-amzn-requestid": "the-request",
  });
});

test("decodes a binary body", async () => {
  answers({
    statusCode: 200,
    headers: { "content-type": "image/gif" },
    body: GZIP.toString("base64"),
    isBase64Encoded: true,
  });
  expect((await call("/")).body).toEqual(GZIP);
});

test.each([
  [{ message: "hi" }, '{"message":"hi"}'],
  ["hi", '"hi"'],
  [[1, 2], "[1,2]"],
  [null, "null"],
  [{ nested: { statusCode: 500 } }, '{"nested":{"statusCode":500}}'],
])("takes a result without a status code, %j, for the body", async (value, text) => {
  answers(value);
  const { status, headers, body } = await call("/");
  expect({ status, type: headers["content-type"], body: body.toString() }).toEqual({
    status: 200,
    type: "application/json",
    body: text,
  });
});

test.each([
  ["fails", () => answers({ errorType: "Error" }, "Unhandled")],
  ["answers with an impossible status", () => answers({ statusCode: "many" })],
  ["answers with a body that is not text", () => answers({ statusCode: 200, body: { a: 1 } })],
])("is a bad gateway when the function %s", async (_name, prepare) => {
  prepare();
  const { status, body } = await call("/");
  expect({ status, body: body.toString() }).toEqual({ status: 502, body: "Internal Server Error" });
});

test("answers 429 when the function is throttled", async () => {
  result = () => {
    throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
  };
  const { status, body } = await call("/");
  expect(status).toBe(429);
  expect(JSON.parse(body.toString())).toMatchObject({
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
  });
});

test("refuses a request that is too large, and stays usable", async () => {
  expect((await call("/", { "content-type": "text/plain" }, "x".repeat(6_291_457))).status).toBe(413);
  expect((await call("/", {}, Buffer.alloc(5_000_000))).status).toBe(413); // too large once it is base64
  expect(invocations).toEqual([]);
  expect((await call("/")).status).toBe(200);
});

test("is forbidden unless the function's policy lets anybody use its URL", async () => {
  record.policies.$LATEST = [];
  expect((await call("/")).status).toBe(403);
  expect(invocations).toEqual([]);
});

/** A request to the URL that the AWS SDK has signed for Lambda. */
async function signed(secretAccessKey = "test", systemClockOffset = 0): Promise<number | undefined> {
  const client = new LambdaClient({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", maxAttempts: 1, systemClockOffset },
    credentials: { accessKeyId: "test", secretAccessKey },
  });
  const command = new InvokeCommand({ FunctionName: "a b", Qualifier: "x/3 (y)", Payload: '{"a":"é"}' });
  const { $metadata } = await client.send(command).catch((error: LambdaServiceException) => error);
  return $metadata.httpStatusCode;
}

test("checks the caller's signature when its authorization is AWS_IAM", async () => {
  configure(undefined, "AWS_IAM");
  expect(await call("/")).toMatchObject({ status: 403 });
  expect(await signed()).toBe(200);
  const { requestContext } = event();
  expect(requestContext).toMatchObject({
    ...{ accountId: "000000000000", authentication: null },
    authorizer: { iam: { accessKey: "test", userArn: "arn:aws:iam::000000000000:root" } },
  });
  expect(await signed("other")).toBe(403);
  expect(await signed("test", -600_000)).toBe(403);
  expect((await call("/", { authorization: "AWS4-HMAC-SHA256 Credential=x" })).status).toBe(403);
});

test("answers 502 for headers that no HTTP answer can have, and sends none of the connection's", async () => {
  answers({ statusCode: 200, headers: { "x-line": "a\nb" }, body: "" });
  expect((await call("/")).status).toBe(502);
  answers({ statusCode: 200, headers: { "Transfer-Encoding": "chunked", "x-own": 1 }, body: "ab" });
  const { status, headers, body } = await call("/");
  expect({ status, own: headers["x-own"], body: body.toString() }).toEqual({
    status: 200,
    own: "1",
    body: "ab",
  });
  expect(headers).toMatchObject({ "content-length": "2" });
});

test("leaves the path as it was sent, percent-encoded", async () => {
  await call("/a%2Fb/c%20d?q=%C3%A9+x");
  expect(event()).toMatchObject({ rawPath: "/a%2Fb/c%20d", rawQueryString: "q=%C3%A9+x" });
});

test("sends no body for HEAD", async () => {
  const { status, headers, body } = await call("/", {}, undefined, "HEAD");
  expect({ status, length: headers["content-length"], bytes: body.length }).toEqual({
    status: 200,
    length: "11",
    bytes: 0,
  });
});

const CORS: Cors = {
  AllowOrigins: ["https://shop.example"],
  AllowMethods: ["POST", "GET"],
  AllowHeaders: ["content-type", "authorization"],
  ExposeHeaders: ["x-own"],
  AllowCredentials: true,
  MaxAge: 600,
};
const PREFLIGHT = { origin: "https://shop.example", "access-control-request-method": "POST" };

test("answers a preflight itself", async () => {
  configure(CORS);
  const { status, headers } = await call("/", PREFLIGHT, undefined, "OPTIONS");
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    "access-control-allow-origin": "https://shop.example",
    "access-control-allow-methods": "POST,GET",
    "access-control-allow-headers": "content-type,authorization",
    "access-control-allow-credentials": "true",
    "access-control-max-age": "600",
  });
  expect(invocations).toEqual([]);
});

test("gives a foreign origin no leave", async () => {
  configure(CORS);
  const { headers } = await call(
    "/",
    { ...PREFLIGHT, origin: "https://other.example" },
    undefined,
    "OPTIONS",
  );
  expect(headers).not.toHaveProperty("access-control-allow-origin");
});

test("puts its own CORS headers in place of the function's", async () => {
  configure(CORS);
  answers({ statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" }, body: "" });
  const { headers } = await call("/", { origin: "https://shop.example" });
  expect(headers).toMatchObject({
    "access-control-allow-origin": "https://shop.example",
    "access-control-expose-headers": "x-own",
  });
});

test.each([
  ["*", "https://any.example", "*"],
  ["https://*.example", "https://a.b.example", "https://a.b.example"],
  ["http://localhost:*", "http://localhost:3000", "http://localhost:3000"],
  ["https://*.example", "http://a.example", undefined],
])("with the origin %s allowed, answers %s with %s", async (allowed, origin, expected) => {
  configure({ AllowOrigins: [allowed] });
  const { headers } = await call("/", { origin });
  expect(headers["access-control-allow-origin"]).toBe(expected);
});

test("leaves a preflight to the function when it has no CORS configuration", async () => {
  await call("/", PREFLIGHT, undefined, "OPTIONS");
  expect(invocations).toHaveLength(1);
});

test("keeps its port over a restart, and says which port is taken if it is", async () => {
  await expect(servers.restore()).rejects.toThrow(
    `the function URL of probe needs port ${port} on 127.0.0.1, but something else listens there`,
  );
  await servers.closeAll();
  await servers.restore();
  expect((await call("/")).status).toBe(200);
});
