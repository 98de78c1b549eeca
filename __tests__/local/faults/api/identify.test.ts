import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient, GetRecordsCommand } from "@aws-sdk/client-dynamodb-streams";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { identify } from "../../../../local/faults/api/identify";
import { operationsOf } from "../../../../local/faults/api/operations";
import { services } from "../../../../local/faults/api/services";
import { serviceOf } from "../../../../local/gateway/route";
import { Bench } from "../bench";

let bench: Bench;
beforeAll(async () => {
  bench = await new Bench().open();
});
afterAll(() => bench.close());

/** What the last request is taken for, as the service behind the gateway got it. */
async function taken(call: Promise<unknown>): Promise<string> {
  await call.catch(() => undefined); // the answer is none that the client understands
  const request = bench.seen.at(-1);
  if (request === undefined) throw new Error("no request came");
  const found = identify({ ...request, body: Buffer.from(request.body) }, serviceOf(request) ?? "");
  return found === undefined ? "unknown" : [found.service, found.operation, ...found.resources].join(" ");
}

describe("a request of an SDK's client", () => {
  it("of a JSON service is known by its target, and its table, stream or queue by the input", async () => {
    const dynamodb = new DynamoDBClient(bench.client);
    const RequestItems = { events: [], other: [] };
    expect(await taken(dynamodb.send(new BatchWriteItemCommand({ RequestItems })))).toBe(
      "dynamodb BatchWriteItem events other",
    );
    const streams = new DynamoDBStreamsClient(bench.client);
    expect(await taken(streams.send(new GetRecordsCommand({ ShardIterator: "x" })))).toBe(
      "dynamodbstreams GetRecords",
    );
    const firehose = new FirehoseClient(bench.client);
    expect(
      await taken(firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: "raw", Records: [] }))),
    ).toBe("firehose PutRecordBatch raw");
    const sqs = new SQSClient(bench.client);
    const QueueUrl = `${bench.url}/000000000000/files`;
    expect(await taken(sqs.send(new ReceiveMessageCommand({ QueueUrl })))).toBe("sqs ReceiveMessage files");
    expect(await taken(sqs.send(new GetQueueUrlCommand({ QueueName: "files" })))).toBe(
      "sqs GetQueueUrl files",
    );
  });

  it("of a Query service is known by its action", async () => {
    const iam = new IAMClient(bench.client);
    expect(await taken(iam.send(new GetRoleCommand({ RoleName: "loader" })))).toBe("iam GetRole");
  });

  it("of a REST JSON service is known by its route, and the function by its path", async () => {
    const lambda = new LambdaClient(bench.client);
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:load:live";
    expect(await taken(lambda.send(new InvokeCommand({ FunctionName: "load" })))).toBe("lambda Invoke load");
    expect(await taken(lambda.send(new InvokeCommand({ FunctionName: arn })))).toBe("lambda Invoke load");
    expect(await taken(lambda.send(new GetFunctionCommand({ FunctionName: "load" })))).toBe(
      "lambda GetFunction load",
    );
    expect(await taken(lambda.send(new ListFunctionsCommand({})))).toBe("lambda ListFunctions");
    const scheduler = new SchedulerClient(bench.client);
    expect(await taken(scheduler.send(new ListSchedulesCommand({})))).toBe("scheduler ListSchedules");
    expect(await taken(scheduler.send(new GetScheduleCommand({ Name: "hourly" })))).toBe(
      "scheduler GetSchedule",
    );
  });

  it("of S3 is known by method, path, query string and headers", async () => {
    const client = new s3.S3Client({ ...bench.client, forcePathStyle: true });
    const object = { Bucket: "lake", Key: "events/dt=2026-11-01/a b.gz" };
    const part = { ...object, UploadId: "u" };
    const commands = {
      PutObject: new s3.PutObjectCommand({ ...object, Body: "x" }),
      GetObject: new s3.GetObjectCommand(object),
      HeadObject: new s3.HeadObjectCommand(object),
      DeleteObject: new s3.DeleteObjectCommand(object),
      CopyObject: new s3.CopyObjectCommand({ ...object, CopySource: "lake/other" }),
      UploadPart: new s3.UploadPartCommand({ ...part, PartNumber: 1, Body: "x" }),
      UploadPartCopy: new s3.UploadPartCopyCommand({ ...part, PartNumber: 1, CopySource: "lake/other" }),
      ListParts: new s3.ListPartsCommand(part),
      AbortMultipartUpload: new s3.AbortMultipartUploadCommand(part),
      CreateMultipartUpload: new s3.CreateMultipartUploadCommand(object),
      CompleteMultipartUpload: new s3.CompleteMultipartUploadCommand(part),
      GetObjectTagging: new s3.GetObjectTaggingCommand(object),
      ListObjectsV2: new s3.ListObjectsV2Command({ Bucket: "lake" }),
      ListObjects: new s3.ListObjectsCommand({ Bucket: "lake" }),
      ListObjectVersions: new s3.ListObjectVersionsCommand({ Bucket: "lake" }),
      DeleteObjects: new s3.DeleteObjectsCommand({ Bucket: "lake", Delete: { Objects: [{ Key: "a" }] } }),
      CreateBucket: new s3.CreateBucketCommand({ Bucket: "lake" }),
      HeadBucket: new s3.HeadBucketCommand({ Bucket: "lake" }),
      GetBucketNotificationConfiguration: new s3.GetBucketNotificationConfigurationCommand({
        Bucket: "lake",
      }),
      GetBucketMetricsConfiguration: new s3.GetBucketMetricsConfigurationCommand({ Bucket: "lake", Id: "i" }),
      ListBucketMetricsConfigurations: new s3.ListBucketMetricsConfigurationsCommand({ Bucket: "lake" }),
    };
    const expected = Object.keys(commands).map((operation) => `s3 ${operation} lake`);
    const found: string[] = [];
    for (const command of Object.values(commands)) found.push(await taken(client.send(command as never)));
    expect(found).toEqual(expected);
    expect(await taken(client.send(new s3.ListBucketsCommand({})))).toBe("s3 ListBuckets");
  });

  it("of another client of S3, without the SDK's hint, is known all the same", () => {
    const request = { method: "PUT", url: "/lake/a/b.gz", headers: {}, body: Buffer.alloc(0) };
    expect(identify(request, "s3")).toMatchObject({ operation: "PutObject", resources: ["lake"] });
  });

  it("that is none of a known service is left alone", () => {
    const request = { method: "POST", url: "/", headers: {}, body: Buffer.from("Action=DescribeVpcs") };
    expect(identify(request, "ec2")).toBeUndefined();
    expect(identify(request, "dynamodb")).toBeUndefined();
  });
});

describe("the table of services", () => {
  it.each(Object.keys(services))("knows the operations of %s", (service) => {
    const operations = operationsOf(service);
    expect(operations.length).toBeGreaterThan(3);
    for (const { name, http } of operations) {
      expect(name).toMatch(/^[A-Z]\w+$/);
      expect(http !== undefined || !services[service]?.protocol.startsWith("rest-")).toBe(true);
    }
  });
});
