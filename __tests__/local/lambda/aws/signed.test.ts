import type { Server } from "node:http";
import { dynamoDbStream } from "../../../../local/lambda/polling/stream/source";
import { PositionLost } from "../../../../local/lambda/polling/stream/types";
import { CallError, callJson } from "../../../../local/service/signed";
import { roleCredentials } from "../../credentials";
import { fakeGateway } from "./gateway";

const endpoint = (gatewayUrl: string) => ({ gatewayUrl, credentials: async () => roleCredentials });

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

test("signs a call for its service with the role's credentials and reads the answer", async () => {
  const gateway = await fakeGateway(() => ({ status: 200, body: '{"ok":1}' }));
  server = gateway.server;
  expect(
    await callJson(endpoint(gateway.url), "logs", "Logs_20140328.PutLogEvents", "1.1", { a: "é" }),
  ).toEqual({
    ok: 1,
  });
  const [{ headers, body } = { headers: {}, body: "" }] = gateway.received;
  expect(body).toBe('{"a":"é"}');
  expect(headers).toMatchObject({
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "Logs_20140328.PutLogEvents",
    "x-amz-security-token": "token",
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=ASIAPROBE\/\d{8}\/us-east-1\/logs\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
    ),
  });
});

test.each([
  [400, '{"__type":"com.amazonaws#ResourceNotFoundException","message":"none"}', "ResourceNotFoundException"],
  [503, "starting", "HTTP 503"],
])("turns an answer %d %s into an error", async (status, body, code) => {
  const gateway = await fakeGateway(() => ({ status, body }));
  server = gateway.server;
  const failing = callJson(endpoint(gateway.url), "logs", "Logs_20140328.PutLogEvents", "1.1", {});
  await expect(failing).rejects.toBeInstanceOf(CallError);
  await expect(failing).rejects.toMatchObject({ code, status });
});

test.each(["TrimmedDataAccessException", "ExpiredIteratorException"])(
  "knows by %s that a place is lost",
  async (code) => {
    const gateway = await fakeGateway(() => ({ status: 400, body: JSON.stringify({ __type: code }) }));
    server = gateway.server;
    const stream = dynamoDbStream(endpoint(gateway.url), "arn:stream");
    await expect(stream.iterator("s", { after: "1" })).rejects.toBeInstanceOf(PositionLost);
    await expect(stream.read("iterator")).rejects.toBeInstanceOf(PositionLost);
  },
);

test("reads a stream's shards page by page, and records by their table's partition key", async () => {
  const pages = [
    { Shards: [{ ShardId: "a" }], LastEvaluatedShardId: "a" },
    { Shards: [{ ShardId: "b", ParentShardId: "a" }] },
  ];
  const KeySchema = [
    { AttributeName: "sk", KeyType: "RANGE" },
    { AttributeName: "pk", KeyType: "HASH" },
  ];
  const gateway = await fakeGateway(() => ({
    status: 200,
    body: JSON.stringify({ StreamDescription: { KeySchema, ...pages.shift() } }),
  }));
  server = gateway.server;
  const stream = dynamoDbStream(endpoint(gateway.url), "arn:stream");
  expect(await stream.shards()).toEqual([{ id: "a" }, { id: "b", parentId: "a" }]);
  const record = (pk: string, sk: string) => ({
    eventID: "1",
    eventName: "INSERT",
    dynamodb: { ApproximateCreationDateTime: 1, SequenceNumber: "1", Keys: { pk: { S: pk }, sk: { S: sk } } },
  });
  expect(stream.partitionKey(record("x", "1"))).toBe(stream.partitionKey(record("x", "2")));
  expect(stream.partitionKey(record("x", "1"))).not.toBe(stream.partitionKey(record("y", "1")));
});
