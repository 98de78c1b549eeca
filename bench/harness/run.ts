import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Bench, Result, Sample } from "./case";
import type { NamedCase } from "./cases";
import { type BenchCloud, startBenchCloud } from "./cloud";
import { failedResult, resultOf } from "./numbers";

/** How cases are run. */
export interface RunOptions {
  /** Where the benchmark keeps its things; what is not kept for the next time is deleted at the end. */
  readonly folder: string;
  /** Ends the run; what it started is ended too. */
  readonly signal: AbortSignal;
  /** Told of a case: that it begins, how far it is, why it cannot be measured. */
  readonly say: (name: string, what: string) => void;
}

const RUNS = 3;

/**
 * Measures cases, one after the other, and cleans up behind them.
 * @throws what the signal was aborted with.
 */
export async function runCases(cases: readonly NamedCase[], options: RunOptions): Promise<Result[]> {
  const { folder, signal, say } = options;
  mkdirSync(folder, { recursive: true });
  const runFolder = mkdtempSync(join(folder, "run-"));
  let cloud: Promise<BenchCloud> | undefined;
  const results: Result[] = [];
  try {
    for (const { name, case: measured } of cases) {
      const deferred: (() => Promise<void> | void)[] = [];
      const bench: Bench = {
        signal,
        keptFolder: folder,
        folder: () => mkdtempSync(join(runFolder, "case-")),
        cloud: () => {
          cloud ??= startBenchCloud(join(runFolder, "cloud"), folder, (what) => say(name, what));
          return cloud;
        },
        defer: (work) => void deferred.unshift(work),
        say: (what) => say(name, what),
      };
      try {
        results.push(resultOf(name, measured, await orAborted(samplesOf(measured, bench), signal)));
      } catch (error) {
        signal.throwIfAborted();
        say(name, `could not be measured: ${error instanceof Error ? error.message : String(error)}`);
        results.push(failedResult(name, measured));
      } finally {
        for (const work of deferred) await work();
      }
    }
  } finally {
    await cloud?.then(
      (running) => running.stop(),
      () => undefined, // it did not start: nothing to stop
    );
    rmSync(runFolder, { recursive: true, force: true });
  }
  return results;
}

async function samplesOf(measured: NamedCase["case"], bench: Bench): Promise<Sample[]> {
  const { runs = RUNS } = measured;
  const measure = await measured.prepare(bench);
  const samples: Sample[] = [];
  for (let run = 1; run <= runs; run += 1) {
    bench.signal.throwIfAborted();
    bench.say(`run ${run} of ${runs}`);
    samples.push(await measure());
  }
  return samples;
}

/** What comes first: the work's end, or the interruption. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
