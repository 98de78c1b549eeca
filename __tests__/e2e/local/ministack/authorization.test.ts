import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { assumeRole, type RoleCredentials } from "../../../../local/service/role";
import { MiniStack } from "./process";

/** What the wrapper of MiniStack answers to the gateway: see local/ministack/authorization.py. */
interface Answer {
  readonly policies: string;
  readonly error?: string;
  readonly principal?: { readonly arn: string; readonly identity: string; readonly userId: string };
  readonly decisions?: readonly {
    readonly decision: string;
    readonly reason: string;
    readonly conditionKeys: string[];
  }[];
}

let ministack: MiniStack;
let iam: IAMClient;
beforeAll(async () => {
  ministack = await MiniStack.inFolder();
  iam = new IAMClient(ministack.client);
});
afterAll(() => ministack.remove());

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies, which IAM fills in
const USER_ID = "${aws:userid}";

const TRUST = {
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } },
};
const document = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

/** A role with a policy, and a session of it. */
async function role(RoleName: string, ...statements: readonly object[]): Promise<RoleCredentials> {
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(TRUST) }));
  await allow(RoleName, ...statements);
  const roleArn = arnOf(RoleName);
  const use = {
    roleArn,
    sessionName: "session",
    sourceArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
  };
  return assumeRole({ service: "lambda.amazonaws.com", gatewayUrl: ministack.endpoint }, use);
}

async function allow(RoleName: string, ...statements: readonly object[]): Promise<void> {
  const PolicyDocument = document(...statements);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "p", PolicyDocument }));
}

const arnOf = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;

async function ask(request: object): Promise<Answer> {
  const answer = await fetch(`${ministack.endpoint}/_local/authorize`, {
    method: "POST",
    body: JSON.stringify(request),
  });
  return (await answer.json()) as Answer;
}

async function decide(
  { accessKeyId: accessKey, sessionToken }: RoleCredentials,
  action: string,
  resource: string,
  context: object = {},
): Promise<string> {
  const { decisions } = await ask({ accessKey, sessionToken, checks: [{ action, resource, context }] });
  const [{ decision = "", reason = "" } = {}] = decisions ?? [];
  return decision === "Allow" ? decision : `${decision} by ${reason}`;
}

test("actions, resources, wildcards and explicit denials count as they stand in the role's policies", async () => {
  const session = await role(
    "plain",
    { Effect: "Allow", Action: ["s3:Put*", "s3:GetObject"], Resource: "arn:aws:s3:::lake/raw/*" },
    { Effect: "Deny", Action: "s3:PutObject", Resource: "*/raw/locked/*" },
  );
  expect(await decide(session, "s3:PutObject", "arn:aws:s3:::lake/raw/a")).toBe("Allow");
  expect(await decide(session, "s3:PutObject", "arn:aws:s3:::lake/raw/locked/a")).toBe(
    "Deny by identity-based policy",
  );
  expect(await decide(session, "s3:GetObject", "arn:aws:s3:::lake/other")).toBe(
    "ImplicitDeny by identity-based policy",
  );
  expect(await decide(session, "s3:DeleteObject", "arn:aws:s3:::lake/raw/a")).toMatch(/^ImplicitDeny/);
});

test("conditions are evaluated with what the request says, and policy variables with who calls", async () => {
  const session = await role(
    "conditional",
    {
      ...{ Effect: "Allow", Action: "kms:Decrypt", Resource: "*" },
      Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    },
    {
      ...{ Effect: "Allow", Action: "redshift-data:DescribeStatement", Resource: "*" },
      Condition: { StringEquals: { "redshift-data:statement-owner-iam-userid": USER_ID } },
    },
    { Effect: "Allow", Action: "ssm:GetParameter", Resource: `arn:aws:ssm:*:*:parameter/${USER_ID}` },
  );
  const { accessKeyId: accessKey, sessionToken } = session;
  const { principal } = await ask({ accessKey, sessionToken, checks: [] });
  expect(principal).toMatchObject({
    arn: "arn:aws:sts::000000000000:assumed-role/conditional/session",
    identity: arnOf("conditional"),
    userId: expect.stringMatching(/^AROA\w+:session$/),
  });
  const owner = { "redshift-data:statement-owner-iam-userid": principal?.userId };
  const describe = "redshift-data:DescribeStatement";
  expect(await decide(session, describe, "*", owner)).toBe("Allow");
  expect(await decide(session, describe, "*")).toMatch(/^ImplicitDeny/);
  expect(
    await decide(session, describe, "*", { "redshift-data:statement-owner-iam-userid": "AROAOTHER:x" }),
  ).toMatch(/^ImplicitDeny/);
  const parameter = (name = "") => `arn:aws:ssm:us-east-1:000000000000:parameter/${name}`;
  expect(await decide(session, "ssm:GetParameter", parameter(principal?.userId))).toBe("Allow");
  expect(await decide(session, "ssm:GetParameter", parameter("other"))).toMatch(/^ImplicitDeny/);
});

test("a key's own policy must allow too, and a bucket's may deny or allow", async () => {
  const s3 = new S3Client({ ...ministack.client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "lake" }));
  const session = await role("resources", {
    Effect: "Allow",
    Action: ["kms:Decrypt", "s3:GetObject"],
    Resource: "*",
  });
  const Policy = document(
    { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::lake/secret/*" },
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Effect: "Allow",
      Principal: { AWS: arnOf("resources") },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::lake/*",
    },
  );
  await s3.send(new PutBucketPolicyCommand({ Bucket: "lake", Policy }));
  expect(await decide(session, "s3:GetObject", "arn:aws:s3:::lake/a")).toBe("Allow"); // loopback counts as TLS
  expect(await decide(session, "s3:GetObject", "arn:aws:s3:::lake/secret/a")).toBe(
    "Deny by resource-based policy",
  );
  expect(await decide(session, "s3:PutObject", "arn:aws:s3:::lake/a")).toBe("Allow");
  const made = await fetch(ministack.endpoint, {
    method: "POST",
    headers: { "x-amz-target": "TrentService.CreateKey", "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify({
      Policy: document({
        Effect: "Allow",
        Principal: { Service: "logs.amazonaws.com" },
        Action: "kms:*",
        Resource: "*",
      }),
    }),
  });
  const { KeyMetadata } = (await made.json()) as { KeyMetadata: { Arn: string } };
  expect(await decide(session, "kms:Decrypt", KeyMetadata.Arn)).toBe("ImplicitDeny by resource-based policy");
});

test("a permissions boundary limits what a role may", async () => {
  const session = await role("bounded", { Effect: "Allow", Action: "s3:*", Resource: "*" });
  const PolicyDocument = document({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument }));
  const PermissionsBoundary = Policy?.Arn ?? "";
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: "bounded", PermissionsBoundary }));
  expect(await decide(session, "s3:GetObject", "arn:aws:s3:::lake/a")).toBe("Allow");
  expect(await decide(session, "s3:PutObject", "arn:aws:s3:::lake/a")).toBe(
    "ImplicitDeny by permissions boundary",
  );
});

test("a role's trust policy says which service may take it on, and for whom", async () => {
  await role("trusting", { Effect: "Allow", Action: "s3:*", Resource: "*" });
  const trusts = async (service: string, context: object) => {
    const check = { action: "sts:AssumeRole", resource: arnOf("trusting"), context };
    return (await ask({ service, checks: [check] })).decisions?.[0]?.decision;
  };
  const ours = { "aws:SourceAccount": "000000000000" };
  expect(await trusts("lambda.amazonaws.com", ours)).toBe("Allow");
  expect(await trusts("firehose.amazonaws.com", ours)).toBe("ImplicitDeny");
  expect(await trusts("lambda.amazonaws.com", { "aws:SourceAccount": "111111111111" })).toBe("ImplicitDeny");
  const nobody = { action: "sts:AssumeRole", resource: arnOf("nobody"), context: ours };
  expect((await ask({ service: "lambda.amazonaws.com", checks: [nobody] })).decisions?.[0]?.decision).toBe(
    "ImplicitDeny",
  );
});

test("a session outlives the process, and neither another token nor an unknown key is one", async () => {
  const session = await role("lasting", { Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  await ministack.crash();
  expect(await decide(session, "s3:GetObject", "arn:aws:s3:::lake/a")).toBe("Allow");
  expect(await ask({ accessKey: session.accessKeyId, sessionToken: "another", checks: [] })).toMatchObject({
    error: "unknown",
  });
  expect(await ask({ accessKey: "AKIANOBODY", checks: [] })).toMatchObject({ error: "unknown" });
});

test("every answer tells the version of the policies, which grows with each change and not with use", async () => {
  const session = await role("changing", { Effect: "Allow", Action: "sqs:*", Resource: "*" });
  const version = async () => {
    const answer = await fetch(`${ministack.endpoint}/lake?list-type=2`);
    return Number(answer.headers.get("x-local-policies")?.split(".")[1]);
  };
  const before = await version();
  const sqs = new SQSClient(ministack.client);
  await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  const after = await version();
  expect(after).toBeGreaterThan(before);
  await sqs.send(new GetQueueUrlCommand({ QueueName: "q" }));
  expect(await version()).toBe(after);
  await iam.send(new DeleteRolePolicyCommand({ RoleName: "changing", PolicyName: "p" }));
  expect(await version()).toBeGreaterThan(after);
  expect(await decide(session, "sqs:SendMessage", "*")).toMatch(/^ImplicitDeny/);
});
