import type { Demand } from "../../../local/iam/decision/evaluator";
import { SERVICE_MAPS } from "../../../local/iam/demands";
import type { ApiRequest } from "../../../local/iam/request";
import { KEY, SECRET, WORKGROUP, worldOf } from "./world";

type Sent = Partial<Omit<ApiRequest, "body" | "query">> & {
  readonly search?: string;
  readonly body?: string;
};

async function operation(service: string, { search = "", body = "", ...sent }: Sent) {
  const request = {
    ...{ service, method: "POST", path: "/", headers: {}, presigned: false, ...sent },
    ...{ query: new URLSearchParams(search), body: Buffer.from(body) },
  };
  return SERVICE_MAPS[service]?.operation(request, worldOf(), { userId: "AROA:me" });
}

/** What an operation of an AWS JSON service needs, in short: action and resource. */
async function json(service: string, target: string, input: object): Promise<string[] | undefined> {
  const found = await operation(service, {
    headers: { "x-amz-target": target },
    body: JSON.stringify(input),
  });
  return found?.demands.map(short);
}

async function rest(service: string, sent: Sent): Promise<string[] | undefined> {
  return (await operation(service, sent))?.demands.map(short);
}

const short = ({ action, resource }: Demand): string => `${action} ${resource}`;
const TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table";
const STREAM = `${TABLE}/events/stream/2026-11-23T12:34:31.909`;
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:lake";
const QUEUE_URL = "http://127.0.0.1:4566/000000000000/lake";
const GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f";

describe("what a request of the AWS JSON protocols needs", () => {
  const iterator = Buffer.from(JSON.stringify({ t: "events", arn: STREAM })).toString("base64url");
  it.each<[string, string, object, string[]]>([
    ["dynamodb", "DynamoDB_20120810.PutItem", { TableName: "events" }, [`dynamodb:PutItem ${TABLE}/events`]],
    [
      ...(["dynamodb", "DynamoDB_20120810.GetItem", { TableName: `${TABLE}/other` }] as const),
      [`dynamodb:GetItem ${TABLE}/other`],
    ],
    [
      ...(["dynamodb", "DynamoDB_20120810.BatchWriteItem", { RequestItems: { a: [], b: [] } }] as const),
      [`dynamodb:BatchWriteItem ${TABLE}/a`, `dynamodb:BatchWriteItem ${TABLE}/b`],
    ],
    [
      ...(["dynamodb", "DynamoDB_20120810.Query", { TableName: "events", IndexName: "by-user" }] as const),
      [`dynamodb:Query ${TABLE}/events/index/by-user`],
    ],
    [
      "dynamodb",
      "DynamoDB_20120810.TransactWriteItems",
      { TransactItems: [{ Put: { TableName: "a" } }, { ConditionCheck: { TableName: "b" } }] },
      [`dynamodb:PutItem ${TABLE}/a`, `dynamodb:ConditionCheckItem ${TABLE}/b`],
    ],
    [
      ...(["dynamodb", "DynamoDBStreams_20120810.GetRecords", { ShardIterator: iterator }] as const),
      [`dynamodb:GetRecords ${STREAM}`],
    ],
    ["dynamodb", "DynamoDBStreams_20120810.ListStreams", {}, ["dynamodb:ListStreams *"]],
    ["sqs", "AmazonSQS.SendMessageBatch", { QueueUrl: QUEUE_URL }, [`sqs:SendMessage ${QUEUE}`]],
    ["sqs", "AmazonSQS.DeleteMessageBatch", { QueueUrl: QUEUE_URL }, [`sqs:DeleteMessage ${QUEUE}`]],
    ["sqs", "AmazonSQS.GetQueueUrl", { QueueName: "lake" }, [`sqs:GetQueueUrl ${QUEUE}`]],
    ["kms", "TrentService.Decrypt", { KeyId: "alias/data" }, [`kms:Decrypt ${KEY}`]],
    ["kms", "TrentService.Encrypt", { KeyId: "alias/none" }, ["kms:Encrypt *"]],
    [
      ...(["ssm", "AmazonSSM.GetParameter", { Name: "/clickstream/local/outputs:3" }] as const),
      ["ssm:GetParameter arn:aws:ssm:us-east-1:000000000000:parameter/clickstream/local/outputs"],
    ],
    [
      ...(["ssm", "AmazonSSM.GetParameters", { Names: ["/a", "b"] }] as const),
      ["a", "b"].map((name) => `ssm:GetParameters arn:aws:ssm:us-east-1:000000000000:parameter/${name}`),
    ],
    [
      ...(["secretsmanager", "secretsmanager.GetSecretValue", { SecretId: "admin" }] as const),
      [`secretsmanager:GetSecretValue ${SECRET}`],
    ],
    [
      ...(["firehose", "Firehose_20150804.PutRecordBatch", { DeliveryStreamName: "raw" }] as const),
      ["firehose:PutRecordBatch arn:aws:firehose:us-east-1:000000000000:deliverystream/raw"],
    ],
    [
      ...(["logs", "Logs_20140328.PutLogEvents"] as const),
      { logGroupName: "/aws/lambda/f", logStreamName: "s" },
      [`logs:PutLogEvents ${GROUP}:log-stream:s`],
    ],
    [
      ...(["redshift-data", "RedshiftData.ExecuteStatement", { WorkgroupName: "warehouse" }] as const),
      [`redshift-data:ExecuteStatement ${WORKGROUP}`],
    ],
    [
      ...(["redshift-data", "RedshiftData.BatchExecuteStatement", { SessionId: "session" }] as const),
      [`redshift-data:BatchExecuteStatement ${WORKGROUP}`],
    ],
    [
      ...(["redshift-data", "RedshiftData.GetStatementResultV2", { Id: "mine:2" }] as const),
      ["redshift-data:GetStatementResult *"],
    ],
  ])("%s: %s %j", async (service, target, input, needed) => {
    expect(await json(service, target, input)).toEqual(needed);
  });

  it("says whose a statement is, so that a policy can ask for one's own", async () => {
    const owner = async (Id: string) =>
      (
        await operation("redshift-data", {
          headers: { "x-amz-target": "RedshiftData.DescribeStatement" },
          body: JSON.stringify({ Id }),
        })
      )?.demands[0]?.context;
    expect(await owner("mine")).toEqual({ "redshift-data:statement-owner-iam-userid": "AROA:loader" });
    expect(await owner("mine:1")).toEqual({ "redshift-data:statement-owner-iam-userid": "AROA:loader" });
    expect(await owner("nobody's")).toEqual({});
    const listed = await operation("redshift-data", {
      headers: { "x-amz-target": "RedshiftData.ListStatements" },
    });
    expect(listed?.demands[0]?.context).toEqual({ "redshift-data:statement-owner-iam-userid": "AROA:me" });
  });
});

it("says whose a session is, so that a policy can ask for one's own", async () => {
  const found = await operation("redshift-data", {
    headers: { "x-amz-target": "RedshiftData.BatchExecuteStatement" },
    body: JSON.stringify({ SessionId: "mine" }),
  });
  expect(found?.demands[0]?.context).toEqual({ "redshift-data:session-owner-iam-userid": "AROA:loader" });
});

describe("what a request of S3 needs", () => {
  const LAKE = "arn:aws:s3:::lake";
  const host = { host: "127.0.0.1:4566" };
  it.each<[string, Sent, string[]]>([
    ["a put by path", { method: "PUT", path: "/lake/raw/a%20b" }, [`s3:PutObject ${LAKE}/raw/a b`]],
    [
      "a put by host",
      { method: "PUT", path: "/raw/a", headers: { host: "lake.127.0.0.1:4566" } },
      [`s3:PutObject ${LAKE}/raw/a`],
    ],
    [
      "a get by S3's own host",
      { method: "GET", path: "/raw/a", headers: { host: "lake.s3.us-east-1.localhost" } },
      [`s3:GetObject ${LAKE}/raw/a`],
    ],
    [
      "the list of buckets",
      { method: "GET", path: "/", search: "x-id=ListBuckets&max-buckets=5" },
      ["s3:ListAllMyBuckets *"],
    ],
    ["a head", { method: "HEAD", path: "/lake/a" }, [`s3:GetObject ${LAKE}/a`]],
    [
      "a version",
      { method: "GET", path: "/lake/a", search: "versionId=3" },
      [`s3:GetObjectVersion ${LAKE}/a`],
    ],
    [
      "a list",
      { method: "GET", path: "/lake", search: "list-type=2&prefix=raw/" },
      [`s3:ListBucket ${LAKE}`],
    ],
    [
      "a part",
      { method: "PUT", path: "/lake/a", search: "partNumber=1&uploadId=u" },
      [`s3:PutObject ${LAKE}/a`],
    ],
    [
      "the end of an upload that is given up",
      { method: "DELETE", path: "/lake/a", search: "uploadId=u" },
      [`s3:AbortMultipartUpload ${LAKE}/a`],
    ],
    [
      "a copy",
      { method: "PUT", path: "/lake/b", headers: { ...host, "x-amz-copy-source": "/other/x%2Fa" } },
      ["s3:GetObject arn:aws:s3:::other/x/a", `s3:PutObject ${LAKE}/b`],
    ],
    [
      "a copy that a presigned URL asks for",
      { method: "PUT", path: "/lake/b", search: "X-Amz-Copy-Source=other%2Fa" },
      ["s3:GetObject arn:aws:s3:::other/a", `s3:PutObject ${LAKE}/b`],
    ],
    [
      "many deletes",
      {
        path: "/lake",
        search: "delete",
        body: "<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key><VersionId>1</VersionId></Object></Delete>",
      },
      [`s3:DeleteObject ${LAKE}/a&b`, `s3:DeleteObjectVersion ${LAKE}/c`],
    ],
    [
      "a put with tags",
      { method: "PUT", path: "/lake/a", headers: { ...host, "x-amz-tagging": "k=v" } },
      [`s3:PutObject ${LAKE}/a`, `s3:PutObjectTagging ${LAKE}/a`],
    ],
  ])("%s", async (_what, sent, needed) => {
    expect(await rest("s3", { headers: host, ...sent })).toEqual(needed);
  });

  it("tells a policy the prefix that is listed", async () => {
    const found = await operation("s3", { method: "GET", path: "/lake", search: "prefix=raw/" });
    expect(found?.demands[0]?.context).toMatchObject({ "s3:prefix": "raw/", "s3:authType": "REST-HEADER" });
  });
});

it.each<[string, string, Sent, string[]]>([
  [
    ...(["lambda", "an invocation"] as const),
    { path: "/2015-03-31/functions/load/invocations", search: "Qualifier=live" },
    ["lambda:InvokeFunction arn:aws:lambda:us-east-1:000000000000:function:load:live"],
  ],
  [
    ...(["lambda", "an invocation by ARN"] as const),
    {
      path: `/2015-03-31/functions/${encodeURIComponent("arn:aws:lambda:us-east-1:000000000000:function:load")}/invocations`,
    },
    ["lambda:InvokeFunction arn:aws:lambda:us-east-1:000000000000:function:load"],
  ],
  [
    ...(["scheduler", "a schedule"] as const),
    { method: "GET", path: "/schedules/load" },
    ["scheduler:GetSchedule arn:aws:scheduler:us-east-1:000000000000:schedule/default/load"],
  ],
  [
    ...(["sqs", "the older protocol, the queue in its path"] as const),
    { path: "/000000000000/lake", body: "Action=SendMessage&MessageBody=x" },
    [`sqs:SendMessage ${QUEUE}`],
  ],
  [
    ...(["sns", "a publication"] as const),
    { body: "Action=Publish&TopicArn=arn:aws:sns:us-east-1:000000000000:t&Message=x" },
    ["sns:Publish arn:aws:sns:us-east-1:000000000000:t"],
  ],
  [
    ...(["sts", "a role, with tags for the session"] as const),
    {
      body: "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/r&RoleSessionName=s&Tags.member.1.Key=a",
    },
    ["sts:AssumeRole", "sts:TagSession"].map((action) => `${action} arn:aws:iam::000000000000:role/r`),
  ],
  ["sts", "who one is", { body: "Action=GetCallerIdentity" }, []],
])("%s: %s", async (service, _what, sent, needed) => {
  expect(await rest(service, sent)).toEqual(needed);
});

describe("is not known, and so refused:", () => {
  it.each<[string, string, Sent]>([
    ["dynamodb", "an operation without a place in the map", target("DynamoDB_20120810.ExecuteStatement")],
    ["dynamodb", "a name that every object has", target("DynamoDB_20120810.constructor")],
    ["dynamodb", "another service's operation", target("AmazonSQS.SendMessage")],
    ["dynamodb", "a body that is no JSON", { ...target("DynamoDB_20120810.PutItem"), body: "{" }],
    [
      "s3",
      "an object of S3 with another service's target",
      { path: "/a/b", ...target("DynamoDB_20120810.PutItem") },
    ],
    ["s3", "two subresources at once", { method: "GET", path: "/lake/a", search: "acl&tagging" }],
    ["s3", "a subresource without a place in the map", { method: "PUT", path: "/lake", search: "website" }],
    ["s3", "a path that names no bucket", { method: "GET", path: "//lake/a" }],
    ["s3", "a broken encoding", { method: "GET", path: "/lake/%" }],
    [
      ...(["s3", "a copy of something broken"] as const),
      { method: "PUT", path: "/lake/a", headers: { "x-amz-copy-source": "lake/%" } },
    ],
    ["s3", "a copy of nothing", { method: "PUT", path: "/lake/a", headers: { "x-amz-copy-source": "lake" } }],
    ["sts", "a role that is named twice", { body: "Action=AssumeRole&RoleArn=a&RoleArn=b" }],
    [
      "sts",
      "an operation in the URL and another in the body",
      { search: "Action=GetCallerIdentity", body: "Action=AssumeRole" },
    ],
    ["lambda", "an operation of the control plane", { method: "DELETE", path: "/2015-03-31/functions/load" }],
  ])("%s: %s", async (service, _what, sent) => {
    expect(await operation(service, sent)).toBeUndefined();
  });

  function target(name: string): Sent {
    return { headers: { "x-amz-target": name }, body: "{}" };
  }
});
