import { AwsError } from "../../service/aws";
import type { AttachedRole } from "../engine/copy/objects";
import type { Serverless } from "../serverless/serverless";
import { invalid } from "./validation";

/** How a call says which database it means, and as whom it connects. */
export interface ConnectionInput {
  readonly ClusterIdentifier?: string;
  readonly WorkgroupName?: string;
  readonly Database?: string;
  readonly ConnectedDatabase?: string;
  readonly DbUser?: string;
  readonly SecretArn?: string;
}

/** A call's database and user. */
export interface Connection {
  readonly database: string;
  readonly workgroup: string;
  /** The database user: the secret's, else the one that belongs to the caller's IAM identity. */
  readonly user: string;
  readonly secretArn?: string;
  /** Whether the user is the account's root, or the namespace's admin. */
  readonly superuser: boolean;
  readonly roleOf: (named: string) => AttachedRole | undefined;
}

/**
 * Resolves a call's connection, and refuses what names no warehouse of ours.
 * @param principal the caller's ARN.
 * @throws AwsError ValidationException, ResourceNotFoundException.
 */
export function connect(serverless: Serverless, input: ConnectionInput, principal: string): Connection {
  if (input.ClusterIdentifier !== undefined)
    throw invalid(
      "ClusterIdentifier names a provisioned cluster, and there is none here: give WorkgroupName",
    );
  if (input.DbUser !== undefined) throw invalid("DbUser goes with ClusterIdentifier, not with WorkgroupName");
  const { WorkgroupName: workgroupName, SecretArn: secretArn } = input;
  if (workgroupName === undefined) throw invalid("WorkgroupName or ClusterIdentifier is required");
  if (input.Database === undefined) throw invalid("Database is required");
  const workgroup = serverless.workgroup(workgroupName) ?? serverless.workgroupByArn(workgroupName);
  const namespace = workgroup === undefined ? undefined : serverless.namespace(workgroup.namespaceName);
  if (workgroup === undefined || namespace === undefined)
    throw new AwsError(
      "ResourceNotFoundException",
      `Redshift endpoint doesn't exist in this region: ${workgroupName}`,
      400,
      { ResourceId: workgroupName },
    );
  for (const database of [input.Database, input.ConnectedDatabase ?? input.Database])
    if (database !== namespace.dbName) throw invalid(`FATAL: database "${database}" does not exist`);
  if (secretArn !== undefined && !isAdminSecret(secretArn, namespace.adminPasswordSecretArn))
    throw invalid(`The secret ${secretArn} holds no user of namespace ${namespace.namespaceName}`);
  return {
    database: namespace.dbName,
    workgroup: workgroup.workgroupName,
    user: secretArn === undefined ? userOf(principal) : namespace.adminUsername,
    superuser: secretArn !== undefined || principal.endsWith(":root"),
    ...(secretArn === undefined ? {} : { secretArn }),
    roleOf: (named) => {
      const roleArn = named === "default" ? namespace.defaultIamRoleArn : named;
      const attached = named === "default" || namespace.iamRoles.includes(named);
      return roleArn !== undefined && attached
        ? { roleArn, namespaceArn: namespace.namespaceArn }
        : undefined;
    },
  };
}

/** A secret is named by its ARN, or by its name alone. */
function isAdminSecret(given: string, arn: string | undefined): boolean {
  return arn !== undefined && (given === arn || arn.split(":").slice(6).join(":").startsWith(`${given}-`));
}

/**
 * The database user of an IAM identity: `IAMR:<role>` of a role, `IAM:<user>` of a user and of the account's root.
 * @see https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetCredentials.html
 */
export function userOf(principal: string): string {
  const [, kind = "", path = "root"] = /:(root|user|role|assumed-role)(?:\/(.+))?$/.exec(principal) ?? [];
  if (kind === "assumed-role") return `IAMR:${path.split("/")[0]}`;
  const name = path.split("/").at(-1);
  return kind === "role" ? `IAMR:${name}` : `IAM:${name}`;
}
