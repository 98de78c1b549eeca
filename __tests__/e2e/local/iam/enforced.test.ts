import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  RedshiftDataClient,
} from "@aws-sdk/client-redshift-data";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { readUsage } from "../../../../local/iam/usage/usage";
import { assumeRole, RoleRefused } from "../../../../local/service/role";
import { GuardedGateway, ROLE, SESSION } from "./gateway";

let gateway: GuardedGateway;

beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  gateway = new GuardedGateway();
  await gateway.start();
});
afterEach(() => {
  gateway.stop();
  jest.restoreAllMocks();
});

const put = () => {
  const Item = { pk: { S: "a" } };
  return new DynamoDBClient(gateway.client).send(new PutItemCommand({ TableName: "events", Item }));
};
const TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/events";

const CALLS: Readonly<
  Record<string, [call: () => Promise<unknown>, code: string, status: number, what: string]>
> = {
  DynamoDB: [
    put,
    ...(["AccessDeniedException", 400] as const),
    `dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
  ],
  S3: [
    () => new S3Client(gateway.client).send(new GetObjectCommand({ Bucket: "lake", Key: "raw/a" })),
    ...(["AccessDenied", 403] as const),
    's3:GetObject on resource: "arn:aws:s3:::lake/raw/a" because no identity-based policy allows the s3:GetObject action',
  ],
  "S3, with a body": [
    () =>
      new S3Client(gateway.client).send(
        new PutObjectCommand({ Bucket: "lake", Key: "a", Body: "x".repeat(1e6) }),
      ),
    ...(["AccessDenied", 403] as const),
    's3:PutObject on resource: "arn:aws:s3:::lake/a" because no identity-based policy allows the s3:PutObject action',
  ],
  SQS: [
    () => {
      const QueueUrl = `${gateway.url}/000000000000/lake`;
      return new SQSClient(gateway.client).send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    },
    ...(["AccessDenied", 403] as const),
    "sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:lake because no identity-based policy allows the sqs:sendmessage action",
  ],
  Lambda: [
    () => new LambdaClient(gateway.client).send(new InvokeCommand({ FunctionName: "load" })),
    ...(["AccessDeniedException", 403] as const),
    "lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:000000000000:function:load because no identity-based policy allows the lambda:InvokeFunction action",
  ],
  Firehose: [
    () => {
      const Record = { Data: Buffer.from("x") };
      return new FirehoseClient(gateway.client).send(
        new PutRecordCommand({ DeliveryStreamName: "raw", Record }),
      );
    },
    ...(["AccessDeniedException", 400] as const),
    "firehose:PutRecord on resource: arn:aws:firehose:us-east-1:000000000000:deliverystream/raw because no identity-based policy allows the firehose:PutRecord action",
  ],
  "Systems Manager": [
    () => new SSMClient(gateway.client).send(new GetParameterCommand({ Name: "/a" })),
    ...(["AccessDeniedException", 400] as const),
    "ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter/a because no identity-based policy allows the ssm:GetParameter action",
  ],
};

it.each(Object.entries(CALLS))("denies a call of %s as that service does", async (_service, given) => {
  const [call, code, status, what] = given;
  gateway.allows = () => false;
  await expect(call()).rejects.toMatchObject({
    name: code,
    message: `User: ${SESSION} is not authorized to perform: ${what}`,
    $metadata: { httpStatusCode: status },
  });
  expect(gateway.served.filter(({ headers }) => "authorization" in headers)).toEqual([]);
});

it("says so when a policy denies explicitly", async () => {
  gateway.allows = () => "Deny";
  await expect(put()).rejects.toMatchObject({
    message: expect.stringMatching(/with an explicit deny in an identity-based policy$/),
  });
});

it("answers a denied HEAD without a body", async () => {
  gateway.allows = () => false;
  const head = new HeadObjectCommand({ Bucket: "lake", Key: "a" });
  await expect(new S3Client(gateway.client).send(head)).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
  });
});

it("names function, action and resource where people look, once for a while", async () => {
  gateway.allows = () => false;
  for (let times = 0; times < 3; times += 1) await expect(put()).rejects.toThrow();
  expect(gateway.denials).toEqual([
    {
      who: "loader (used by load)",
      action: "dynamodb:PutItem",
      resource: TABLE,
      why: "no identity-based policy allows it",
    },
  ]);
  expect(jest.mocked(console.error).mock.calls).toEqual([
    [
      `DENIED: loader (used by load) may not dynamodb:PutItem on ${TABLE}: no identity-based policy allows it`,
    ],
  ]);
});

it("passes an allowed call on whole, and tells the service who calls", async () => {
  await put();
  const served = gateway.served.find(({ headers }) => "authorization" in headers);
  expect(served?.headers["x-local-principal"]).toBe(ROLE);
  expect(JSON.parse(served?.body ?? "")).toEqual({ TableName: "events", Item: { pk: { S: "a" } } });
});

it("takes what a client says of itself away", async () => {
  const response = await fetch(`${gateway.url}/bucket/key`, {
    headers: {
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
      "x-local-principal": "arn:aws:iam::000000000000:role/somebody",
    },
  });
  expect(gateway.served[0]?.headers["x-local-principal"]).toBe("arn:aws:iam::000000000000:root");
  expect(response.headers.get("x-local-policies")).toBeNull();
  expect(gateway.asked).toEqual([]); // the account's own key needs no look
});

it("demands every table of a batch", async () => {
  gateway.allows = ({ resource }) => !resource.endsWith("/b");
  const body = JSON.stringify({ RequestItems: { a: [], b: [] } });
  const answer = await fetch(gateway.url, {
    ...{ method: "POST", body },
    headers: signed("ASIAROLE", "dynamodb", { "x-amz-target": "DynamoDB_20120810.BatchWriteItem" }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("table/b");
});

it("refuses an operation that the map does not know, whatever the policies say", async () => {
  const answer = await fetch(gateway.url, {
    ...{ method: "POST", body: "{}" },
    headers: signed("ASIAROLE", "dynamodb", { "x-amz-target": "DynamoDB_20120810.ExecuteStatement" }),
  });
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({
      __type: "AccessDeniedException",
      message: expect.stringContaining("does not know"),
    }),
  ]);
  const other = await fetch(gateway.url, { headers: signed("ASIAROLE", "events") });
  expect(other.status).toBe(403);
  expect(gateway.served).toEqual([]);
  expect(gateway.denials).toHaveLength(2);
});

describe("credentials that are none", () => {
  it.each([
    ["dynamodb", "DynamoDB_20120810.PutItem", 400, "UnrecognizedClientException"],
    ["sqs", "AmazonSQS.SendMessage", 403, "InvalidClientTokenId"],
  ])("are refused in the way of %s", async (service, target, status, code) => {
    for (const key of ["ASIANOBODY", "AKIANOBODY"]) {
      const headers = signed(key, service, { "x-amz-target": target });
      const answer = await fetch(gateway.url, { method: "POST", body: "{}", headers });
      expect([answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([status, code]);
    }
  });

  it.each([
    ["sts", "ASIANOBODY", 403, "<Code>InvalidClientTokenId</Code>"],
    ["s3", "ASIANOBODY", 403, "<Code>InvalidAccessKeyId</Code>"],
    ["s3", "ASIAOLD", 400, "<Code>ExpiredToken</Code>"],
  ])("are refused in the way of %s, by the key %s", async (service, key, status, code) => {
    const headers = signed(key, service, { "content-type": "application/x-www-form-urlencoded" });
    const answer = await fetch(gateway.url, { method: "POST", body: "Action=GetCallerIdentity", headers });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(code)]);
  });

  it("are those of a session without its token", async () => {
    const headers = { ...signed("ASIAROLE", "s3"), "x-amz-security-token": "another" };
    expect((await fetch(`${gateway.url}/lake/a`, { headers })).status).toBe(403);
  });

  it("are missing in an unsigned request", async () => {
    const answer = await fetch(`${gateway.url}/lake/a`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("AccessDenied")]);
    expect(gateway.served).toEqual([]);
  });
});

describe("an AWS service", () => {
  const use = {
    roleArn: ROLE,
    sessionName: "load",
    sourceArn: "arn:aws:lambda:us-east-1:000000000000:function:load",
  };

  it("takes on a role that trusts it, for a resource of this account", async () => {
    gateway.answer = () =>
      "<AccessKeyId>A</AccessKeyId><SecretAccessKey>B</SecretAccessKey><SessionToken>C</SessionToken><Expiration>2027-01-01T00:00:00Z</Expiration>";
    const credentials = await assumeRole({ service: "lambda.amazonaws.com", gatewayUrl: gateway.url }, use);
    expect(credentials).toMatchObject({ accessKeyId: "A", secretAccessKey: "B", sessionToken: "C" });
    expect(gateway.asked[0]).toMatchObject({
      service: "lambda.amazonaws.com",
      checks: [
        {
          ...{ action: "sts:AssumeRole", resource: ROLE },
          context: { "aws:SourceAccount": "000000000000", "aws:SourceArn": use.sourceArn },
        },
      ],
    });
    expect(gateway.served[0]?.headers["x-local-source-arn"]).toBeUndefined();
  });

  it("takes on none that does not", async () => {
    gateway.allows = () => false;
    await expect(
      assumeRole({ service: "lambda.amazonaws.com", gatewayUrl: gateway.url }, use),
    ).rejects.toThrow(RoleRefused);
  });

  it("can do nothing else by itself", async () => {
    const answer = await fetch(`${gateway.url}/lake/a`, { headers: signed("lambda.amazonaws.com", "s3") });
    expect(answer.status).toBe(403);
    expect(gateway.served).toEqual([]);
  });
});

describe("answers of the evaluator", () => {
  it("are asked for once, until a policy changes", async () => {
    await put();
    await put();
    const before = gateway.asked.length;
    await put();
    expect(gateway.asked).toHaveLength(before);
    gateway.policies = "1.1"; // told with the next answer that passes
    await put();
    gateway.allows = () => false;
    await expect(put()).rejects.toThrow("not authorized");
  });

  it("end within seconds when a policy changes past the gateway", async () => {
    await put();
    gateway.allows = () => false;
    gateway.policies = "1.1";
    for (;;) {
      const served = await put().then(
        () => true,
        () => false,
      );
      if (!served) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  it("are kept for each value of what a policy asks for, and for no other", async () => {
    gateway.conditionKeys = ["s3:x-amz-storage-class"];
    gateway.allows = ({ context }) => context?.["s3:x-amz-storage-class"] !== "GLACIER";
    const s3 = new S3Client(gateway.client);
    const store = (StorageClass?: "GLACIER" | "STANDARD") =>
      s3.send(
        new PutObjectCommand({ Bucket: "lake", Key: "a", Body: "x", ...(StorageClass && { StorageClass }) }),
      );
    await store("STANDARD");
    await expect(store("GLACIER")).rejects.toThrow("not authorized");
    const before = gateway.asked.length;
    await store("STANDARD");
    await expect(store("GLACIER")).rejects.toThrow("not authorized");
    expect(gateway.asked).toHaveLength(before);
  });

  it("are no denial while the evaluator is away: the client is to try again", async () => {
    gateway.away = true;
    await expect(put()).rejects.toMatchObject({
      name: "ServiceUnavailable",
      $metadata: { httpStatusCode: 503 },
    });
    gateway.away = false;
    await put();
  });
});

it("knows whose a statement is, from the answer that names it", async () => {
  gateway.answer = ({ headers }) =>
    String(headers["x-amz-target"]).endsWith("ExecuteStatement") ? '{"Id":"s-1"}' : "{}";
  const data = new RedshiftDataClient(gateway.client);
  await data.send(new ExecuteStatementCommand({ WorkgroupName: "w", Database: "d", Sql: "select 1" }));
  await data.send(new DescribeStatementCommand({ Id: "s-1" }));
  const described = gateway.asked
    .flatMap(({ checks }) => checks)
    .find(({ action }) => action === "redshift-data:DescribeStatement");
  expect(described?.context).toEqual({ "redshift-data:statement-owner-iam-userid": "AROA:load" });
});

it("knows in which workgroup a session is, from the answer that opened it", async () => {
  gateway.answer = ({ headers, body }) => {
    const target = String(headers["x-amz-target"]);
    if (target.endsWith("ExecuteStatement")) return '{"Id":"s-1","SessionId":"open","WorkgroupName":"w"}';
    return target.endsWith("GetWorkgroup")
      ? JSON.stringify({
          workgroup: { workgroupArn: `arn:${(JSON.parse(body) as { workgroupName: string }).workgroupName}` },
        })
      : "{}";
  };
  const data = new RedshiftDataClient(gateway.client);
  const opening = { WorkgroupName: "w", Database: "d", SessionKeepAliveSeconds: 60 };
  await data.send(new ExecuteStatementCommand({ ...opening, Sql: "select 1" }));
  await data.send(new ExecuteStatementCommand({ SessionId: "open", Sql: "select 2" }));
  const asked = gateway.asked
    .flatMap(({ checks }) => checks)
    .filter(({ action }) => action === "redshift-data:ExecuteStatement");
  expect(new Set(asked.map(({ resource }) => resource))).toEqual(new Set(["arn:w"]));
});

it("records which role used what, each once, and nothing that was denied", async () => {
  await put();
  await put();
  const s3 = new S3Client(gateway.client);
  for (const Key of ["raw/dt=2026-11-23/a", "raw/dt=2026-11-24/b", "events/a"])
    await s3.send(new PutObjectCommand({ Bucket: "lake", Key, Body: "x" }));
  gateway.allows = () => false;
  await expect(s3.send(new GetObjectCommand({ Bucket: "lake", Key: "a" }))).rejects.toThrow();
  expect(
    readUsage(gateway.usageFile).map(({ identity, action, resource }) => [identity, action, resource]),
  ).toEqual([
    [ROLE, "dynamodb:PutItem", TABLE],
    [ROLE, "s3:PutObject", "arn:aws:s3:::lake/raw/dt=2026-11-23/a"],
    [ROLE, "s3:PutObject", "arn:aws:s3:::lake/events/a"],
  ]);
});

function signed(key: string, service: string, more: Record<string, string> = {}): Record<string, string> {
  const scope = `${key}/20261123/us-east-1/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    ...(key === "ASIAROLE" ? { "x-amz-security-token": "token" } : {}),
    ...more,
  };
}
