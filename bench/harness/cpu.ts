import type { Sample } from "./case";
import { median } from "./numbers";

/** How often each of the two is run in one measurement, in turns. */
const TURNS = 7;

/**
 * Compares the work of the product with the least that has to be done, on one core: by the processor's time, its
 * garbage collection included, in which other programs have no part.
 * @param units how much either of them works through, e.g. events.
 * @returns units a second of one core, at the median turn of each.
 */
export function compare(units: number, work: () => void, least: () => void): Sample {
  const times = { work: [] as number[], least: [] as number[] };
  for (let turn = 0; turn < TURNS; turn += 1) {
    times.work.push(processorSeconds(work));
    times.least.push(processorSeconds(least));
  }
  return { value: units / median(times.work), limit: units / median(times.least) };
}

function processorSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}
