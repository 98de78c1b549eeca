import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { startCloud } from "../../local/cloud";
import { arn, REGION } from "../../local/service/aws";
import { pythonEnvironment } from "../../local/setup/python";
import { zip } from "../../stacks/functions/zip";

/** A local cloud with nothing deployed in it. */
export interface BenchCloud {
  readonly gatewayUrl: string;
  /** Where the store listens itself, past the gateway. */
  readonly storeUrl: string;
  /** Settings of an SDK client that reaches the cloud. */
  readonly aws: ClientSettings;
  /** A role that may do everything, for functions and delivery streams. */
  readonly roleArn: string;
  /**
   * Makes a function of a module's source, which exports `handler`.
   * @returns its ARN.
   */
  createFunction(name: string, source: string, variables?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const SERVICES = ["lambda", "firehose", "dynamodb", "s3", "redshift-serverless"];

/**
 * Starts a local cloud in a folder of its own: neither Terraform nor what a user has deployed has a part in it.
 * @param keptFolder where the Python environment is kept.
 */
export async function startBenchCloud(
  stateRoot: string,
  keptFolder: string,
  say: (what: string) => void,
): Promise<BenchCloud> {
  const python = await pythonEnvironment(keptFolder, say);
  const cloud = await startCloud({ stateRoot, python });
  const aws: ClientSettings = {
    endpoint: cloud.gatewayUrl,
    region: REGION,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const roleArn = await createRole(new IAMClient(aws));
  const lambda = new LambdaClient(aws);
  return {
    gatewayUrl: cloud.gatewayUrl,
    storeUrl: `http://127.0.0.1:${cloud.ports.ministack}`,
    aws,
    roleArn,
    async createFunction(name, source, variables = {}) {
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Runtime: "nodejs22.x",
          Role: roleArn,
          Handler: "index.handler",
          MemorySize: 512,
          Timeout: 30,
          Environment: { Variables: { ...variables } },
          Code: { ZipFile: zip({ "index.mjs": source }) },
        }),
      );
      return arn("lambda", `function:${name}`);
    },
    stop: () => cloud.stop(),
  };
}

async function createRole(iam: IAMClient): Promise<string> {
  const RoleName = "bench";
  const principals = { Service: SERVICES.map((service) => `${service}.amazonaws.com`) };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: principals, Action: "sts:AssumeRole" }],
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: "everything",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
      }),
    }),
  );
  if (Role?.Arn === undefined) throw new Error("the local IAM made a role and did not name it");
  return Role.Arn;
}
