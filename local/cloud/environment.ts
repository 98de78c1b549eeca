import { devNull } from "node:os";
import { REGION } from "../service/aws";

/** Anything that is known by the gateway's address. */
interface Endpoint {
  readonly gatewayUrl: string;
}

/**
 * What makes Terraform's AWS provider and the AWS SDKs talk to the local cloud and to nothing else: they look neither
 * for the machine's metadata service nor into the user's own AWS configuration.
 */
export function environment(cloud: Endpoint): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: cloud.gatewayUrl,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    // A switch of the SDK itself: users of the verbs are not the ones to choose the Node that runs them.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}

/** An environment for a process that shall see the local cloud: this one's, with all that is AWS's replaced. */
export function localEnvironment(
  cloud: Endpoint,
  base: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> {
  const kept = Object.entries(base).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("AWS_"),
  );
  return { ...Object.fromEntries(kept), ...environment(cloud) };
}
