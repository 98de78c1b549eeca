import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Environment } from "../../config";

/** The pipeline from left to right, on one page. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: environment.names.dashboard,
      dashboardBody: JSON.stringify({ widgets: widgetsOf(environment) }),
    });
  }
}

type Metric = readonly [namespace: string, name: string, ...dimensions: string[]];

function widgetsOf({ names, region }: Environment): object[] {
  const { collect, transform, load } = names.functions;
  const lambda = (metric: string, name: string): Metric => ["AWS/Lambda", metric, "FunctionName", name];
  const firehose = (metric: string): Metric[] =>
    Object.values(names.streams).map((stream) => ["AWS/Firehose", metric, "DeliveryStreamName", stream]);
  const queue = (metric: string, name: string): Metric => ["AWS/SQS", metric, "QueueName", name];
  const graphs: readonly (readonly [title: string, stat: string, metrics: readonly Metric[]])[] = [
    [
      "Requests",
      "Sum",
      [lambda("UrlRequestCount", collect), lambda("Url4xxCount", collect), lambda("Url5xxCount", collect)],
    ],
    ["Answer time, slowest 1 % (ms)", "p99", [lambda("UrlRequestLatency", collect)]],
    ["Write units", "Sum", [["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", names.eventsTable]]],
    ["Transform behind the stream (ms)", "Maximum", [lambda("IteratorAge", transform)]],
    ["Delivery behind (s)", "Maximum", firehose("DeliveryToS3.DataFreshness")],
    ["Delivered to the lake (bytes)", "Sum", firehose("DeliveryToS3.Bytes")],
    [
      "Objects to load, set aside, for attention",
      "Maximum",
      [names.lakeQueue, names.lakeDeadLetters, names.attentionQueue].map((name) =>
        queue("ApproximateNumberOfMessagesVisible", name),
      ),
    ],
    ["Errors", "Sum", [collect, transform, load].map((name) => lambda("Errors", name))],
    [
      "Warehouse (compute seconds)",
      "Sum",
      [["AWS/Redshift-Serverless", "ComputeSeconds", "Workgroup", names.workgroup]],
    ],
  ];
  return graphs.map(([title, stat, metrics], index) => ({
    type: "metric",
    x: (index % 3) * 8,
    y: Math.floor(index / 3) * 6,
    width: 8,
    height: 6,
    properties: { title, region, stat, period: 300, view: "timeSeries", metrics },
  }));
}
