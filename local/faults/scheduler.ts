import type { Targets } from "../scheduler/invocation/targets";
import type { OwnFaults } from "./client";

/** Calls targets once more, where a fault says so: Scheduler invokes at least once. */
export function calledTwice(targets: Targets, faults: OwnFaults): Targets {
  const repeat = async (arn: string, call: () => Promise<void>): Promise<void> => {
    await call();
    const effect = await faults.draw("invocation", arn.slice(arn.lastIndexOf(":") + 1));
    if (effect?.kind === "duplicate") await call();
  };
  return {
    invokeFunction: (arn, payload, caller) => repeat(arn, () => targets.invokeFunction(arn, payload, caller)),
    sendMessage: (message, caller) => repeat(message.queueArn, () => targets.sendMessage(message, caller)),
  };
}
