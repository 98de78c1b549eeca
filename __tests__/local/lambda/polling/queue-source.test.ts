import type { Server } from "node:http";
import { SQSClient } from "@aws-sdk/client-sqs";
import { sqsQueue } from "../../../../local/lambda/polling/queue/source";
import { fakeGateway } from "../aws/gateway";

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:q";
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function queue(answers: Record<string, object>) {
  const gateway = await fakeGateway(({ headers }) => {
    const operation = String(headers["x-amz-target"]).split(".").at(-1) ?? "";
    return { status: 200, body: JSON.stringify(answers[operation] ?? {}) };
  });
  server = gateway.server;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new SQSClient({ endpoint: gateway.url, region: "us-east-1", credentials, md5: false });
  return { source: sqsQueue(() => client, gateway.url, QUEUE), received: gateway.received };
}

test("hands a message over in the shape of a function's event", async () => {
  const { source } = await queue({
    ReceiveMessage: {
      Messages: [
        {
          ...{
            MessageId: "m",
            ReceiptHandle: "h",
            Body: "text",
            MD5OfBody: "5",
            MD5OfMessageAttributes: "6",
          },
          Attributes: { ApproximateReceiveCount: "1", SentTimestamp: "2" },
          MessageAttributes: {
            kind: { DataType: "String", StringValue: "x" },
            raw: { DataType: "Binary", BinaryValue: Buffer.from("ab").toString("base64") },
          },
        },
      ],
    },
  });
  expect(await source.receive(10, 0, new AbortController().signal)).toEqual([
    {
      ...{ messageId: "m", receiptHandle: "h", body: "text", md5OfBody: "5", md5OfMessageAttributes: "6" },
      attributes: { ApproximateReceiveCount: "1", SentTimestamp: "2" },
      messageAttributes: {
        kind: { dataType: "String", stringValue: "x", stringListValues: [], binaryListValues: [] },
        raw: { dataType: "Binary", binaryValue: "YWI=", stringListValues: [], binaryListValues: [] },
      },
      ...{ eventSource: "aws:sqs", eventSourceARN: QUEUE, awsRegion: "us-east-1" },
    },
  ]);
});

test("asks for no more than ten messages a call, and deletes them ten at a time", async () => {
  const { source, received } = await queue({ ReceiveMessage: {} });
  await source.receive(100, 5, new AbortController().signal);
  expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({ MaxNumberOfMessages: 10, WaitTimeSeconds: 5 });
  await source.remove(
    Array.from({ length: 12 }, (_, n) => ({ messageId: `m${n}`, receiptHandle: `h${n}`, body: "" })),
  );
  const sizes = received
    .slice(1)
    .map(({ body }) => (JSON.parse(body) as { Entries: object[] }).Entries.length);
  expect(sizes).toEqual([10, 2]);
});
