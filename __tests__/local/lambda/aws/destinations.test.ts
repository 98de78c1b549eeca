import type { Server } from "node:http";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { destinations } from "../../../../local/lambda/aws/destinations";
import { roleCredentials } from "../../credentials";
import { fakeGateway } from "./gateway";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const RECORD = {
  message: '{"a":1}',
  attributes: { RequestID: { DataType: "String", StringValue: "r 1" } },
  object: { key: "aws/lambda/x", content: "whole" },
};

async function deliver(arn: string, record = RECORD) {
  const gateway = await fakeGateway(() => ({ status: 200, body: "{}" }));
  server = gateway.server;
  const client = {
    ...{ endpoint: gateway.url, region: "us-east-1", forcePathStyle: true },
    credentials: roleCredentials,
  };
  const clients = {
    ...{ gatewayUrl: gateway.url, credentials: async () => roleCredentials },
    ...{ lambda: new LambdaClient(client), s3: new S3Client(client), sqs: new SQSClient(client) },
  };
  await destinations(() => clients)(arn, record);
  return { received: gateway.received };
}

test("sends a message and its attributes to a topic", async () => {
  const { received } = await deliver("arn:aws:sns:us-east-1:000000000000:failed");
  expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toMatchObject({
    ...{ Action: "Publish", TopicArn: "arn:aws:sns:us-east-1:000000000000:failed", Message: RECORD.message },
    "MessageAttributes.entry.1.Name": "RequestID",
    "MessageAttributes.entry.1.Value.DataType": "String",
    "MessageAttributes.entry.1.Value.StringValue": "r 1",
  });
});

test("puts the whole record into a bucket", async () => {
  const { received } = await deliver("arn:aws:s3:::lake");
  expect(received[0]?.body).toContain("whole");
});

test("invokes a function with the message, asynchronously, as the role", async () => {
  const { received } = await deliver("arn:aws:lambda:us-east-1:000000000000:function:f");
  expect(received[0]?.body).toBe(RECORD.message);
  expect(received[0]?.headers).toMatchObject({
    "x-amz-invocation-type": "Event",
    authorization: expect.stringContaining("Credential=ASIAPROBE/"),
  });
});

test("refuses any other destination", async () => {
  await expect(deliver("arn:aws:events:us-east-1:000000000000:event-bus/b")).rejects.toThrow(
    "a destination must be an SQS, SNS, S3 or Lambda ARN",
  );
});
