import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Bench } from "../bench";

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().open();
  bench.serve = () => ({ body: { TableNames: ["t"] } });
});
afterEach(() => bench.close());

const list = () => new DynamoDBClient(bench.client).send(new ListTablesCommand({}));

/** How a call ended, and after how many ms. */
async function timed(call: Promise<unknown>): Promise<{ ended: string; ms: number }> {
  const began = performance.now();
  const ended = await call.then(
    () => "answered",
    (error: Error) => error.message,
  );
  return { ended, ms: performance.now() - began };
}

describe("a request that a fault is set on", () => {
  it("passes as it is while the fault does not strike", async () => {
    await bench.set("s3:PutObject=throttle#2..2", "dynamodb:PutItem=throttle");
    const s3 = new S3Client({ ...bench.client, forcePathStyle: true });
    bench.serve = () => ({ body: "", type: "application/xml" });
    const Body = Buffer.from("bytes \u0000 that are no text");
    await s3.send(new PutObjectCommand({ Bucket: "b", Key: "a/b c", Body, ChecksumAlgorithm: "CRC32" }));
    expect(bench.seen).toMatchObject([
      { method: "PUT", url: expect.stringMatching(/^\/b\/a\/b%20c\?/), body: Body.toString() },
    ]);
    expect(bench.seen[0]?.headers).toMatchObject({ "content-length": String(Body.length) });
    bench.serve = () => ({ body: { TableNames: ["t"] } });
    expect((await list()).TableNames).toEqual(["t"]);
  });

  it("is slow by as much as the fault says", async () => {
    await bench.set("dynamodb:ListTables=slow(80ms)#1");
    const { ended, ms } = await timed(list());
    expect(ended).toBe("answered");
    expect(ms).toBeGreaterThanOrEqual(75);
    expect(bench.seen).toHaveLength(1);
  });

  it("times out with nothing done", async () => {
    await bench.set("dynamodb:ListTables=timeout(undone,60ms)#1");
    const { ended, ms } = await timed(list());
    expect(ended).toContain("socket hang up");
    expect(ms).toBeGreaterThanOrEqual(55);
    expect(bench.seen).toEqual([]);
    expect((await list()).TableNames).toEqual(["t"]);
  });

  it("times out though it was done", async () => {
    await bench.set("dynamodb:ListTables=timeout(done,60ms)#1");
    const { ended, ms } = await timed(list());
    expect(ended).toContain("socket hang up");
    expect(ms).toBeGreaterThanOrEqual(55);
    expect(bench.seen).toHaveLength(1);
  });

  it("holds a connection no longer than its client does", async () => {
    await bench.set("dynamodb:ListTables=timeout(undone,10m)#1");
    const client = new DynamoDBClient({
      ...bench.client,
      requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
    });
    const { ended } = await timed(client.send(new ListTablesCommand({})));
    expect(ended).toContain("50 ms");
  });

  it("loses its answer after it was done", async () => {
    await bench.set("dynamodb:ListTables=lost#1");
    expect((await timed(list())).ended).toContain("socket hang up");
    expect(bench.seen).toHaveLength(1);
  });

  it("reaches the service twice, the same both times", async () => {
    await bench.set("lambda:Invoke/f=duplicate#1");
    const lambda = new LambdaClient(bench.client);
    const invoke = new InvokeCommand({
      FunctionName: "f",
      InvocationType: "Event",
      Payload: Buffer.from("{}"),
    });
    bench.serve = () => ({ status: 202, body: "" });
    expect((await lambda.send(invoke)).StatusCode).toBe(202);
    expect(bench.seen).toHaveLength(2);
    expect(bench.seen[0]).toEqual(bench.seen[1]);
    await lambda.send(invoke);
    expect(bench.seen).toHaveLength(3);
  });

  it("is told that the service is unavailable when that is down, as without a fault", async () => {
    await bench.set("dynamodb:*=duplicate#1", "dynamodb:*=slow(1ms)");
    bench.closeService();
    for (let calls = 0; calls < 2; calls += 1)
      await expect(list()).rejects.toMatchObject({
        name: "ServiceUnavailable",
        $metadata: { httpStatusCode: 503 },
      });
  });

  it("of a streamed body waits for the go-ahead", async () => {
    await bench.set("s3:PutObject=slow(1ms)");
    bench.serve = () => ({ body: "", type: "application/xml" });
    const s3 = new S3Client({ ...bench.client, forcePathStyle: true });
    const Body = "x".repeat(3 * 1024 * 1024); // the SDK asks first from 2 MiB
    await s3.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body }));
    expect(bench.seen[0]?.body).toHaveLength(Body.length);
    await s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
    expect(bench.seen[1]?.method).toBe("GET");
  });
});
