import type { Sample } from "./case";

/** Times that each of the two is run in one measurement, in turns. */
const TURNS = 5;

/**
 * Compares the work of the product with the least that has to be done, on one core.
 * @param units how much either of them works through, e.g. events.
 * @returns units/s, at the best turn of each: whatever disturbs a processor only makes it slower.
 */
export function compare(units: number, work: () => void, least: () => void): Sample {
  let best = { value: 0, limit: 0 };
  for (let turn = 0; turn < TURNS; turn += 1)
    best = {
      value: Math.max(best.value, units / seconds(work)),
      limit: Math.max(best.limit, units / seconds(least)),
    };
  return best;
}

function seconds(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1_000;
}
