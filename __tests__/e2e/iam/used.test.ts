import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { lakePrefixes } from "../../../handlers/event/lake";
import { readUsage, type Use } from "../../../local/iam/usage/usage";
import { zip } from "../../local/lambda/zip";
import { until } from "../verb";
import { account, outputsOf, type RoleStatement, rolePolicies, sendEvent, usageFile } from "./cloud";

/**
 * Runs after all other end-to-end tests (see sequencer.js), which together must have needed every permission that
 * the stacks give: what nobody needed is too much, or is not tested.
 */

const MINUTES = 60_000;

/** What cannot be needed on a laptop, and why. An entry that was needed after all fails the test. */
const UNEXERCISED: readonly { readonly role: string; readonly pattern: RegExp; readonly reason: string }[] = [
  {
    role: "clickstream-local-delivery",
    pattern: /\/errors\/\*$/,
    reason:
      "Firehose writes there what its own processing fails on; appending a delimiter, all that it does here, cannot fail",
  },
];

const unused = (uses: readonly Use[], role: string, statement: RoleStatement): string[] => {
  const actions = [statement.Action].flat();
  const resources = [statement.Resource].flat();
  const own = uses.filter(({ identity }) => identity.endsWith(`:role/${role}`));
  const used = (action: string, resource: string): boolean =>
    own.some((use) => matches(action, use.action) && matches(resource, use.resource));
  return [
    ...actions.filter((action) => !resources.some((resource) => used(action, resource))),
    ...resources.filter((resource) => !actions.some((action) => used(action, resource))),
  ];
};

/** IAM's wildcards. */
function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(value);
}

it(
  "records that are given up go to the lake whole, as the function's role",
  async () => {
    const outputs = await outputsOf();
    const lambda = new LambdaClient(account());
    const FunctionName = "gives-up";
    await lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Runtime: "nodejs22.x", Handler: "index.handler" },
        Role: "arn:aws:iam::000000000000:role/clickstream-local-transform",
        Code: {
          ZipFile: zip({ "index.mjs": "export const handler = async () => { throw new Error('no'); };" }),
        },
      }),
    );
    const { Table } = await new DynamoDBClient(account()).send(
      new DescribeTableCommand({ TableName: outputs.tableName }),
    );
    const { UUID } = await lambda.send(
      new CreateEventSourceMappingCommand({
        ...{ FunctionName, EventSourceArn: Table?.LatestStreamArn ?? "", StartingPosition: "LATEST" },
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: `arn:aws:s3:::${outputs.lakeBucket}` } },
      }),
    );
    const s3 = new S3Client({ ...account(), forcePathStyle: true });
    const undelivered = async () => {
      const Prefix = `${lakePrefixes.undelivered}${UUID}/`;
      const { Versions = [] } = await s3.send(
        new ListObjectVersionsCommand({ Bucket: outputs.lakeBucket, Prefix }),
      );
      return Versions;
    };
    const [source] = outputs.sources;
    await until("a record lies there", async () => {
      await sendEvent({ collectorUrl: outputs.collectorUrl, writeKey: source?.writeKey ?? "" }, "Given up");
      return (await undelivered()).length > 0;
    });
    // It was the test's own: nobody has to look at it.
    await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    for (const { Key, VersionId } of await undelivered())
      await s3.send(new DeleteObjectCommand({ Bucket: outputs.lakeBucket, Key, VersionId }));
    await new SQSClient(account()).send(new PurgeQueueCommand({ QueueUrl: outputs.attentionQueueUrl }));
  },
  5 * MINUTES,
);

describe("every permission that the stacks give", () => {
  it("was needed by somebody, or says why it cannot be", async () => {
    const uses = readUsage(usageFile);
    const policies = await rolePolicies();
    expect(policies.length).toBeGreaterThanOrEqual(7);
    const missing = policies.flatMap(({ role, statements }) =>
      statements
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap((statement) => unused(uses, role, statement).map((what) => ({ role, what }))),
    );
    const explained = ({ role, what }: { role: string; what: string }): boolean =>
      UNEXERCISED.some((entry) => entry.role === role && entry.pattern.test(what));
    expect(missing.filter((each) => !explained(each))).toEqual([]);
    const idle = UNEXERCISED.filter(
      (entry) => !missing.some(({ role, what }) => entry.role === role && entry.pattern.test(what)),
    );
    expect(idle).toEqual([]);
  });

  it("stands in a record that stays small", () => {
    const uses = readUsage(usageFile);
    const keys = uses.map(({ identity, action, resource }) => `${identity} ${action} ${resource}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeLessThan(200);
  });
});
