import { LambdaClient } from "@aws-sdk/client-lambda";
import type { FailedFile } from "../../handlers/load/failed-files";
import type { LoadEvent } from "../../handlers/load/handler";
import { type Target, wakeLoader } from "../environment";
import { invoke } from "../invocation";
import { step, table, UserError } from "../terminal";

/**
 * Has files of the lake tried anew that failed to load, and the loader woken.
 * @param keys which ones. @default all of them
 * @throws UserError when a key is none of theirs.
 */
export async function retryFiles(target: Target, keys: readonly string[]): Promise<readonly string[]> {
  const { retried } = await step("Having them tried anew", () =>
    ask<{ readonly retried: readonly string[] }>(target, {
      failedFiles: "retry",
      ...(keys.length === 0 ? {} : { keys }),
    }),
  );
  const unknown = keys.filter((key) => !retried.includes(key));
  if (unknown.length > 0) throw new UserError(`No file of that key has failed: ${unknown.join(", ")}`);
  if (retried.length > 0) await wakeLoader(target);
  return retried;
}

/** The files of the lake that failed to load, as the loader knows them. */
export async function listFiles(target: Target): Promise<readonly FailedFile[]> {
  const { failed } = await step("Asking the loader", () =>
    ask<{ readonly failed: readonly FailedFile[] }>(target, { failedFiles: "list" }),
  );
  return failed;
}

/** Files that failed to load, for a person. */
export function filesPage(files: readonly FailedFile[]): string {
  if (files.length === 0) return "No file has failed to load.";
  return [
    table(
      ["file", "", "tries", "failed last (UTC)", "why"],
      files.map(({ key, setAside, tries, lastFailedAt, reason }) => [
        key,
        setAside ? "set aside" : "is tried again",
        tries,
        lastFailedAt,
        reason,
      ]),
    ),
    "",
    "Mend the cause, then: npm run failed -- --files --retry",
  ].join("\n");
}

/** What was had tried anew, for a person. */
export function retriedPage(retried: readonly string[]): string {
  if (retried.length === 0) return "No file has failed to load.";
  return [...retried.map((key) => `  ${key}`), "", "The loader tries them now."].join("\n");
}

function ask<Answer>(target: Target, event: LoadEvent): Promise<Answer> {
  return invoke<Answer>(new LambdaClient({}), target.outputs.functions.load, event);
}
