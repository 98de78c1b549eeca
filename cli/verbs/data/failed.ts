import { LambdaClient } from "@aws-sdk/client-lambda";
import type { FailedFile } from "../../../handlers/load/failed-files";
import type { LoadEvent } from "../../../handlers/load/handler";
import { openEnvironment, wakeLoader } from "../../environment";
import { invoke } from "../../invocation";
import { step, table, UserError } from "../../terminal";
import type { Verb } from "../verb";

/** `npm run failed`: what could not be brought into the warehouse, and once more. */
export const failed: Verb = {
  summary: "List files of the lake that failed to load, and have them tried anew",
  usage: "--files [--retry [KEY…]]",
  details: [
    "A file that failed three times is set aside: it waits until its cause is mended and it is tried anew.",
    "The loader is asked, which wakes the warehouse. Exit code 1 when files are set aside.",
  ].join("\n"),
  options: { files: { type: "boolean", default: false }, retry: { type: "boolean", default: false } },
  help: {
    "--files": "the lake's files that failed to load, with why",
    "--retry": "have them tried anew: all of them, or those whose keys are given",
  },
  async run(call) {
    if (call.files !== true)
      throw new UserError("Say what: npm run failed -- --files (and --retry to have them tried anew)");
    if (call.arguments.length > 0 && call.retry !== true)
      throw new UserError("Keys go with --retry: npm run failed -- --files --retry KEY");
    const target = await openEnvironment(call);
    const ask = <Answer>(event: LoadEvent): Promise<Answer> =>
      invoke<Answer>(new LambdaClient({}), target.outputs.functions.load, event);
    if (call.retry === true) {
      const keys = call.arguments;
      const { retried } = await step("Having them tried anew", () =>
        ask<{ readonly retried: readonly string[] }>({
          failedFiles: "retry",
          ...(keys.length === 0 ? {} : { keys }),
        }),
      );
      const unknown = keys.filter((key) => !retried.includes(key));
      if (unknown.length > 0) throw new UserError(`No file of that key has failed: ${unknown.join(", ")}`);
      if (retried.length > 0) await wakeLoader(target);
      console.log(call.json ? JSON.stringify({ retried }) : retriedPage(retried));
      return 0;
    }
    const { failed: files } = await step("Asking the loader", () =>
      ask<{ readonly failed: readonly FailedFile[] }>({ failedFiles: "list" }),
    );
    console.log(call.json ? JSON.stringify({ files }) : page(files));
    return files.some(({ setAside }) => setAside) ? 1 : 0;
  },
};

function page(files: readonly FailedFile[]): string {
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

function retriedPage(retried: readonly string[]): string {
  if (retried.length === 0) return "No file has failed to load.";
  return [...retried.map((key) => `  ${key}`), "", "The loader tries them now."].join("\n");
}
