import { ACCOUNT_ID, REGION } from "../../service/aws";
import { FIREHOSE_SESSION, LAMBDA_SESSION, REDSHIFT_SESSION } from "../../service/role";
import type { Demand } from "../decision/evaluator";
import { parseInput, text } from "../demands/service-map";
import type { ApiRequest } from "../request";
import type { World } from "../world/world";

/** A demand that a request makes, and who makes it. */
export interface Occasion {
  readonly demand: Demand;
  readonly request: ApiRequest;
  /** The last part of the caller's session: AWS's services have names of their own there. */
  readonly session: string | undefined;
}

/** What AWS asks of a caller beside what it calls. */
export interface ImplicitRule {
  /** What the rule is for, in a few words. */
  readonly what: string;
  /** AWS's page that says so. */
  readonly page: string;
  /** Actions that it goes with. */
  readonly actions: readonly string[];
  /** Only when the caller is this service's session. @default whoever calls */
  readonly session?: string;
  /** What is asked, none if it does not apply after all. */
  demands(occasion: Occasion, world: World): readonly Demand[] | Promise<readonly Demand[]>;
}

/** The bucket of an object's ARN. */
const bucketArn = (resource: string): string => resource.replace(/\/.*$/s, "");

const also =
  (...actions: readonly string[]) =>
  ({ demand: { resource } }: Occasion): Demand[] =>
    actions.map((action) => ({ action, resource }));

const alsoOnBucket = ({ demand: { resource } }: Occasion, ...actions: readonly string[]): Demand[] =>
  actions.map((action) => ({ action, resource: bucketArn(resource) }));

/** A use of a key through a service: `kms:ViaService`, and what the service binds the use to. */
function throughService(
  service: string,
  keyArn: string,
  actions: readonly string[],
  encryptionContext: Readonly<Record<string, string>>,
): Demand[] {
  const context = {
    "kms:CallerAccount": ACCOUNT_ID,
    "kms:ViaService": `${service}.${REGION}.amazonaws.com`,
    "kms:EncryptionContextKeys": Object.keys(encryptionContext),
    ...Object.fromEntries(
      Object.entries(encryptionContext).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]),
    ),
  };
  return actions.map((action) => ({ action, resource: keyArn, context }));
}

const ITEM_ACTIONS = [
  ...["BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query"],
  ...["Scan", "UpdateItem", "GetRecords"],
].map((name) => `dynamodb:${name}`);

async function tableKeyUse({ demand: { resource } }: Occasion, world: World): Promise<Demand[]> {
  const name = /:table\/([^/]+)/.exec(resource)?.[1];
  const key = name === undefined ? undefined : await world.tableKey(name);
  if (name === undefined || key === undefined) return [];
  const encryptionContext = { "aws:dynamodb:tableName": name, "aws:dynamodb:subscriberId": ACCOUNT_ID };
  return throughService("dynamodb", key, ["kms:Decrypt"], encryptionContext);
}

/** Reads decrypt, writes ask for a key, and parts are decrypted to be put together. */
async function objectKeyUse({ demand, request }: Occasion, world: World): Promise<Demand[]> {
  const { action, resource } = demand;
  const bucket = await world.bucketKey(bucketArn(resource).slice("arn:aws:s3:::".length));
  const writes = action === "s3:PutObject";
  const asked = String(request.headers["x-amz-server-side-encryption"] ?? "");
  const named = request.headers["x-amz-server-side-encryption-aws-kms-key-id"];
  if (writes && asked !== "" && !asked.startsWith("aws:kms")) return [];
  const key = writes && typeof named === "string" ? await world.keyArn(named) : bucket?.keyArn;
  if (key === undefined) return [];
  const inParts = request.query.has("uploadId") || request.query.has("uploads");
  const actions = writes ? ["kms:GenerateDataKey", ...(inParts ? ["kms:Decrypt"] : [])] : ["kms:Decrypt"];
  return throughService("s3", key, actions, {
    "aws:s3:arn": bucket?.perBucket === true ? bucketArn(resource) : resource,
  });
}

async function secretKeyUse(named: string, world: World): Promise<Demand[]> {
  const key = await world.secretKey(named);
  const arn = await world.secretArn(named);
  return key === undefined || arn === undefined
    ? []
    : throughService("secretsmanager", key, ["kms:Decrypt"], { SecretARN: arn });
}

/** Every permission that is evaluated without a call of the caller. */
export const IMPLICIT_RULES: readonly ImplicitRule[] = [
  {
    what: "reading a stream for a function",
    page: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html",
    actions: ["dynamodb:GetRecords"],
    session: LAMBDA_SESSION,
    demands: also("dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:ListStreams"),
  },
  {
    what: "reading a queue for a function",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions",
    actions: ["sqs:ReceiveMessage"],
    session: LAMBDA_SESSION,
    demands: also("sqs:DeleteMessage", "sqs:GetQueueAttributes"),
  },
  {
    what: "keeping discarded records in a bucket",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html#dynamodb-on-failure-destination-console",
    actions: ["s3:PutObject"],
    session: LAMBDA_SESSION,
    demands: (occasion) => alsoOnBucket(occasion, "s3:ListBucket"),
  },
  {
    what: "delivering to a bucket",
    page: "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3",
    actions: ["s3:PutObject"],
    session: FIREHOSE_SESSION,
    demands: async (occasion, world) => [
      ...also("s3:AbortMultipartUpload", "s3:GetObject")(occasion),
      ...alsoOnBucket(occasion, "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
      ...(await objectKeyUse(occasion, world)).map((demand) => ({ ...demand, action: "kms:Decrypt" })),
    ],
  },
  {
    what: "loading from a bucket",
    page: "https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-access-permissions.html#copy-usage_notes-iam-permissions",
    actions: ["s3:GetObject"],
    session: REDSHIFT_SESSION,
    demands: (occasion) => alsoOnBucket(occasion, "s3:ListBucket"),
  },
  {
    what: "unloading to a bucket",
    page: "https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-access-permissions.html#copy-usage_notes-iam-permissions",
    actions: ["s3:PutObject"],
    session: REDSHIFT_SESSION,
    demands: (occasion) => [...also("s3:GetObject")(occasion), ...alsoOnBucket(occasion, "s3:ListBucket")],
  },
  {
    what: "a table encrypted with a key of the account",
    page: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms",
    actions: ITEM_ACTIONS,
    demands: tableKeyUse,
  },
  {
    what: "an object encrypted with a key of the account",
    page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms",
    actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
    demands: objectKeyUse,
  },
  {
    what: "a queue encrypted with a key of the account",
    page: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#send-to-encrypted-queue",
    actions: ["sqs:ReceiveMessage", "sqs:SendMessage"],
    demands: async ({ demand: { action, resource } }, world) => {
      const key = await world.queueKey(resource);
      if (key === undefined) return [];
      const actions = action === "sqs:SendMessage" ? ["kms:GenerateDataKey", "kms:Decrypt"] : ["kms:Decrypt"];
      return throughService("sqs", key, actions, { "aws:sqs:arn": resource });
    },
  },
  {
    what: "a secret encrypted with a key of the account",
    page: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-authz",
    actions: ["secretsmanager:GetSecretValue"],
    demands: ({ demand: { resource } }, world) => secretKeyUse(resource, world),
  },
  {
    what: "signing in to the warehouse for a statement",
    page: "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html",
    actions: [
      ...["BatchExecuteStatement", "DescribeTable", "ExecuteStatement", "ListDatabases", "ListSchemas"],
      "ListTables",
    ].map((name) => `redshift-data:${name}`),
    demands: async ({ demand: { resource }, request }, world) => {
      const input = parseInput(request.body) ?? {};
      const secret = text(input, "SecretArn");
      if (text(input, "SessionId") !== undefined) return []; // it is signed in already
      if (secret === undefined) return [{ action: "redshift-serverless:GetCredentials", resource }];
      const arn = (await world.secretArn(secret)) ?? secret;
      return [
        { action: "secretsmanager:GetSecretValue", resource: arn },
        ...(await secretKeyUse(secret, world)),
      ];
    },
  },
];

/** Everything that a request needs beside what it calls. */
export async function implicitDemands(
  demands: readonly Demand[],
  request: ApiRequest,
  session: string | undefined,
  world: World,
): Promise<readonly Demand[]> {
  const found: Demand[] = [];
  for (const demand of demands)
    for (const rule of IMPLICIT_RULES)
      if (rule.actions.includes(demand.action) && (rule.session === undefined || rule.session === session))
        found.push(...(await rule.demands({ demand, request, session }, world)));
  return found;
}
