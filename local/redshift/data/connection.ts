import { AwsError } from "../../service/aws";
import type { Serverless } from "../serverless/serverless";
import { invalid } from "./execute";

/** How a call says which database it means, and as whom it connects. */
export interface ConnectionInput {
  readonly ClusterIdentifier?: string;
  readonly WorkgroupName?: string;
  readonly Database?: string;
  readonly DbUser?: string;
  readonly SecretArn?: string;
}

/** A call's database and user. */
export interface Connection {
  readonly database: string;
  readonly workgroup: string;
  /** The database user: the secret's, else the one that belongs to the caller's IAM identity. */
  readonly user: string;
  readonly secretArn: string | undefined;
  readonly hasRole: (arn: string) => boolean;
}

/**
 * Resolves a call's connection, and refuses what names no warehouse of ours.
 * @param caller the database user of the caller's IAM identity.
 */
export function connect(serverless: Serverless, input: ConnectionInput, caller: string): Connection {
  if (input.ClusterIdentifier !== undefined)
    throw invalid(
      "ClusterIdentifier names a provisioned cluster, and there is none here: give WorkgroupName",
    );
  if (input.DbUser !== undefined) throw invalid("DbUser goes with ClusterIdentifier, not with WorkgroupName");
  const { WorkgroupName: workgroupName, SecretArn: secretArn } = input;
  if (workgroupName === undefined) throw invalid("WorkgroupName is required");
  const name = workgroupName.split("/").at(-1) ?? workgroupName;
  const workgroup = serverless.workgroup(name) ?? serverless.workgroupByArn(workgroupName);
  const namespace = workgroup === undefined ? undefined : serverless.namespace(workgroup.namespaceName);
  if (workgroup === undefined || namespace === undefined)
    throw new AwsError(
      "ResourceNotFoundException",
      `Redshift endpoint doesn't exist in this region: ${name}`,
      400,
      {
        ResourceId: name,
      },
    );
  const database = input.Database ?? namespace.dbName;
  if (database !== namespace.dbName) throw invalid(`FATAL: database "${database}" does not exist`);
  if (secretArn !== undefined && secretArn !== namespace.adminPasswordSecretArn)
    throw invalid(`The secret ${secretArn} holds no user of namespace ${namespace.namespaceName}`);
  return {
    database,
    workgroup: workgroup.workgroupName,
    user: secretArn === undefined ? caller : namespace.adminUsername,
    secretArn,
    hasRole: (arn) =>
      arn === "default" ? namespace.defaultIamRoleArn !== undefined : namespace.iamRoles.includes(arn),
  };
}
