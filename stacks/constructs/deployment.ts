import { join, relative, resolve, sep } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../config";

/** The app's context that names the folder of state files. @see stateFolder */
export const STATE_FOLDER = "stateFolder";

/**
 * Tells a stack where it is deployed and where its state is kept. The stack's name is its state's key, so no
 * two stacks share one.
 */
export function deployTo(environment: Environment, stack: TerraformStack): void {
  const { account, region, name, awsProvider } = environment;
  new AwsProvider(stack, "aws", {
    region,
    allowedAccountIds: [account],
    defaultTags: tagsOf(name),
  });
  // The bindings ask for a version of their own; what they write is valid for more than that.
  stack.addOverride("terraform.required_providers.aws.version", awsProvider);
  keepState(environment, stack);
}

/** The provider of us-east-1, where CloudFront looks for what it uses, wherever the environment is. */
export function globalProvider({ account, name }: Environment, scope: Construct): AwsProvider {
  return new AwsProvider(scope, "aws-global", {
    alias: "global",
    region: "us-east-1",
    allowedAccountIds: [account],
    defaultTags: tagsOf(name),
  });
}

function tagsOf(environment: string) {
  return [{ tags: { project: "clickstream", environment } }];
}

function keepState({ state, account, region, names }: Environment, stack: TerraformStack): void {
  const file = `${stack.node.id}.tfstate`;
  if (state === "files") {
    new LocalBackend(stack, { path: `${stateFolder(stack)}/${file}` });
    return;
  }
  new S3Backend(stack, {
    bucket: names.stateBucket,
    key: file,
    region,
    encrypt: true,
    allowedAccountIds: [account],
  });
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}

/** The folder of state files as Terraform sees it from the stack's own: what is synthesized can be moved. */
function stateFolder(stack: TerraformStack): string {
  const folder: unknown = stack.node.tryGetContext(STATE_FOLDER);
  if (typeof folder !== "string")
    throw new Error(`the app's context must name the folder of state files as ${STATE_FOLDER}`);
  const from = join(resolve(App.of(stack).outdir), "stacks", stack.node.id);
  return relative(from, resolve(folder)).split(sep).join("/");
}
