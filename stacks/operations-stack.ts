import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { RedshiftserverlessUsageLimit } from "@cdktf/provider-aws/lib/redshiftserverless-usage-limit";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "./config";
import { deployTo } from "./constructs/deployment";
import { Alarms } from "./constructs/operations/alarms";
import { Dashboard } from "./constructs/operations/dashboard";
import type { DataStack } from "./data-stack";

export interface OperationsStackProps {
  readonly environment: Environment;
  readonly data: DataStack;
}

/** What watches: alarms, a dashboard, a budget and the warehouse's daily limit. */
export class OperationsStack extends TerraformStack {
  constructor(scope: Construct, id: string, { environment, data }: OperationsStackProps) {
    super(scope, id);
    deployTo(environment, this);
    const { names, alarmEmail, rpuHoursPerDay, monthlyBudgetUsd } = environment;
    const topic = new SnsTopic(this, "topic", { name: names.alarmTopic, kmsMasterKeyId: data.keyArn });
    if (alarmEmail !== undefined)
      new SnsTopicSubscription(this, "email", {
        topicArn: topic.arn,
        protocol: "email",
        endpoint: alarmEmail,
      });
    new Alarms(this, "alarms", { environment, topicArn: topic.arn });
    new Dashboard(this, "dashboard", environment);
    // The loader stops with everyone else and the lake's queue waits: nothing is lost, and `load-late` rings.
    new RedshiftserverlessUsageLimit(this, "usage-limit", {
      resourceArn: data.warehouse.workgroupArn,
      usageType: "serverless-compute",
      period: "daily",
      amount: rpuHoursPerDay,
      breachAction: "deactivate",
    });
    // The whole account's bill: a filter by tag shows nothing until the tag is activated in the billing console.
    new BudgetsBudget(this, "budget", {
      name: names.budget,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: `${monthlyBudgetUsd}.0`,
      limitUnit: "USD",
      ...(alarmEmail === undefined ? {} : { notification: budgetNotifications(alarmEmail) }),
    });
  }
}

function budgetNotifications(email: string) {
  const shared = {
    comparisonOperator: "GREATER_THAN",
    thresholdType: "PERCENTAGE",
    subscriberEmailAddresses: [email],
  };
  return [
    { ...shared, notificationType: "ACTUAL", threshold: 80 },
    { ...shared, notificationType: "FORECASTED", threshold: 100 },
  ];
}
