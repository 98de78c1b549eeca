import type { Server } from "node:http";
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
  const invoked: string[] = [];
  const clients = {
    ...{ gatewayUrl: gateway.url, credentials: async () => roleCredentials },
    ...{ s3: new S3Client(client), sqs: new SQSClient(client) },
  };
  await destinations(
    () => clients,
    async (_arn, event) => invoked.push(event),
  )(arn, record);
  return { received: gateway.received, invoked };
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

test("invokes a function with the message", async () => {
  const { invoked } = await deliver("arn:aws:lambda:us-east-1:000000000000:function:f");
  expect(invoked).toEqual([RECORD.message]);
});

test("refuses any other destination", async () => {
  await expect(deliver("arn:aws:events:us-east-1:000000000000:event-bus/b")).rejects.toThrow(
    "a destination must be an SQS, SNS, S3 or Lambda ARN",
  );
});
