import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import { RedshiftserverlessWorkgroup } from "@cdktf/provider-aws/lib/redshiftserverless-workgroup";
import { Construct } from "constructs";
import { lakePrefixes } from "../../../handlers/event/lake";
import type { Environment } from "../../config";
import { policy, trust, useKey } from "../policy";
import type { Lake } from "./lake";
import type { Network } from "./network";

export interface WarehouseProps {
  readonly environment: Environment;
  readonly keyArn: string;
  readonly lake: Lake;
  readonly network: Network;
}

/** Redshift Serverless: the namespace holds the data, the workgroup computes and sleeps when nobody asks. */
export class Warehouse extends Construct {
  readonly workgroupArn: string;
  readonly adminSecretArn: string;
  readonly copyRoleArn: string;

  constructor(scope: Construct, id: string, { environment, keyArn, lake, network }: WarehouseProps) {
    super(scope, id);
    const { names, protect, retentionDays, baseRpu, maxRpu } = environment;
    const copyRole = new IamRole(this, "copy-role", {
      name: names.copyRole,
      description: "The warehouse reads the lake with it",
      assumeRolePolicy: trust(["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"]),
    });
    const readLake = new IamRolePolicy(this, "copy-policy", {
      name: "read-lake",
      role: copyRole.id,
      policy: policy(
        {
          actions: ["s3:GetObject"],
          resources: [lakePrefixes.events, lakePrefixes.failed, lakePrefixes.manifests].map(
            (prefix) => `${lake.arn}/${prefix}*`,
          ),
        },
        { actions: ["s3:ListBucket"], resources: [lake.arn] },
        useKey(keyArn, environment, "s3", "kms:Decrypt"),
      ),
    });
    // Redshift would make them itself, kept for ever.
    const logs = LOG_EXPORTS.map(
      (log) =>
        new CloudwatchLogGroup(this, log, {
          name: `/aws/redshift/${names.namespace}/${log}`,
          retentionInDays: retentionDays,
          kmsKeyId: keyArn,
        }),
    );
    const namespace = new RedshiftserverlessNamespace(this, "namespace", {
      namespaceName: names.namespace,
      dbName: names.database,
      manageAdminPassword: true,
      kmsKeyId: keyArn,
      iamRoles: [copyRole.arn],
      logExports: [...LOG_EXPORTS],
      lifecycle: { preventDestroy: protect },
      dependsOn: [readLake, ...logs],
    });
    // No config_parameter blocks: a partial set of them differs on every plan.
    const workgroup = new RedshiftserverlessWorkgroup(this, "workgroup", {
      workgroupName: names.workgroup,
      namespaceName: namespace.namespaceName,
      baseCapacity: baseRpu,
      maxCapacity: maxRpu,
      enhancedVpcRouting: true,
      publiclyAccessible: false,
      subnetIds: [...network.subnetIds],
      securityGroupIds: [network.securityGroupId],
    });
    this.workgroupArn = workgroup.arn;
    this.adminSecretArn = namespace.adminPasswordSecretArn;
    this.copyRoleArn = copyRole.arn;
  }
}

/** Who connected and what became of users; the activity log would hold every statement, with what it names. */
const LOG_EXPORTS = ["connectionlog", "userlog"] as const;
