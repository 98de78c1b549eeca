import type { World } from "../../../local/iam/world/world";

export const KEY = "arn:aws:kms:us-east-1:000000000000:key/8f11e61e-0af7-4d7c-920c-b2a8f98df2ea";
export const WORKGROUP = "arn:aws:redshift-serverless:us-east-1:000000000000:workgroup/w-1";
export const SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:admin-AbCdEf";

/** A cloud in which nothing is encrypted with a key of the account, unless a test says so. */
export function worldOf(more: Partial<World> = {}): World {
  return {
    keyArn: async (named) => (named.startsWith("alias/none") ? undefined : KEY),
    secretArn: async () => SECRET,
    workgroupArn: async (name) => (name === "warehouse" ? WORKGROUP : undefined),
    ownerOf: (id) => (id === "mine" ? "AROA:loader" : undefined),
    sessionWorkgroup: (id) => (id === "session" ? "warehouse" : undefined),
    tableKey: async () => undefined,
    bucketKey: async () => undefined,
    queueKey: async () => undefined,
    secretKey: async () => undefined,
    ...more,
  };
}
