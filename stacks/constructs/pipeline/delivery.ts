import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchLogStream } from "@cdktf/provider-aws/lib/cloudwatch-log-stream";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import { Construct } from "constructs";
import { LAKE_PARTITION, lakePrefixes } from "../../../handlers/event/lake";
import type { Environment } from "../../config";
import { policy, trust, useKey } from "../policy";

export interface DeliveryProps {
  readonly environment: Environment;
  readonly keyArn: string;
  readonly lakeArn: string;
}

/** What is delivered: each kind by a stream of its own, into a folder of its own. */
const KINDS = ["raw", "events", "failed"] as const;
type Kind = (typeof KINDS)[number];

/** Large enough that time, not size, ends an object until about 100 requests a second. */
const BUFFER_MIB = 64;

/** The delivery streams that write the lake: gzip, one JSON line an event. */
export class Delivery extends Construct {
  readonly streams: Readonly<Record<Kind, { readonly name: string; readonly arn: string }>>;

  constructor(scope: Construct, id: string, { environment, keyArn, lakeArn }: DeliveryProps) {
    super(scope, id);
    const { names, account, retentionDays, bufferSeconds } = environment;
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: names.deliveryLogs,
      retentionInDays: retentionDays,
      kmsKeyId: keyArn,
    });
    const role = new IamRole(this, "role", {
      name: names.deliveryRole,
      description: "The delivery streams write the lake with it",
      assumeRolePolicy: trust("firehose.amazonaws.com", account),
    });
    const permissions = new IamRolePolicy(this, "policy", {
      name: "write-lake",
      role: role.id,
      policy: policy(
        {
          actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
          resources: [...KINDS, "errors" as const].map((kind) => `${lakeArn}/${lakePrefixes[kind]}*`),
        },
        {
          actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
          resources: [lakeArn],
        },
        useKey(keyArn, environment, "s3", "kms:Decrypt", "kms:GenerateDataKey"),
        { actions: ["logs:PutLogEvents"], resources: [`${logs.arn}:*`] },
      ),
    });
    const stream = (kind: Kind) => {
      const errors = new CloudwatchLogStream(this, `${kind}-logs`, { name: kind, logGroupName: logs.name });
      const { name, arn } = new KinesisFirehoseDeliveryStream(this, kind, {
        name: names.streams[kind],
        destination: "extended_s3",
        serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
        extendedS3Configuration: {
          bucketArn: lakeArn,
          roleArn: role.arn,
          prefix: `${lakePrefixes[kind]}${LAKE_PARTITION}`,
          errorOutputPrefix: `${lakePrefixes.errors}${kind}/!{firehose:error-output-type}/${LAKE_PARTITION}`,
          bufferingInterval: bufferSeconds,
          bufferingSize: BUFFER_MIB,
          compressionFormat: "GZIP",
          // A record is several lines; the delimiter parts it from the next, so none ends in one of its own.
          processingConfiguration: {
            enabled: true,
            processors: [
              {
                type: "AppendDelimiterToRecord",
                parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }],
              },
            ],
          },
          cloudwatchLoggingOptions: { enabled: true, logGroupName: logs.name, logStreamName: errors.name },
        },
        dependsOn: [permissions],
      });
      return { name, arn };
    };
    this.streams = { raw: stream("raw"), events: stream("events"), failed: stream("failed") };
  }
}
