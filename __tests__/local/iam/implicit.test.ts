import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Demand } from "../../../local/iam/decision/evaluator";
import { IMPLICIT_RULES, implicitDemands } from "../../../local/iam/implicit/table";
import type { ApiRequest } from "../../../local/iam/request";
import type { World } from "../../../local/iam/world/world";
import { FIREHOSE_SESSION, LAMBDA_SESSION, REDSHIFT_SESSION } from "../../../local/service/role";
import { KEY, SECRET, WORKGROUP, worldOf } from "./world";

const OBJECT = "arn:aws:s3:::lake/raw/a";
const BUCKET = "arn:aws:s3:::lake";
const STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/events/stream/s";
const TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/events";
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:lake";

async function needed(
  demand: Demand,
  { session, world = {}, ...sent }: Partial<ApiRequest> & { session?: string; world?: Partial<World> } = {},
): Promise<readonly Demand[]> {
  const request: ApiRequest = {
    ...{ service: "s3", method: "PUT", path: "/", headers: {}, presigned: false },
    ...{ query: new URLSearchParams(), body: Buffer.alloc(0), ...sent },
  };
  return implicitDemands([demand], request, session, worldOf(world));
}

const short = (demands: readonly Demand[]): string[] =>
  demands.map(({ action, resource }) => `${action} ${resource}`);

it("asks the function's role for all that reading a stream takes, of Lambda alone", async () => {
  const reading = { action: "dynamodb:GetRecords", resource: STREAM };
  expect(short(await needed(reading, { session: LAMBDA_SESSION }))).toEqual([
    `dynamodb:DescribeStream ${STREAM}`,
    `dynamodb:GetShardIterator ${STREAM}`,
    `dynamodb:ListStreams ${STREAM}`,
  ]);
  expect(await needed(reading, { session: "a-function" })).toEqual([]);
});

it("asks the function's role for all that reading a queue takes", async () => {
  const receiving = { action: "sqs:ReceiveMessage", resource: QUEUE };
  expect(short(await needed(receiving, { session: LAMBDA_SESSION }))).toEqual([
    `sqs:DeleteMessage ${QUEUE}`,
    `sqs:GetQueueAttributes ${QUEUE}`,
  ]);
});

it("asks the delivery's role for what Firehose's documentation lists, the key included", async () => {
  const world = { bucketKey: async () => ({ keyArn: KEY, perBucket: true }) };
  const writing = { action: "s3:PutObject", resource: OBJECT };
  expect(short(await needed(writing, { session: FIREHOSE_SESSION, world })).sort()).toEqual([
    `kms:Decrypt ${KEY}`,
    `kms:GenerateDataKey ${KEY}`,
    `s3:AbortMultipartUpload ${OBJECT}`,
    `s3:GetBucketLocation ${BUCKET}`,
    `s3:GetObject ${OBJECT}`,
    `s3:ListBucket ${BUCKET}`,
    `s3:ListBucketMultipartUploads ${BUCKET}`,
  ]);
});

it("asks a role that COPY reads with to list the bucket too", async () => {
  const reading = { action: "s3:GetObject", resource: OBJECT };
  expect(short(await needed(reading, { session: REDSHIFT_SESSION }))).toEqual([`s3:ListBucket ${BUCKET}`]);
});

describe("a key of the account", () => {
  const bucketKey = (perBucket: boolean) => ({ bucketKey: async () => ({ keyArn: KEY, perBucket }) });
  const writing = { action: "s3:PutObject", resource: OBJECT };

  it.each([
    [true, BUCKET],
    [false, OBJECT],
  ])("behind a bucket is asked for data keys by whoever writes (bucket key %s)", async (perBucket, bound) => {
    expect(await needed(writing, { world: bucketKey(perBucket) })).toEqual([
      {
        action: "kms:GenerateDataKey",
        resource: KEY,
        context: {
          "kms:CallerAccount": "000000000000",
          "kms:ViaService": "s3.us-east-1.amazonaws.com",
          "kms:EncryptionContextKeys": ["aws:s3:arn"],
          "kms:EncryptionContext:aws:s3:arn": bound,
        },
      },
    ]);
  });

  it("decrypts for whoever reads, and for whoever writes in parts", async () => {
    const reading = { action: "s3:GetObject", resource: OBJECT };
    expect(short(await needed(reading, { world: bucketKey(true) }))).toEqual([`kms:Decrypt ${KEY}`]);
    const query = new URLSearchParams("uploadId=u");
    expect(short(await needed(writing, { world: bucketKey(true), query }))).toEqual([
      `kms:GenerateDataKey ${KEY}`,
      `kms:Decrypt ${KEY}`,
    ]);
  });

  it("is not asked when an object is encrypted with a key of S3's, and is when a request names it", async () => {
    const aes = { "x-amz-server-side-encryption": "AES256" };
    expect(await needed(writing, { world: bucketKey(true), headers: aes })).toEqual([]);
    const named = {
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": KEY,
    };
    expect(short(await needed(writing, { headers: named }))).toEqual([`kms:GenerateDataKey ${KEY}`]);
  });

  it("behind a table decrypts for whoever uses items or the stream", async () => {
    const world = { tableKey: async (name: string) => (name === "events" ? KEY : undefined) };
    for (const [action, resource] of [
      ["dynamodb:BatchWriteItem", TABLE],
      ["dynamodb:Query", `${TABLE}/index/i`],
      ["dynamodb:GetRecords", STREAM],
    ] as const) {
      const [demand] = await needed({ action, resource }, { world });
      expect(demand).toMatchObject({ action: "kms:Decrypt", resource: KEY });
      expect(demand?.context).toMatchObject({
        "kms:ViaService": "dynamodb.us-east-1.amazonaws.com",
        "kms:EncryptionContext:aws:dynamodb:tableName": "events",
      });
    }
    expect(await needed({ action: "dynamodb:DescribeTable", resource: TABLE }, { world })).toEqual([]);
  });

  it("behind a queue is asked for by senders and receivers", async () => {
    const world = { queueKey: async () => KEY };
    expect(short(await needed({ action: "sqs:SendMessage", resource: QUEUE }, { world }))).toEqual([
      `kms:GenerateDataKey ${KEY}`,
      `kms:Decrypt ${KEY}`,
    ]);
    expect(short(await needed({ action: "sqs:ReceiveMessage", resource: QUEUE }, { world }))).toEqual([
      `kms:Decrypt ${KEY}`,
    ]);
  });
});

it("asks for a way into the warehouse with a statement: credentials, or the secret that is named", async () => {
  const running = { action: "redshift-data:ExecuteStatement", resource: WORKGROUP };
  expect(short(await needed(running, { body: Buffer.from("{}") }))).toEqual([
    `redshift-serverless:GetCredentials ${WORKGROUP}`,
  ]);
  expect(await needed(running, { body: Buffer.from('{"SessionId":"s"}') })).toEqual([]); // it is signed in
  const body = Buffer.from(JSON.stringify({ SecretArn: "admin" }));
  expect(short(await needed(running, { body, world: { secretKey: async () => KEY } }))).toEqual([
    `secretsmanager:GetSecretValue ${SECRET}`,
    `kms:Decrypt ${KEY}`,
  ]);
});

it("cites a page of AWS's for every rule, and the documentation lists them all", () => {
  const documentation = readFileSync(join(__dirname, "../../../docs/local-iam.md"), "utf8");
  const listed = [...documentation.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\) \|/gm)].map(([, what, page]) => ({
    what,
    page,
  }));
  for (const { what, page } of IMPLICIT_RULES) {
    expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+/);
    expect(listed).toContainEqual({ what, page });
  }
});
