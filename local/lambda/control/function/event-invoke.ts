import type { DestinationConfig } from "@aws-sdk/client-lambda";
import { functionArn } from "../../execution/deployment";
import type { EventInvokeConfig } from "../../state";
import type { Context } from "../context";
import { calledFunction } from "../names";
import { answer, type Call, notFound, page, type Routes } from "../router";
import { checkDestination } from "./checks";

interface Input {
  readonly MaximumRetryAttempts?: number;
  readonly MaximumEventAgeInSeconds?: number;
  readonly DestinationConfig?: DestinationConfig;
}

/** How functions are invoked asynchronously. */
export function eventInvokeRoutes({ store }: Context): Routes {
  const CONFIG = "/2019-09-25/functions/{FunctionName}/event-invoke-config";
  const shown = (name: string, key: string, config: EventInvokeConfig): object => ({
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
    ...config,
    FunctionArn: functionArn(name, key),
  });
  const put = (call: Call, keep: boolean): ReturnType<typeof answer> => {
    const { record, key, name } = calledFunction(store, call);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = call.body<Input>();
    checkDestination("OnSuccess", DestinationConfig?.OnSuccess?.Destination, ["sqs", "sns", "lambda"]);
    checkDestination("OnFailure", DestinationConfig?.OnFailure?.Destination, ["sqs", "sns", "lambda", "s3"]);
    const existing = record.eventInvoke[key];
    if (keep && existing === undefined) throw missing(name, key);
    const config: EventInvokeConfig = {
      ...(keep ? existing : {}),
      ...(MaximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts }),
      ...(MaximumEventAgeInSeconds === undefined ? {} : { MaximumEventAgeInSeconds }),
      ...(DestinationConfig === undefined ? {} : { DestinationConfig }),
      LastModified: Date.now() / 1_000,
    };
    record.eventInvoke[key] = config;
    store.save();
    return answer(200, shown(name, key, config));
  };
  return {
    [`PUT ${CONFIG}`]: (call) => put(call, false),
    [`POST ${CONFIG}`]: (call) => put(call, true),
    [`GET ${CONFIG}`]: (call) => {
      const { record, key, name } = calledFunction(store, call);
      const config = record.eventInvoke[key];
      if (config === undefined) throw missing(name, key);
      return answer(200, shown(name, key, config));
    },
    [`GET ${CONFIG}/list`]: (call) => {
      const { record, name } = calledFunction(store, call);
      const [found, next] = page(call, Object.entries(record.eventInvoke));
      const FunctionEventInvokeConfigs = found.map(([key, config]) => shown(name, key, config));
      return answer(200, { FunctionEventInvokeConfigs, ...next });
    },
    [`DELETE ${CONFIG}`]: (call) => {
      const { record, key, name } = calledFunction(store, call);
      if (record.eventInvoke[key] === undefined) throw missing(name, key);
      delete record.eventInvoke[key];
      store.save();
      return answer(204);
    },
  };
}

function missing(name: string, key: string): Error {
  return notFound(`The function ${functionArn(name, key)} doesn't have an EventInvokeConfig`);
}
