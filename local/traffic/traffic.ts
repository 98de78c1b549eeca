import { setTimeout as sleep } from "node:timers/promises";
import { visit } from "./visit";

/** A visit about every second: enough to see something move, too little to hear a fan. */
const PAUSE_MS = 1_000;

/**
 * Sends made-up visits to a collector until `signal` fires. A collector that does not answer is tried again at
 * the next visit: demo traffic may be lost, and nobody waits for it.
 */
export async function sendTraffic(
  collector: { readonly url: string; readonly writeKey: string },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const batch = visit(Math.random, new Date());
    const body = JSON.stringify({ batch, writeKey: collector.writeKey, sentAt: new Date().toISOString() });
    try {
      const answer = await fetch(new URL("v1/batch", collector.url), { method: "POST", body, signal });
      await answer.arrayBuffer();
    } catch {
      // the next visit tries again
    }
    await sleep(PAUSE_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
}
