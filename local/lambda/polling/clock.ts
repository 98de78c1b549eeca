import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./stream/types";

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal }).catch(() => undefined); // aborted: the caller looks at the signal
  },
};
