import type { Case, Result, Sample } from "./case";

/** Significant digits that a machine's noise leaves. */
const DIGITS = 3;

/** The middle value; of an even number, the mean of the two in the middle. @throws of nothing */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error("there is no median of nothing");
  return (lower + upper) / 2;
}

/**
 * What a case's samples come to: the one in the middle, by what the target is asked of. Its own limit was measured
 * beside it, while the machine was as busy. What is judged is what is shown: the rounded numbers.
 * @throws when there is no sample.
 */
export function resultOf(
  name: string,
  { unit, target }: Pick<Case, "unit" | "target">,
  samples: readonly Sample[],
): Result {
  const judged = (sample: Sample): number =>
    target.of === "ratio" ? sample.value / sample.limit : sample.value;
  const middle = [...samples].sort((a, b) => judged(a) - judged(b))[Math.floor(samples.length / 2)];
  if (middle === undefined) throw new Error(`${name} was not measured once`);
  const value = rounded(middle.value);
  const limit = rounded(middle.limit);
  const ratio = rounded(value / limit);
  const reached = target.of === "ratio" ? ratio : value;
  const holds = target.bound === "at least" ? reached >= target.is : reached <= target.is;
  return { name, value, unit, limit, ratio, target: target.is, holds };
}

/** The result of a case that could not be measured. */
export function failedResult(name: string, { unit, target }: Pick<Case, "unit" | "target">): Result {
  return { name, value: null, unit, limit: null, ratio: null, target: target.is, holds: false };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
