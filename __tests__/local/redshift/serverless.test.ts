import { LocalRedshift } from "./support";

const redshift = new LocalRedshift();
beforeAll(() => redshift.start());
afterAll(() => redshift.stop());

const call = (operation: string, input: object) => redshift.call(`RedshiftServerless.${operation}`, input);

describe("Redshift Serverless", () => {
  it("makes a namespace with a managed password, in a secret that goes with it", async () => {
    const { namespace } = (await call("CreateNamespace", {
      namespaceName: "one",
      dbName: "db",
      manageAdminPassword: true,
      iamRoles: ["arn:aws:iam::000000000000:role/copy"],
      tags: [{ key: "env", value: "local" }],
    })) as { namespace: Record<string, unknown> };
    expect(namespace).toMatchObject({
      namespaceName: "one",
      dbName: "db",
      adminUsername: "admin",
      status: "AVAILABLE",
      iamRoles: ["arn:aws:iam::000000000000:role/copy"],
    });
    const secret = redshift.secrets.values.get(String(namespace.adminPasswordSecretArn));
    expect(secret).toMatchObject({ username: "admin", password: expect.stringMatching(/^.{20,}$/) });
    expect(await call("GetNamespace", { namespaceName: "one" })).toMatchObject({ namespace });
    expect(await call("ListTagsForResource", { resourceArn: namespace.namespaceArn })).toMatchObject({
      tags: [{ key: "env", value: "local" }],
    });
  });

  it("makes, changes and limits a workgroup, and keeps it over a restart", async () => {
    const { workgroup } = (await call("CreateWorkgroup", {
      workgroupName: "work",
      namespaceName: "one",
      baseCapacity: 8,
      subnetIds: ["subnet-1"],
    })) as { workgroup: Record<string, unknown> };
    expect(workgroup).toMatchObject({
      status: "AVAILABLE",
      baseCapacity: 8,
      port: 5439,
      subnetIds: ["subnet-1"],
    });
    await call("UpdateWorkgroup", { workgroupName: "work", maxCapacity: 16 });
    const { usageLimit } = (await call("CreateUsageLimit", {
      resourceArn: workgroup.workgroupArn,
      usageType: "serverless-compute",
      amount: 10,
    })) as { usageLimit: Record<string, unknown> };
    await redshift.restart();
    expect(await call("GetWorkgroup", { workgroupName: "work" })).toMatchObject({
      workgroup: { baseCapacity: 8, maxCapacity: 16 },
    });
    expect(await call("GetUsageLimit", { usageLimitId: usageLimit.usageLimitId })).toMatchObject({
      usageLimit: { amount: 10, period: "monthly", breachAction: "log" },
    });
    await call("DeleteUsageLimit", { usageLimitId: usageLimit.usageLimitId });
  });

  it.each([
    ["GetNamespace", { namespaceName: "none" }, "ResourceNotFoundException"],
    ["GetWorkgroup", { workgroupName: "none" }, "ResourceNotFoundException"],
    ["CreateNamespace", { namespaceName: "one" }, "ConflictException"],
    ["CreateNamespace", { namespaceName: "two" }, "ValidationException"],
    ["CreateWorkgroup", { workgroupName: "w", namespaceName: "one" }, "ValidationException"],
    ["UpdateWorkgroup", { workgroupName: "work", baseCapacity: 12 }, "ValidationException"],
    ["UpdateWorkgroup", { workgroupName: "work", baseCapacity: 520 }, "ValidationException"],
    ["DeleteNamespace", { namespaceName: "one" }, "ConflictException"],
    ["GetResourcePolicy", { resourceArn: "arn" }, "ResourceNotFoundException"],
  ])("%s of %j fails", async (operation, input, __type) => {
    expect(await call(operation, input)).toMatchObject({ status: 400, __type });
  });

  it("lets the data go with the namespace, and the secret too", async () => {
    const target = { WorkgroupName: "work", Database: "dev", WaitTimeSeconds: 30 };
    await redshift.call("RedshiftData.ExecuteStatement", {
      ...target,
      Database: "db",
      Sql: "create table mine (n integer)",
    });
    await call("DeleteWorkgroup", { workgroupName: "work" });
    expect(await call("DeleteNamespace", { namespaceName: "one" })).toMatchObject({ status: 200 });
    expect(redshift.secrets.values.size).toBe(0);
    await call("CreateNamespace", { namespaceName: "one" });
    await call("CreateWorkgroup", { workgroupName: "work", namespaceName: "one" });
    const again = await redshift.call("RedshiftData.ExecuteStatement", {
      ...target,
      Sql: "select * from mine",
    });
    expect(await redshift.call("RedshiftData.DescribeStatement", { Id: again.Id })).toMatchObject({
      Status: "FAILED",
      Error: 'ERROR: relation "mine" does not exist',
    });
  });
});
