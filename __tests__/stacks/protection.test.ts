import { environmentNames } from "../../stacks/config";
import { statementsOf } from "./policies";
import { only, resources, stackNames, synthesize } from "./synthesized";

const all = environmentNames.map((name) => [name, synthesize(name)] as const);
const prod = synthesize("prod");

describe("least privilege", () => {
  it.each(all)("grants no action by wildcard but the account's own on its key (%s)", (_, environment) => {
    const wild = statementsOf(environment)
      .filter(({ effect, actions }) => effect === "Allow" && actions.some((action) => action.includes("*")))
      .map(({ of, actions }) => [of, ...actions]);
    // The key policy that lets the account's IAM policies decide: without it nobody could manage the key.
    expect(wild).toEqual([["aws_kms_key.key", "kms:*"]]);
  });

  it.each(all)("names every resource, but where AWS allows nothing else (%s)", (_, environment) => {
    const wild = statementsOf(environment)
      .filter(({ effect, resources: named }) => effect === "Allow" && named.includes("*"))
      .map(({ of, actions }) => [of, ...actions]);
    const ownStatements = ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult"];
    expect(wild).toEqual([
      // A key's policy calls the key itself `*`.
      ["aws_kms_key.key", "kms:*"],
      expect.arrayContaining(["aws_kms_key.key", "kms:GenerateDataKey"]),
      ["aws_kms_key.key", "kms:Decrypt", "kms:GenerateDataKey"],
      // Statements of the Data API have ids, not ARNs: a condition limits these to one's own.
      ["aws_iam_role_policy.load_policy", ...ownStatements, "redshift-data:ListStatements"],
      ["aws_iam_role_policy.migrate_policy", ...ownStatements],
      ["aws_iam_role_policy.replay_policy", ...ownStatements],
    ]);
  });

  it("limits the Data API's answers to the statements of the role itself", () => {
    const asked = statementsOf(prod).filter(({ actions }) =>
      actions.includes("redshift-data:DescribeStatement"),
    );
    expect(asked).toHaveLength(3);
    for (const { condition } of asked)
      expect(condition).toEqual({
        // Two dollar signs: Terraform shall leave the variable to IAM.
        StringEquals: { "redshift-data:statement-owner-iam-userid": "$${aws:userid}" },
      });
  });

  it("gives each function a role of its own", () => {
    const roles = resources(prod.pipeline, "aws_lambda_function").map(({ role }) => role);
    expect(new Set(roles).size).toBe(5);
  });

  it("lets only the services in that need a role, and no other account's resources where they say whose", () => {
    const trusted = statementsOf(prod)
      .filter(({ actions }) => actions.includes("sts:AssumeRole"))
      .map(({ of, principal, condition }) => [of.replace("aws_iam_role.", ""), principal, condition]);
    const ours = { StringEquals: { "aws:SourceAccount": "222222222222" } };
    const lambda = { Service: "lambda.amazonaws.com" };
    expect(Object.fromEntries(trusted.map(([of, ...rest]) => [of, rest]))).toEqual({
      "warehouse_copy-role": [
        { Service: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"] },
        undefined,
      ],
      delivery_role: [{ Service: "firehose.amazonaws.com" }, ours],
      schedule_role: [{ Service: "scheduler.amazonaws.com" }, ours],
      collect_role: [lambda, undefined],
      transform_role: [lambda, undefined],
      load_role: [lambda, undefined],
      migrate_role: [lambda, undefined],
      replay_role: [lambda, undefined],
    });
  });
});

describe("the lake", () => {
  it.each(all)("refuses what does not come by TLS (%s)", (_, { data }) => {
    const { policy } = only(data, "aws_s3_bucket_policy");
    const arn = expect.stringMatching(/^\$\{aws_s3_bucket\.lake_bucket_\w+\.arn\}(\/\*)?$/);
    expect(JSON.parse(String(policy)).Statement).toEqual([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, arn],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it.each(all)("is private, versioned, and encrypted with the project's key (%s)", (_, { data }) => {
    expect(only(data, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(only(data, "aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(only(data, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\.key_\w+\.arn\}$/),
        },
        bucket_key_enabled: true,
      },
    ]);
  });
});

describe("what must survive", () => {
  const kept = ["aws_kms_key", "aws_dynamodb_table", "aws_s3_bucket", "aws_redshiftserverless_namespace"];

  it.each(kept)("cannot be destroyed in prod: %s", (type) => {
    expect(only(prod.data, type)).toMatchObject({ lifecycle: { prevent_destroy: true } });
  });

  it("is kept in the data stack alone", () => {
    for (const stack of ["pipeline", "operations"] as const)
      expect(JSON.stringify(prod[stack].resource)).not.toContain('"prevent_destroy":true');
  });

  it("the events table is protected, encrypted, restorable, and forgets on time", () => {
    expect(only(prod.data, "aws_dynamodb_table")).toMatchObject({
      deletion_protection_enabled: true,
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true, kms_key_arn: expect.stringContaining("aws_kms_key.key") },
      stream_enabled: true,
      stream_view_type: "NEW_IMAGE",
      ttl: { attribute_name: "expires_at", enabled: true },
    });
  });

  it("on a laptop everything can be thrown away", () => {
    const { data } = synthesize("local");
    expect(only(data, "aws_dynamodb_table").deletion_protection_enabled).toBe(false);
    expect(JSON.stringify(data.resource)).not.toContain('"prevent_destroy":true');
  });
});

describe("at rest and on the way", () => {
  it("queues are encrypted, and only the lake may send to them", () => {
    for (const queue of resources(prod.data, "aws_sqs_queue"))
      expect(queue.sqs_managed_sse_enabled).toBe(true);
    const senders = statementsOf(prod).filter(({ of }) => of.startsWith("aws_sqs_queue."));
    expect(senders).toHaveLength(2);
    for (const { principal, actions, condition } of senders)
      expect({ principal, actions, condition }).toEqual({
        principal: { Service: "s3.amazonaws.com" },
        actions: ["sqs:SendMessage"],
        condition: {
          ArnEquals: { "aws:SourceArn": expect.stringContaining("aws_s3_bucket.lake_bucket") },
          StringEquals: { "aws:SourceAccount": "222222222222" },
        },
      });
  });

  it("every log group forgets and is encrypted with the project's key", () => {
    const groups = stackNames.flatMap((stack) => resources(prod[stack], "aws_cloudwatch_log_group"));
    expect(groups).toHaveLength(8);
    for (const group of groups) {
      expect(group.retention_in_days).toBe(90);
      expect(group.kms_key_id).toEqual(expect.any(String));
    }
  });

  it("the warehouse stands in private subnets of three zones, with no way out but S3", () => {
    expect(only(prod.data, "aws_redshiftserverless_workgroup")).toMatchObject({
      publicly_accessible: false,
      enhanced_vpc_routing: true,
      subnet_ids: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(only(prod.data, "aws_redshiftserverless_namespace")).toMatchObject({
      manage_admin_password: true,
    });
    expect(only(prod.data, "aws_vpc_endpoint")).toMatchObject({
      service_name: "com.amazonaws.us-east-1.s3",
      vpc_endpoint_type: "Gateway",
    });
    const types = Object.keys(prod.data.resource);
    for (const way of ["aws_nat_gateway", "aws_internet_gateway", "aws_route"])
      expect(types).not.toContain(way);
  });
});
