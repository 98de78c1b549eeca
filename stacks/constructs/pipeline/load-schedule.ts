import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { Construct } from "constructs";
import type { LoadEvent } from "../../../handlers/load/handler";
import type { Environment } from "../../config";
import { policy, trust } from "../policy";
import type { HandlerFunction } from "./function";
import type { Migration } from "./migration";

export interface LoadScheduleProps {
  readonly environment: Environment;
  readonly load: HandlerFunction;
  /** Runs first: the loader needs the tables that it makes. */
  readonly migration: Migration;
  /** The queue that is told of a load that could not even be started. */
  readonly attentionArn: string;
}

/** At an hour when few people ask; the warehouse is woken only when the lake has files of the last days. */
const SWEEP = "cron(40 3 * * ? *)";

/** Runs the loader at its cadence, and once a day has it compare the lake with its ledger. */
export class LoadSchedule extends Construct {
  constructor(scope: Construct, id: string, props: LoadScheduleProps) {
    super(scope, id);
    const { environment, load, migration, attentionArn } = props;
    const { names, account, loadSchedule } = environment;
    // A load that failed is repeated by the next one; Lambda's own two repeats would only wake the warehouse.
    const invokeConfig = new LambdaFunctionEventInvokeConfig(this, "invoke", {
      functionName: load.name,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 900,
    });
    const role = new IamRole(this, "role", {
      name: names.scheduleRole,
      description: "The schedule starts the loader with it",
      assumeRolePolicy: trust("scheduler.amazonaws.com", account),
    });
    const permissions = new IamRolePolicy(this, "policy", {
      name: "start-load",
      role: role.id,
      policy: policy(
        { actions: ["lambda:InvokeFunction"], resources: [load.arn] },
        { actions: ["sqs:SendMessage"], resources: [attentionArn] },
      ),
    });
    const schedule = (id: string, name: string, description: string, expression: string, input: LoadEvent) =>
      new SchedulerSchedule(this, id, {
        name,
        description,
        scheduleExpression: expression,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: load.arn,
          roleArn: role.arn,
          input: JSON.stringify(input),
          retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 900 },
          deadLetterConfig: { arn: attentionArn },
        },
        dependsOn: [migration.invocation, permissions, invokeConfig],
      });
    schedule(
      "schedule",
      names.loadSchedule,
      "Loads the lake's new objects into the warehouse",
      loadSchedule,
      {},
    );
    schedule("sweep", names.sweepSchedule, "Finds objects of the lake whose notification was lost", SWEEP, {
      sweep: true,
    });
  }
}
