import { arn } from "../../service/aws";
import { jsonService } from "./json-service";
import { queryService } from "./query-service";
import { on, onAll, text } from "./service-map";

const stream = on((input) => {
  const name = text(input, "DeliveryStreamName");
  return name === undefined ? undefined : arn("firehose", `deliverystream/${name}`);
});

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisfirehose.html */
export const firehose = jsonService({
  prefix: "firehose",
  targets: {
    Firehose_20150804: {
      DescribeDeliveryStream: stream,
      ListDeliveryStreams: onAll,
      ListTagsForDeliveryStream: stream,
      PutRecord: stream,
      PutRecordBatch: stream,
    },
  },
});

const logGroup = on((input) => {
  const name = text(input, "logGroupName");
  return name === undefined ? text(input, "logGroupIdentifier") : arn("logs", `log-group:${name}`);
});
const logStream = on((input) => {
  const group = text(input, "logGroupName");
  const name = text(input, "logStreamName");
  return group === undefined ? undefined : arn("logs", `log-group:${group}:log-stream:${name ?? ""}`);
});

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
export const logs = jsonService({
  prefix: "logs",
  targets: {
    Logs_20140328: {
      CreateLogGroup: logGroup,
      CreateLogStream: logStream,
      DescribeLogGroups: onAll,
      DescribeLogStreams: logGroup,
      FilterLogEvents: logGroup,
      GetLogEvents: logStream,
      PutLogEvents: logStream,
    },
  },
});

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export const cloudwatch = queryService("cloudwatch", {
  GetMetricData: onAll,
  ListMetrics: onAll,
  PutMetricData: (input, action) => [
    { action, resource: "*", context: { "cloudwatch:namespace": text(input, "Namespace") ?? "" } },
  ],
});
