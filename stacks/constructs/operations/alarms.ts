import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Environment } from "../../config";

export interface AlarmsProps {
  readonly environment: Environment;
  readonly topicArn: string;
}

interface Alarm {
  /** What is wrong, and what to do: it is all that whoever is woken reads. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Sum" | "Maximum";
  /** The alarm rings above it. */
  readonly threshold: number;
  readonly periodSeconds: number;
  /** How many periods in a row. @default 1 */
  readonly periods?: number;
}

/** What somebody must know of. No traffic is no alarm: missing data is good. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { environment, topicArn }: AlarmsProps) {
    super(scope, id);
    for (const [what, alarm] of Object.entries(alarmsOf(environment))) {
      new CloudwatchMetricAlarm(this, what, {
        alarmName: environment.names.alarm(what),
        alarmDescription: alarm.description,
        namespace: alarm.namespace,
        metricName: alarm.metric,
        dimensions: { ...alarm.dimensions },
        statistic: alarm.statistic,
        comparisonOperator: "GreaterThanThreshold",
        threshold: alarm.threshold,
        period: alarm.periodSeconds,
        evaluationPeriods: alarm.periods ?? 1,
        treatMissingData: "notBreaching",
        alarmActions: [topicArn],
        okActions: [topicArn],
      });
    }
  }
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

function alarmsOf({ names, bufferSeconds }: Environment): Readonly<Record<string, Alarm>> {
  const lambda = (name: keyof typeof names.functions) => ({
    namespace: "AWS/Lambda",
    dimensions: { FunctionName: names.functions[name] },
  });
  const queue = (name: string) => ({ namespace: "AWS/SQS", dimensions: { QueueName: name } });
  const late = (stream: string): Alarm => ({
    description: `Delivery stream ${stream} is late: look at its log stream in ${names.deliveryLogs}.`,
    namespace: "AWS/Firehose",
    dimensions: { DeliveryStreamName: stream },
    metric: "DeliveryToS3.DataFreshness",
    statistic: "Maximum",
    threshold: bufferSeconds + 15 * MINUTE,
    periodSeconds: 5 * MINUTE,
    periods: 3,
  });
  return {
    "collect-errors": {
      ...lambda("collect"),
      description: "The collector answered 5xx: clients keep their events and retry. Look at its log.",
      metric: "Url5xxCount",
      statistic: "Sum",
      threshold: 10,
      periodSeconds: 5 * MINUTE,
    },
    "collect-throttles": {
      ...lambda("collect"),
      description: "Requests were refused with 429: ask for more concurrent executions of Lambda.",
      metric: "Throttles",
      statistic: "Sum",
      threshold: 0,
      periodSeconds: 5 * MINUTE,
    },
    "table-throttles": {
      namespace: "AWS/DynamoDB",
      dimensions: { TableName: names.eventsTable },
      description: "The events table refused writes: raise expectedRps, or look for one busy partition key.",
      metric: "WriteThrottleEvents",
      statistic: "Sum",
      threshold: 0,
      periodSeconds: 5 * MINUTE,
    },
    "transform-late": {
      ...lambda("transform"),
      description: "The transform is behind the stream, which keeps 24 hours: look at its errors first.",
      metric: "IteratorAge",
      statistic: "Maximum",
      threshold: 30 * MINUTE * 1000,
      periodSeconds: 5 * MINUTE,
      periods: 3,
    },
    "transform-errors": {
      ...lambda("transform"),
      description:
        "The transform keeps failing and is retried; after 12 hours records go to the lake, whole.",
      metric: "Errors",
      statistic: "Sum",
      threshold: 5,
      periodSeconds: 5 * MINUTE,
      periods: 3,
    },
    "load-errors": {
      ...lambda("load"),
      description: "The loader failed more than once; the next run repeats what it missed. Look at its log.",
      metric: "Errors",
      statistic: "Sum",
      threshold: 1,
      periodSeconds: 6 * HOUR,
    },
    "load-late": {
      ...queue(names.lakeQueue),
      description:
        "Objects have waited to be loaded for hours: is the schedule on, and the warehouse's limit?",
      metric: "ApproximateAgeOfOldestMessage",
      statistic: "Maximum",
      threshold: 4 * HOUR,
      periodSeconds: 15 * MINUTE,
    },
    "lake-dead-letters": {
      ...queue(names.lakeDeadLetters),
      description:
        "Objects could not be loaded and are set aside: npm run failed -- --files says why, and --retry repeats.",
      metric: "ApproximateNumberOfMessagesVisible",
      statistic: "Maximum",
      threshold: 0,
      periodSeconds: 5 * MINUTE,
    },
    attention: {
      ...queue(names.attentionQueue),
      description:
        "Records were given up by the transform or by delivery and wait in the lake to be replayed.",
      metric: "ApproximateNumberOfMessagesVisible",
      statistic: "Maximum",
      threshold: 0,
      periodSeconds: 5 * MINUTE,
    },
    "delivery-raw": late(names.streams.raw),
    "delivery-events": late(names.streams.events),
    "delivery-failed": late(names.streams.failed),
  };
}
