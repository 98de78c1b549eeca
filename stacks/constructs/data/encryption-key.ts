import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import type { Environment } from "../../config";
import { policy } from "../policy";

/** The one key that everything at rest is encrypted with; it is rotated each year. */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { account, region, names, protect }: Environment) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: `Encrypts the clickstream's data (${names.stack("data")})`,
      enableKeyRotation: true,
      deletionWindowInDays: protect ? 30 : 7,
      policy: policy(
        // A key's policy names the key itself as `*`. The account's own policies decide who uses it.
        {
          sid: "Account",
          principal: { AWS: `arn:aws:iam::${account}:root` },
          actions: ["kms:*"],
          resources: ["*"],
        },
        {
          sid: "Logs",
          principal: { Service: `logs.${region}.amazonaws.com` },
          actions: [
            "kms:Encrypt",
            "kms:Decrypt",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:DescribeKey",
          ],
          resources: ["*"],
          conditions: {
            ArnLike: { "kms:EncryptionContext:aws:logs:arn": names.arn("logs", "log-group:*") },
          },
        },
        {
          sid: "Alarms",
          principal: { Service: "cloudwatch.amazonaws.com" },
          actions: ["kms:Decrypt", "kms:GenerateDataKey"],
          resources: ["*"],
          conditions: { StringEquals: { "aws:SourceAccount": account } },
        },
      ),
      lifecycle: { preventDestroy: protect },
    });
    new KmsAlias(this, "alias", { name: names.keyAlias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
