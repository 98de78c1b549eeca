import { BatchWriteItemCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { assumeRole, type RoleCredentials, RoleRefused } from "../../../local/service/role";
import type { Outputs } from "../../../stacks/outputs";
import { cloud, until } from "../verb";
import { account, outputsOf, sendEvent } from "./cloud";

const MINUTES = 60_000;
const roleArn = (name: string): string => `arn:aws:iam::000000000000:role/clickstream-local-${name}`;

let outputs: Outputs;
beforeAll(async () => {
  outputs = await outputsOf();
}, MINUTES);

/** A session of a function's role, as its execution environments have them. */
function session(name: string, service = "lambda.amazonaws.com"): Promise<RoleCredentials> {
  const use = { roleArn: roleArn(name), sessionName: name, sourceArn: "arn:aws:lambda:x:0:function:f" };
  return assumeRole({ service, gatewayUrl: cloud().gatewayUrl }, use);
}

const as = (credentials: RoleCredentials) => ({ ...account(), credentials, forcePathStyle: true });

describe("a function's role", () => {
  const write = (client: DynamoDBClient, TableName: string) =>
    client.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key: KEY } }] } }),
    );
  const KEY = { pk: { S: "nobody" }, sk: { S: "never" } };

  it("may do what its policy names, and nothing beside", async () => {
    const dynamodb = new DynamoDBClient(as(await session("collect")));
    await write(dynamodb, outputs.tableName);
    const read = dynamodb.send(new GetItemCommand({ TableName: outputs.tableName, Key: KEY }));
    await expect(read).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: `User: arn:aws:sts::000000000000:assumed-role/clickstream-local-collect/collect is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/${outputs.tableName} because no identity-based policy allows the dynamodb:GetItem action`,
    });
    const s3 = new S3Client(as(await session("collect")));
    await expect(s3.send(new ListObjectsV2Command({ Bucket: outputs.lakeBucket }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  it("may list the lake only where its policy's condition lets it", async () => {
    const s3 = new S3Client(as(await session("load")));
    await s3.send(new ListObjectsV2Command({ Bucket: outputs.lakeBucket, Prefix: "events/" }));
    const everything = s3.send(new ListObjectsV2Command({ Bucket: outputs.lakeBucket, Prefix: "raw/" }));
    await expect(everything).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("is taken on by the services that it trusts alone", async () => {
    await expect(session("collect", "firehose.amazonaws.com")).rejects.toBeInstanceOf(RoleRefused);
    await expect(session("delivery")).rejects.toBeInstanceOf(RoleRefused);
    await expect(session("nobody")).rejects.toBeInstanceOf(RoleRefused);
  });

  it.each(["gateway", "ministack", "lambda"])(
    "goes on with its credentials when the %s is killed",
    async (name) => {
      const dynamodb = new DynamoDBClient(as(await session("collect")));
      const { pid } = cloud().processes.find((process) => process.name === name) ?? {};
      process.kill(pid ?? Number.NaN, "SIGKILL");
      await until(`the ${name} is back`, () => {
        const now = cloud().processes.find((process) => process.name === name);
        return now?.state === "ready" && now.pid !== pid;
      });
      await write(dynamodb, outputs.tableName);
      const read = dynamodb.send(new GetItemCommand({ TableName: outputs.tableName, Key: KEY }));
      await expect(read).rejects.toMatchObject({ name: "AccessDeniedException" });
      const [source] = outputs.sources;
      await sendEvent({ collectorUrl: outputs.collectorUrl, writeKey: source?.writeKey ?? "" }, "Survived");
    },
    3 * MINUTES,
  );
});
