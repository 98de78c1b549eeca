import type { BenchCloud } from "./cloud";

/** What one measurement came to; both in the case's unit. */
export interface Sample {
  readonly value: number;
  /** The best that could be had on this machine, at this moment. */
  readonly limit: number;
}

/** What must be reached. A `ratio` is `value / limit`. */
export interface Target {
  readonly of: "value" | "ratio";
  readonly bound: "at least" | "at most";
  /** In the case's unit; a ratio has none. */
  readonly is: number;
}

/** Something that is measured: the default export of a file `bench/<group>/<name>.ts`. */
export interface Case {
  /** What is measured, and against which limit, in a sentence. */
  readonly summary: string;
  /** The unit of value and limit, e.g. `requests/s`. */
  readonly unit: string;
  readonly target: Target;
  /** How often it is measured; the measurement in the middle counts. @default 3 */
  readonly runs?: number;
  /**
   * Makes ready what is measured, and warms it up.
   * @returns one measurement, of some seconds at most; it is called `runs` times.
   * @throws when it cannot be measured: the case then does not hold.
   */
  prepare(bench: Bench): Promise<() => Promise<Sample> | Sample>;
}

/** What a case works with. */
export interface Bench {
  /** Fires when the benchmark is interrupted; what is awaited then is not waited for any longer. */
  readonly signal: AbortSignal;
  /** Where the benchmark keeps what it can use again the next time. The folder exists. */
  readonly keptFolder: string;
  /** A folder of the case's own, which is deleted after it. */
  folder(): string;
  /** A local cloud that all cases of a run share, with nothing in it: names must be the case's own. */
  cloud(): Promise<BenchCloud>;
  /** Runs after the case, however it ended; last come, first served. */
  defer(work: () => Promise<void> | void): void;
  /** Says how far it is, on standard error. */
  say(what: string): void;
}

/** What `npm run bench -- --json` prints of a case, in an array of one line. */
export interface Result {
  /** `<group>/<case>`. */
  readonly name: string;
  /** What was measured, in `unit`: of several times, the one in the middle; null when it could not be measured. */
  readonly value: number | null;
  readonly unit: string;
  /** The limit that was measured beside it, in `unit`: the case's summary says of what. */
  readonly limit: number | null;
  /** `value / limit`. */
  readonly ratio: number | null;
  /**
   * What must be reached: by `ratio` for the cases that ask for a share of the limit (`--list` says which do), else
   * by `value`, in `unit`. A time may be at most that; anything else must be at least that.
   */
  readonly target: number;
  /** Whether it is reached; false, too, when the case could not be measured. */
  readonly holds: boolean;
}

/** What must be reached, as a person reads it: "ratio ≥ 0.5", "≤ 45 s". */
export function targetText({ target: { of, bound, is }, unit }: Pick<Case, "target" | "unit">): string {
  const sign = bound === "at least" ? "≥" : "≤";
  return of === "ratio" ? `ratio ${sign} ${is}` : `${sign} ${is.toLocaleString("en-US")} ${unit}`;
}
