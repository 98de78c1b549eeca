import { failureReasons } from "../../../handlers/event/failure";
import { openEnvironment, type Target } from "../../environment";
import { filesPage, listFiles, retriedPage, retryFiles } from "../../failing/files";
import { rejectionPage, rejectionsPage } from "../../failing/page";
import { countRejections, rejectionNamed, sampleRejections, type Wanted } from "../../failing/rejections";
import { wholePayload } from "../../failing/whole";
import { step, UserError } from "../../terminal";
import { pointInTime, TIME_FORMS } from "../../times";
import { query } from "../../warehouse";
import type { Call, Verb } from "../verb";

const DEFAULT_SAMPLES = 10;
const MOST_SAMPLES = 1_000;

/** `npm run failed`: what was rejected, and why; and files that could not be brought into the warehouse. */
export const failed: Verb = {
  summary: "Show rejected events, with why, and files of the lake that failed to load",
  usage: "[--reason R] [--source S] [--since T] [--limit N] | --id ID | --files [--retry [KEY…]]",
  details: [
    "Rejected events are counted by stage, reason and source, and the last of them are shown. Each lies whole in the",
    "lake's failed/, and in the table failed_events, where a payload over 64 KB is cut; --id shows it whole. When what",
    "rejected them is mended, npm run replay -- --failed --reason R sends them through again.",
    "A file that failed to load three times is set aside: it waits until its cause is mended and it is tried anew.",
    "With --files the exit code is 1 when files are set aside.",
  ].join("\n"),
  options: {
    reason: { type: "string" },
    source: { type: "string" },
    since: { type: "string" },
    limit: { type: "string" },
    id: { type: "string" },
    files: { type: "boolean", default: false },
    retry: { type: "boolean", default: false },
  },
  help: {
    "--reason R": "only those rejected for this reason, e.g. missing_identity",
    "--source S": "only those of this source",
    "--since T": `only those received since: ${TIME_FORMS}`,
    "--limit N": `how many are shown, 0 to ${MOST_SAMPLES} (default: ${DEFAULT_SAMPLES})`,
    "--id ID": "one of them, with all that was sent",
    "--files": "the lake's files that failed to load, with why",
    "--retry": "have them tried anew: all of them, or those whose keys are given",
  },
  async run(call) {
    const shown = shownBy(call);
    if (shown === "files") return showFiles(call);
    return shown === "one" ? showOne(call) : showRejections(call);
  },
};

/** What the options ask for. @throws UserError when they do not go together. */
function shownBy(call: Call): "files" | "one" | "rejections" {
  const filters = ["reason", "source", "since", "limit"].filter((name) => call[name] !== undefined);
  const [filter] = filters;
  if (call.arguments.length > 0 && !(call.files === true && call.retry === true))
    throw new UserError("Keys go with --retry: npm run failed -- --files --retry KEY");
  if (call.retry === true && call.files !== true)
    throw new UserError("--retry goes with --files: npm run failed -- --files --retry");
  if (call.files === true && (filter !== undefined || call.id !== undefined))
    throw new UserError(`--${filter ?? "id"} is about rejected events, not about --files`);
  if (call.id !== undefined && filter !== undefined)
    throw new UserError(`--id names one event: --${filter} chooses among many`);
  if (call.files === true) return "files";
  return call.id === undefined ? "rejections" : "one";
}

async function showRejections(call: Call): Promise<number> {
  const wanted = wantedOf(call, new Date());
  const limit = limitOf(call.limit);
  const target = await openEnvironment(call);
  const ask = asking(target);
  const { counts, samples } = await step("Asking the warehouse", async () => ({
    counts: await countRejections(ask, wanted),
    samples: limit === 0 ? [] : await sampleRejections(ask, wanted, limit),
  }));
  const { reason } = wanted;
  if (counts.length === 0 && reason !== undefined && !(reason in failureReasons))
    throw new UserError(
      `Nothing was rejected for the reason "${reason}", which is none: ${Object.keys(failureReasons).join(", ")}`,
    );
  console.log(call.json ? JSON.stringify({ counts, samples }) : rejectionsPage(counts, samples));
  return 0;
}

async function showOne(call: Call): Promise<number> {
  const id = String(call.id);
  if (id === "") throw new UserError("--id must name a rejected event: npm run failed shows ids");
  const target = await openEnvironment(call);
  const held = await rejectionNamed(asking(target), id);
  if (held === undefined) throw new UserError(`There is no rejected event ${id}. npm run failed shows some.`);
  const rejection = { ...held, payload: await wholePayload(target, held) };
  console.log(call.json ? JSON.stringify(rejection) : rejectionPage(rejection));
  return 0;
}

async function showFiles(call: Call): Promise<number> {
  const target = await openEnvironment(call);
  if (call.retry === true) {
    const retried = await retryFiles(target, call.arguments);
    console.log(call.json ? JSON.stringify({ retried }) : retriedPage(retried));
    return 0;
  }
  const files = await listFiles(target);
  console.log(call.json ? JSON.stringify({ files }) : filesPage(files));
  return files.some(({ setAside }) => setAside) ? 1 : 0;
}

const asking = (target: Target) => (sql: string, parameters: Readonly<Record<string, string>>) =>
  query(target, sql, parameters);

function wantedOf(call: Call, now: Date): Wanted {
  const text = (name: "reason" | "source" | "since"): string | undefined => {
    const value = call[name];
    if (value === "") throw new UserError(`--${name} must not be empty`);
    return value === undefined ? undefined : String(value);
  };
  const [reason, source, since] = [text("reason"), text("source"), text("since")];
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(source === undefined ? {} : { source }),
    ...(since === undefined ? {} : { since: pointInTime(since, "--since", now) }),
  };
}

function limitOf(given: unknown): number {
  if (given === undefined) return DEFAULT_SAMPLES;
  const limit = /^\d+$/.test(String(given)) ? Number(given) : Number.NaN;
  if (!(limit <= MOST_SAMPLES))
    throw new UserError(`--limit must be a whole number from 0 to ${MOST_SAMPLES}, got "${String(given)}"`);
  return limit;
}
