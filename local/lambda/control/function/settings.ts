import { AwsError } from "../../../service/aws";
import type { LambdaStore } from "../../state";
import type { Context } from "../context";
import { calledFunction } from "../names";
import { answer, invalid, type Routes } from "../router";
import { range } from "./checks";
import { configurationAnswer } from "./configuration";

/** Executions at once of all functions, and how many of them cannot be reserved. */
const ACCOUNT_CONCURRENCY = 1_000;
const LEAST_UNRESERVED = 100;

/** Settings of a function that are not part of its configuration: concurrency, recursion, runtime, signing. */
export function settingRoutes({ store }: Context): Routes {
  return {
    "PUT /2017-10-31/functions/{FunctionName}/concurrency": (call) => {
      const { record } = calledFunction(store, call);
      const { ReservedConcurrentExecutions } = call.body<{ ReservedConcurrentExecutions: number }>();
      range("ReservedConcurrentExecutions", ReservedConcurrentExecutions, 0, ACCOUNT_CONCURRENCY);
      const others = reservedIn(store) - (record.reservedConcurrency ?? 0);
      if (ACCOUNT_CONCURRENCY - others - ReservedConcurrentExecutions < LEAST_UNRESERVED)
        throw invalid(
          "Specified ReservedConcurrentExecutions for function decreases account's " +
            `UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
        );
      record.reservedConcurrency = ReservedConcurrentExecutions;
      store.save();
      return answer(200, { ReservedConcurrentExecutions });
    },
    "GET /2019-09-30/functions/{FunctionName}/concurrency": (call) => {
      const { record } = calledFunction(store, call);
      return answer(
        200,
        record.reservedConcurrency === undefined
          ? {}
          : { ReservedConcurrentExecutions: record.reservedConcurrency },
      );
    },
    "DELETE /2017-10-31/functions/{FunctionName}/concurrency": (call) => {
      const { record } = calledFunction(store, call);
      delete record.reservedConcurrency;
      store.save();
      return answer(204);
    },
    "GET /2024-08-31/functions/{FunctionName}/recursion-config": (call) =>
      answer(200, { RecursiveLoop: calledFunction(store, call).record.recursiveLoop }),
    "PUT /2024-08-31/functions/{FunctionName}/recursion-config": (call) => {
      const { record } = calledFunction(store, call);
      const { RecursiveLoop } = call.body<{ RecursiveLoop: "Allow" | "Terminate" }>();
      record.recursiveLoop = RecursiveLoop;
      store.save();
      return answer(200, { RecursiveLoop });
    },
    "GET /2021-07-20/functions/{FunctionName}/runtime-management-config": (call) => {
      const { record, arn } = calledFunction(store, call);
      const { RuntimeVersionConfig } = configurationAnswer(record.latest);
      const RuntimeVersionArn = RuntimeVersionConfig?.RuntimeVersionArn;
      return answer(200, { UpdateRuntimeOn: "Auto", FunctionArn: arn, RuntimeVersionArn });
    },
    "GET /2020-06-30/functions/{FunctionName}/code-signing-config": (call) =>
      // a function without code signing answers its name alone
      answer(200, { CodeSigningConfigArn: "", FunctionName: calledFunction(store, call).name }),
    "GET /2019-09-30/functions/{FunctionName}/provisioned-concurrency": (call) => {
      calledFunction(store, call);
      if (call.query.get("List") === "ALL") return answer(200, { ProvisionedConcurrencyConfigs: [] });
      throw new AwsError(
        "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function",
        404,
        { Type: "User" },
      );
    },
    "GET /2016-08-19/account-settings": () => {
      const functions = Object.values(store.state.functions);
      return answer(200, {
        AccountLimit: {
          TotalCodeSize: 80_530_636_800,
          CodeSizeUnzipped: 262_144_000,
          CodeSizeZipped: 52_428_800,
          ConcurrentExecutions: ACCOUNT_CONCURRENCY,
          UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reservedIn(store),
        },
        AccountUsage: {
          TotalCodeSize: functions.reduce((sum, { latest }) => sum + latest.CodeSize, 0),
          FunctionCount: functions.length,
        },
      });
    },
  };
}

function reservedIn({ state }: LambdaStore): number {
  return Object.values(state.functions).reduce(
    (sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency,
    0,
  );
}
