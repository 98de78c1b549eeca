import type { EnvironmentHost } from "../lambda/execution/environment";
import type { Invoker } from "../lambda/execution/invoker";
import type { OwnFaults } from "./client";

/** Kills execution environments in the middle of invocations, where a fault says so. */
export function killDuring(faults: OwnFaults): NonNullable<EnvironmentHost["invoked"]> {
  return (environment, requestId) => {
    const began = performance.now();
    const { FunctionName } = environment.deployment.configuration;
    void faults.draw("environment", FunctionName).then((effect) => {
      if (effect?.kind !== "kill") return;
      const kill = (): void => {
        if (environment.runs(requestId)) environment.kill();
      };
      setTimeout(kill, Math.max(0, effect.afterMs - (performance.now() - began)));
    });
  };
}

/** Delivers what a function has taken once more, where a fault says so: the second result counts. */
export function twice(invoker: Invoker, faults: OwnFaults, activity: "batch" | "event"): Invoker {
  return {
    async invoke(invocation) {
      const first = await invoker.invoke(invocation);
      const effect = await faults.draw(activity, invocation.functionName);
      return effect?.kind === "duplicate" ? invoker.invoke(invocation) : first;
    },
  };
}
