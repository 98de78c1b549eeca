import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import { lakePrefixes } from "../../../handlers/event/lake";
import type { Environment } from "../../config";
import { policy } from "../policy";

export interface LakeProps {
  readonly environment: Environment;
  readonly keyArn: string;
}

/** The bucket that holds the backup (`raw/`), what the warehouse loads, and what was rejected. */
export class Lake extends Construct {
  readonly bucket: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment, keyArn }: LakeProps) {
    super(scope, id);
    const { names, protect, rawToColdDays } = environment;
    const lake = new S3Bucket(this, "bucket", {
      bucket: names.lakeBucket,
      forceDestroy: !protect,
      lifecycle: { preventDestroy: protect },
    });
    const bucket = lake.id;
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    const noPublicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policy({
        sid: "TlsOnly",
        effect: "Deny",
        principal: "*",
        actions: ["s3:*"],
        resources: [lake.arn, `${lake.arn}/*`],
        conditions: { Bool: { "aws:SecureTransport": "false" } },
      }),
      // S3 refuses two changes of one bucket's access at the same time.
      dependsOn: [noPublicAccess],
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: lifecycleRules(rawToColdDays),
      dependsOn: [versioning],
    });
    this.bucket = bucket;
    this.arn = lake.arn;
  }
}

function lifecycleRules(rawToColdDays: number) {
  const enabled = { status: "Enabled" };
  return [
    {
      ...enabled,
      id: "remnants",
      filter: [{ prefix: "" }],
      noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
    },
    {
      ...enabled,
      id: "raw-to-cold",
      filter: [{ prefix: lakePrefixes.raw }],
      transition: [{ days: rawToColdDays, storageClass: "GLACIER_IR" }],
    },
    {
      ...enabled,
      id: "manifests",
      filter: [{ prefix: lakePrefixes.manifests }],
      expiration: [{ days: 30 }],
    },
  ];
}
