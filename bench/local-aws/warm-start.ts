import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Outputs } from "../../stacks/outputs";
import type { Bench, Case } from "../harness/case";
import { loadingOf, startDeployed, stopDeployed } from "../harness/deployed";

const POLL_MS = 100;
/** The loader's own turn comes every minute; `import --wait` asks for one as often. */
const WAKE_EVERY_MS = 2_000;
const PATIENCE_MS = 120_000;

export default {
  summary:
    "From npm start, everything installed and nothing changed, to the first event in the warehouse, asking the loader to run as import --wait does; the limit is an event's way alone. A start that applies fails",
  unit: "s",
  target: { of: "value", bound: "at most", is: 45 },
  async prepare(bench) {
    bench.defer(() => stopDeployed(bench));
    bench.say(
      "deploying a cloud of the benchmark's own (the first time it takes some minutes) and stopping it",
    );
    await startDeployed(bench);
    await stopDeployed(bench);
    return async () => {
      const since = performance.now();
      const { outputs, talk } = await startDeployed(bench);
      if (talk.includes("Deploying"))
        throw new Error(`a start with nothing changed must not apply:\n${talk}`);
      await arrival(bench, outputs);
      const value = (performance.now() - since) / 1_000;
      const sent = performance.now();
      await arrival(bench, outputs);
      const limit = (performance.now() - sent) / 1_000;
      await stopDeployed(bench);
      return { value, limit };
    };
  },
} satisfies Case;

/** Sends an event and waits until the warehouse has it. */
async function arrival(bench: Bench, outputs: Outputs): Promise<void> {
  const { signal } = bench;
  const giveUpAt = Date.now() + PATIENCE_MS;
  const loading = loadingOf(bench, outputs, giveUpAt);
  const id = randomUUID();
  const answer = await fetch(new URL("v1/track", outputs.collectorUrl), {
    method: "POST",
    body: JSON.stringify({
      writeKey: outputs.sources[0]?.writeKey,
      event: "Bench",
      anonymousId: id,
      messageId: id,
    }),
    signal,
  });
  if (answer.status !== 200) throw new Error(`the collector answered ${answer.status}`);
  for (let wokenAt = Date.now(); ; await sleep(POLL_MS, undefined, { signal })) {
    if ((await loading.count(`select count(*) from events where event_id = '${id}'`)) === 1) return;
    if (Date.now() > giveUpAt) throw new Error(`an event must arrive within ${PATIENCE_MS / 1_000} s`);
    if (Date.now() - wokenAt < WAKE_EVERY_MS) continue;
    wokenAt = Date.now();
    await loading.wake();
  }
}
