import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { MiniStack } from "./process";

let server: MiniStack;

beforeAll(async () => {
  server = await MiniStack.inFolder();
});

afterAll(() => server.remove());

describe("a MiniStack that is killed", () => {
  it("keeps buckets: configuration, objects, versions, and the notification of an acknowledged object", async () => {
    const s3 = new S3Client({ ...server.client, forcePathStyle: true });
    const sqs = new SQSClient(server.client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "created" }));
    const Bucket = "lake";
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy }));
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: "expire", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 7 } }],
        },
      }),
    );
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: {
          QueueConfigurations: [
            { QueueArn: "arn:aws:sqs:us-east-1:000000000000:created", Events: ["s3:ObjectCreated:*"] },
          ],
        },
      }),
    );
    for (const Body of ["one", "two"])
      await s3.send(new PutObjectCommand({ Bucket, Key: "events/a.gz", Body }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "gone", Body: "soon" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    const versions = await s3.send(new ListObjectVersionsCommand({ Bucket }));

    await server.crash();

    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(policy);
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toHaveLength(1);
    expect(
      (await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).QueueConfigurations,
    ).toHaveLength(1);
    const restored = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(restored.Versions?.map(({ Key, VersionId }) => [Key, VersionId])).toEqual(
      versions.Versions?.map(({ Key, VersionId }) => [Key, VersionId]),
    );
    expect(restored.DeleteMarkers?.map(({ Key }) => Key)).toEqual(["gone"]);
    const bodies = (restored.Versions ?? [])
      .filter(({ Key }) => Key === "events/a.gz")
      .map(async ({ Key, VersionId }) =>
        (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString(),
      );
    expect(new Set(await Promise.all(bodies))).toEqual(new Set(["one", "two"]));
    const { Messages: messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    const keys = (messages ?? []).flatMap(({ Body }) =>
      ((JSON.parse(Body ?? "{}").Records ?? []) as { s3: { object: { key: string } } }[]).map(
        ({ s3: { object } }) => object.key,
      ),
    );
    expect(keys).toEqual(["events/a.gz", "events/a.gz", "gone"]);
  });

  it("does not acknowledge an object that it could not store", async () => {
    const s3 = new S3Client({ ...server.client, forcePathStyle: true, maxAttempts: 1 });
    const object = { Bucket: "full", Key: "event" };
    await s3.send(new CreateBucketCommand(object));
    const draft = join(server.stateDir, "s3", "000000000000", object.Bucket, `${object.Key}.tmp`);
    mkdirSync(draft);
    await expect(s3.send(new PutObjectCommand({ ...object, Body: "lost" }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });
    rmdirSync(draft);
    await s3.send(new PutObjectCommand({ ...object, Body: "kept" }));
  });

  it("keeps parameters and roles", async () => {
    const ssm = new SSMClient(server.client);
    await ssm.send(new PutParameterCommand({ Name: "/clickstream/outputs", Value: "{}", Type: "String" }));
    const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await iam(server.endpoint, {
      Action: "CreateRole",
      RoleName: "collect",
      AssumeRolePolicyDocument: trust,
    });
    await server.crash();
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/clickstream/outputs" }));
    expect(Parameter?.Value).toBe("{}");
    expect(await iam(server.endpoint, { Action: "GetRole", RoleName: "collect" })).toContain("role/collect");
  });

  it("ends by itself, with success, on SIGTERM and when its standard input closes, and forgets nothing", async () => {
    const ssm = new SSMClient(server.client);
    await ssm.send(new PutParameterCommand({ Name: "kept", Value: "1", Type: "String" }));
    expect(await server.end("SIGTERM")).toBe(0);
    await server.start();
    expect(await server.abandon()).toBe(0);
    await server.start();
    expect((await ssm.send(new GetParameterCommand({ Name: "kept" }))).Parameter?.Value).toBe("1");
  });
});

/** One call of the Query protocol: IAM has no client among the project's packages. */
async function iam(endpoint: string, parameters: Record<string, string>): Promise<string> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ ...parameters, Version: "2010-05-08" }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.text();
}
