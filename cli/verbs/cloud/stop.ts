import { setTimeout as sleep } from "node:timers/promises";
import { readCloud } from "../../../local/cloud";
import { stateRoot } from "../../paths";
import { step, UserError } from "../../terminal";
import type { Verb } from "../verb";

const PATIENCE_MS = 45_000;

/** `npm stop`: ends the local cloud; its state stays. */
export const stop: Verb = {
  summary: "Stop the local cloud; what it holds is kept",
  async run(call) {
    const stopped = await stopCloud();
    if (call.json) console.log(JSON.stringify({ stopped }));
    else if (!stopped) console.log("The local cloud is not running.");
    return 0;
  },
};

/**
 * Ends the local cloud and waits until it has.
 * @returns whether there was one.
 * @throws UserError when it does not end.
 */
export async function stopCloud(): Promise<boolean> {
  const cloud = readCloud(stateRoot);
  if (cloud === undefined) return false;
  await step("Stopping the local cloud", async () => {
    process.kill(cloud.pid, "SIGTERM");
    for (
      const giveUpAt = Date.now() + PATIENCE_MS;
      readCloud(stateRoot)?.pid === cloud.pid;
      await sleep(100)
    ) {
      if (Date.now() > giveUpAt)
        throw new UserError(
          `Process ${cloud.pid} does not end. End it by hand (kill -9 ${cloud.pid}): nothing stored is lost.`,
        );
    }
  });
  return true;
}
