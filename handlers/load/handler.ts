import { type FailedFile, failedFiles, retryFiles } from "./failed-files";
import { type LoadResult, type RunDeps, runLoad } from "./run";
import { SWEEP_HOURS, type SweepDeps, type Swept, sweep } from "./sweep";

/** What the loader can be asked to do; nothing of these means: load. */
export interface LoadEvent {
  /** Compare the lake with the ledger first: over so many hours back, or the usual two days. */
  readonly sweep?: boolean | number;
  /** List the files that failed to load, or have them tried anew. */
  readonly failedFiles?: "list" | "retry";
  /** Keys of the files to try anew. @default all of them */
  readonly keys?: readonly string[];
}

export type LoadAnswer =
  | LoadResult
  | (LoadResult & { readonly swept: Swept })
  | { readonly failed: readonly FailedFile[] }
  | { readonly retried: readonly string[] };

/** Does what an event asks for. @throws for an event that asks for something else. */
export async function answer(event: unknown, deps: RunDeps & SweepDeps): Promise<LoadAnswer> {
  const asked = parse(event);
  if (asked.failedFiles === "list") return { failed: await failedFiles(deps) };
  if (asked.failedFiles === "retry") return { retried: await retryFiles(asked.keys, deps) };
  if (asked.sweep === undefined || asked.sweep === false) return runLoad(deps);
  const swept = await sweep(asked.sweep === true ? SWEEP_HOURS : asked.sweep, deps);
  deps.log({ level: "INFO", message: "swept", ...swept });
  return { ...(await runLoad(deps)), swept };
}

function parse(event: unknown): LoadEvent {
  const given = typeof event === "object" && event !== null ? (event as Record<string, unknown>) : {};
  const { sweep: hours, failedFiles: files, keys, ...rest } = given;
  const unknown = Object.keys(rest);
  if (unknown.length > 0)
    throw new Error(`the loader is asked with sweep, failedFiles and keys, got ${unknown.join(", ")}`);
  if (typeof hours === "number" ? !(hours >= 1 && hours <= 24 * 365) : typeof (hours ?? false) !== "boolean")
    throw new Error(`sweep must be true or a number of hours from 1 to 8760, got ${JSON.stringify(hours)}`);
  if (files !== undefined && files !== "list" && files !== "retry")
    throw new Error(`failedFiles must be "list" or "retry", got ${JSON.stringify(files)}`);
  if (keys !== undefined && !(Array.isArray(keys) && keys.every((key) => typeof key === "string")))
    throw new Error(`keys must be a list of texts, got ${JSON.stringify(keys)}`);
  return given;
}
