import type { RoleSessions } from "../../service/role";
import { FIREHOSE_SESSION } from "../../service/role";
import { callJson } from "../../service/signed";
import { streamArn } from "../api/control";
import type { DeliveryStream } from "../api/types";

/** Told of deliveries that fail; never rejects. */
export interface ErrorLog {
  failed(stream: DeliveryStream, error: unknown): Promise<void>;
}

/** How AWS names what went wrong, and what it advises. */
interface Explanation {
  readonly errorCode: string;
  readonly message: string;
}

/**
 * The stream's error log in CloudWatch Logs, if it has one, written as the destination's role.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 */
export function cloudWatchErrors(gatewayUrl: string, sessions: RoleSessions): ErrorLog {
  return {
    async failed(stream, error) {
      const { BucketARN, RoleARN, CloudWatchLoggingOptions: options } = stream.destination;
      const { Enabled, LogGroupName: logGroupName, LogStreamName: logStreamName } = options ?? {};
      if (Enabled !== true || logGroupName === undefined || logStreamName === undefined) return;
      const message = JSON.stringify({
        ...{ deliveryStreamARN: streamArn(stream.name), destination: BucketARN },
        ...{ deliveryStreamVersionId: stream.version, ...explain(error) },
      });
      const use = {
        ...{ roleArn: String(RoleARN), sessionName: FIREHOSE_SESSION },
        sourceArn: streamArn(stream.name),
      };
      const endpoint = { gatewayUrl, credentials: sessions.provider(use) };
      const logEvents = [{ timestamp: Date.now(), message }];
      const input = { logGroupName, logStreamName, logEvents };
      await callJson(endpoint, "logs", "Logs_20140328.PutLogEvents", "1.1", input).catch((cause: unknown) =>
        console.error(`${stream.name}: the error log cannot be written: ${String(cause)}`),
      );
    },
  };
}

function explain(error: unknown): Explanation {
  const { name = "", message = "" } = error instanceof Error ? error : {};
  if (name.startsWith("AccessDenied"))
    return {
      errorCode: "S3.AccessDenied",
      message: `Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket. ${message}`,
    };
  if (name === "NoSuchBucket")
    return {
      errorCode: "S3.NoSuchBucket",
      message:
        "The specified S3 bucket does not exist. Create the bucket or use a different bucket that does exist.",
    };
  return { errorCode: "S3.InternalError", message: `The delivery failed and is tried again. ${message}` };
}
