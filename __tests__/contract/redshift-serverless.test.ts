import * as serverless from "@aws-sdk/client-redshift-serverless";
import { ROLE } from "../local/redshift/support";
import { type Alone, redshiftAlone } from "./alone";
import { CheckedService, codeOf, documentedOperations, servedOperations, unrefused } from "./service";

let redshift: Alone;
let service: CheckedService;
let client: serverless.RedshiftServerlessClient;

beforeAll(async () => {
  redshift = await redshiftAlone();
  service = new CheckedService("redshift-serverless", redshift.handler);
  await service.start();
  client = new serverless.RedshiftServerlessClient(service.client);
});
afterAll(async () => {
  client.destroy();
  service.stop();
  await redshift.stop();
});

const manage = (command: unknown) => client.send(command as serverless.GetNamespaceCommand);
const namespaceName = "clickstream";
const workgroupName = "clickstream";
const tags = [{ key: "env", value: "local" }];
const MISSING_ARN = "arn:aws:redshift-serverless:us-east-1:000000000000:workgroup/missing";
let resourceArn = "";
let usageLimitId = "";

describe("Redshift Serverless", () => {
  it("answers as its model says, whatever is asked", async () => {
    await manage(
      new serverless.CreateNamespaceCommand({
        ...{ namespaceName, dbName: "dev", manageAdminPassword: true, iamRoles: [ROLE], tags },
        ...{ defaultIamRoleArn: ROLE, logExports: ["userlog"] },
      }),
    );
    const { namespace } = await client.send(new serverless.GetNamespaceCommand({ namespaceName }));
    expect(namespace?.creationDate).toBeInstanceOf(Date);
    await manage(new serverless.ListNamespacesCommand({ maxResults: 1 }));
    await manage(new serverless.UpdateNamespaceCommand({ namespaceName, logExports: [] }));
    const { workgroup } = await client.send(
      new serverless.CreateWorkgroupCommand({
        ...{ workgroupName, namespaceName, baseCapacity: 8, maxCapacity: 16, tags, port: 5439 },
        ...{ subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"], enhancedVpcRouting: true },
        ...{ publiclyAccessible: false, trackName: "current", ipAddressType: "ipv4" },
        configParameters: [{ parameterKey: "require_ssl", parameterValue: "true" }],
      }),
    );
    resourceArn = workgroup?.workgroupArn ?? "";
    await manage(new serverless.GetWorkgroupCommand({ workgroupName }));
    await manage(new serverless.ListWorkgroupsCommand({}));
    await manage(new serverless.UpdateWorkgroupCommand({ workgroupName, baseCapacity: 16 }));
    const limit = { resourceArn, usageType: "serverless-compute" as const, amount: 10 };
    const { usageLimit } = await client.send(new serverless.CreateUsageLimitCommand(limit));
    usageLimitId = usageLimit?.usageLimitId ?? "";
    await manage(new serverless.GetUsageLimitCommand({ usageLimitId }));
    await manage(new serverless.ListUsageLimitsCommand({ resourceArn }));
    await manage(new serverless.UpdateUsageLimitCommand({ usageLimitId, breachAction: "deactivate" }));
    await manage(new serverless.TagResourceCommand({ resourceArn, tags }));
    await manage(new serverless.ListTagsForResourceCommand({ resourceArn }));
    await manage(new serverless.UntagResourceCommand({ resourceArn, tagKeys: ["env"] }));
  });

  it.each<[string, string, object]>([
    [
      "ConflictException",
      "a namespace that is there",
      new serverless.CreateNamespaceCommand({ namespaceName }),
    ],
    ["ConflictException", "a namespace in use", new serverless.DeleteNamespaceCommand({ namespaceName })],
    [
      "ConflictException",
      "a workgroup that is there",
      new serverless.CreateWorkgroupCommand({ workgroupName, namespaceName }),
    ],
    [
      "ResourceNotFoundException",
      "a namespace",
      new serverless.GetNamespaceCommand({ namespaceName: "none" }),
    ],
    [
      "ResourceNotFoundException",
      "an update",
      new serverless.UpdateNamespaceCommand({ namespaceName: "none" }),
    ],
    [
      "ResourceNotFoundException",
      "a workgroup",
      new serverless.GetWorkgroupCommand({ workgroupName: "none" }),
    ],
    [
      "ResourceNotFoundException",
      "its update",
      new serverless.UpdateWorkgroupCommand({ workgroupName: "none" }),
    ],
    [
      "ResourceNotFoundException",
      "its end",
      new serverless.DeleteWorkgroupCommand({ workgroupName: "none" }),
    ],
    ["ResourceNotFoundException", "a limit", new serverless.GetUsageLimitCommand({ usageLimitId: "none" })],
    [
      "ResourceNotFoundException",
      "its update",
      new serverless.UpdateUsageLimitCommand({ usageLimitId: "none" }),
    ],
    [
      "ResourceNotFoundException",
      "its end",
      new serverless.DeleteUsageLimitCommand({ usageLimitId: "none" }),
    ],
    [
      "ResourceNotFoundException",
      "a limit of nothing",
      new serverless.CreateUsageLimitCommand({
        ...{ resourceArn: MISSING_ARN, usageType: "serverless-compute", amount: 1 },
      }),
    ],
    [
      "ResourceNotFoundException",
      "tags",
      new serverless.ListTagsForResourceCommand({ resourceArn: MISSING_ARN }),
    ],
    [
      "ResourceNotFoundException",
      "tagging",
      new serverless.TagResourceCommand({ resourceArn: MISSING_ARN, tags }),
    ],
    [
      "ResourceNotFoundException",
      "untagging",
      new serverless.UntagResourceCommand({ resourceArn: MISSING_ARN, tagKeys: ["env"] }),
    ],
    [
      "ResourceNotFoundException",
      "a policy",
      new serverless.GetResourcePolicyCommand({ resourceArn: MISSING_ARN }),
    ],
    ["ValidationException", "a short name", new serverless.CreateNamespaceCommand({ namespaceName: "no" })],
    [
      "ValidationException",
      "half a RPU",
      new serverless.UpdateWorkgroupCommand({ workgroupName, baseCapacity: 5 }),
    ],
    [
      "ValidationException",
      "what is not emulated",
      new serverless.UpdateWorkgroupCommand({ workgroupName, extraComputeForAutomaticOptimization: true }),
    ],
    ["ValidationException", "a strange page", new serverless.ListNamespacesCommand({ nextToken: "strange" })],
    [
      "InvalidPaginationException",
      "a strange page",
      new serverless.ListUsageLimitsCommand({ nextToken: "strange!" }),
    ],
  ])("answers %s for %s", async (code, _, command) => {
    expect(await codeOf(manage(command))).toBe(code);
  });
});

it("leaves no operation out, and none of its answers is another than Redshift Serverless's", async () => {
  await manage(new serverless.DeleteUsageLimitCommand({ usageLimitId }));
  await manage(new serverless.DeleteWorkgroupCommand({ workgroupName }));
  await manage(new serverless.DeleteNamespaceCommand({ namespaceName }));
  const served = await servedOperations("redshift-serverless", redshift.handler);
  expect(documentedOperations("redshift-serverless")).toEqual(served);
  // Nothing has one: PutResourcePolicy is refused.
  expect(service.succeeded).toEqual(served.filter((name) => name !== "GetResourcePolicy"));
  expect(service.violations).toEqual([]);
});

it("refuses every input that breaks the model", async () => {
  expect(await unrefused("redshift-serverless", redshift.handler)).toEqual([]);
});
