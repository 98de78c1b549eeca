import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { Environment } from "../../config";

export interface EventsTableProps {
  readonly environment: Environment;
  readonly keyArn: string;
}

/** What the collector stores: the table that an accepted event is durable in. */
export class EventsTable extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;

  constructor(scope: Construct, id: string, { environment, keyArn }: EventsTableProps) {
    super(scope, id);
    const { billing, names, protect, recoveryDays } = environment;
    const table = new DynamodbTable(this, "table", {
      name: names.eventsTable,
      hashKey: "pk",
      rangeKey: "sk",
      attribute: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      ...(billing.kind === "on-demand"
        ? { billingMode: "PAY_PER_REQUEST" }
        : { billingMode: "PROVISIONED", writeCapacity: billing.minWriteUnits, readCapacity: READ_UNITS }),
      streamEnabled: true,
      streamViewType: "NEW_IMAGE",
      ttl: { attributeName: "expires_at", enabled: true },
      pointInTimeRecovery: {
        enabled: true,
        ...(recoveryDays === undefined ? {} : { recoveryPeriodInDays: recoveryDays }),
      },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      deletionProtectionEnabled: protect,
      lifecycle: {
        preventDestroy: protect,
        // What auto scaling sets is no difference to be undone.
        ...(billing.kind === "provisioned" ? { ignoreChanges: ["write_capacity"] } : {}),
      },
    });
    if (billing.kind === "provisioned") {
      const target = new AppautoscalingTarget(this, "write-capacity", {
        serviceNamespace: "dynamodb",
        resourceId: `table/${table.name}`,
        scalableDimension: "dynamodb:table:WriteCapacityUnits",
        minCapacity: billing.minWriteUnits,
        maxCapacity: billing.maxWriteUnits,
      });
      new AppautoscalingPolicy(this, "write-scaling", {
        name: names.eventsTable,
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        resourceId: target.resourceId,
        scalableDimension: target.scalableDimension,
        targetTrackingScalingPolicyConfiguration: {
          targetValue: 70,
          predefinedMetricSpecification: { predefinedMetricType: "DynamoDBWriteCapacityUtilization" },
        },
      });
    }
    this.name = table.name;
    this.arn = table.arn;
    this.streamArn = table.streamArn;
  }
}

/** Nothing on the path reads the table (the stream is read for free): what a person's look-up needs. */
const READ_UNITS = 5;
