import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { packLines } from "../../handlers/transform/pack";
import { transform } from "../../handlers/transform/transform";
import { accessLogItems } from "../harness/access-log";
import type { Case } from "../harness/case";
import { eShopItems } from "../harness/e-shop";
import { batchesOf, enrich, recordOf, rules } from "./support";

const EVENTS = 10_000_000;
/** After so many all caches are filled. */
const FIRST_EVENTS = 1_000_000;
const MIB = 1024 * 1024;

export default {
  summary:
    "Memory that the transform holds after ten million events of both data sets, transformed and packed; the limit is what it held after the first million",
  unit: "MiB",
  target: { of: "ratio", bound: "at most", is: 1.1 },
  runs: 1,
  async prepare({ say, signal }) {
    const items = [...(await accessLogItems()), ...(await eShopItems(20_000))];
    const events = items.reduce((sum, { count }) => sum + count, 0);
    const batches = batchesOf(items.map(recordOf));
    return async () => {
      let first: number | undefined;
      for (let done = 0; done < EVENTS; done += events) {
        for (const batch of batches) {
          const { lines } = transform(batch, enrich, rules);
          packLines(lines.raw);
          packLines(lines.events);
        }
        // Whoever waits for the end can end it.
        await new Promise(setImmediate);
        signal.throwIfAborted();
        if (first !== undefined || done + events < FIRST_EVENTS) continue;
        first = heldMiB();
        say(`${first.toFixed(1)} MiB after the first million events`);
      }
      return { value: heldMiB(), limit: first ?? Number.NaN };
    };
  },
} satisfies Case;

/** What is held, after all that is not has been collected. */
function heldMiB(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MIB;
}
