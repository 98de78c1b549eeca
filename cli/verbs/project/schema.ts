import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Privacy } from "../../../handlers/event/columns";
import { eventTypes } from "../../../handlers/event/event";
import {
  keyOf,
  PLAN_FOLDER,
  PlanError,
  type PlanEvent,
  readSoundPlan,
} from "../../../tracking-plan/build/read";
import { openEnvironment } from "../../environment";
import { projectRoot } from "../../paths";
import { format, step, table, UserError } from "../../terminal";
import {
  dictionaryFile,
  formatted,
  type Generated,
  lockFile,
  typesFile,
  writeFiles,
} from "../../tracking/generated";
import { inferEvent, type Observed } from "../../tracking/infer";
import { readLock } from "../../tracking/lock";
import { observe } from "../../tracking/observed";
import { promote } from "../../tracking/promote";
import { reviewPlan, reviewSentences } from "../../tracking/review";
import type { Call, Verb } from "../verb";

/** What the verb does, each by an option of its own. */
const actions = ["accept", "infer", "types", "dictionary", "promote"] as const;

/** Options that belong to one of them. */
const belongs: Readonly<Record<string, (typeof actions)[number]>> = {
  retire: "accept",
  event: "infer",
  type: "infer",
  since: "infer",
  source: "infer",
  sample: "infer",
  out: "infer",
  column: "promote",
  privacy: "promote",
};

const privacies: readonly Privacy[] = ["none", "pseudonym", "personal", "free"];

/** `npm run schema`: the tracking plan. */
export const schema: Verb = {
  summary: "Check the tracking plan; infer one, write its types, promote properties to columns",
  usage: "[--accept | --infer | --types | --dictionary | --promote EVENT.PROPERTY] [options]",
  details: [
    "Without an option the plan (tracking-plan/*.json) is checked: its files, changes that break what reads or sends",
    "events, and the files that derive from it. Exit code 1 when something is to be put right. docs/tracking-plan.md.",
  ].join("\n"),
  options: {
    accept: { type: "boolean", default: false },
    retire: { type: "string", multiple: true },
    types: { type: "boolean", default: false },
    dictionary: { type: "boolean", default: false },
    infer: { type: "boolean", default: false },
    event: { type: "string", multiple: true },
    type: { type: "string" },
    since: { type: "string" },
    source: { type: "string" },
    sample: { type: "string" },
    out: { type: "string" },
    promote: { type: "string" },
    column: { type: "string" },
    privacy: { type: "string" },
  },
  help: {
    "--accept":
      "take the plan as it is for what later changes are held against; writes types and dictionary too",
    "--retire EVENT": "with --accept: an event that may go from the plan, as often as there are some",
    "--types": "write the snippet's TypeScript types, browser/plan.ts",
    "--dictionary": "write the data dictionary, docs/data-dictionary.md",
    "--infer": "propose a plan from what the warehouse has, of events that are in none yet",
    "--event NAME": "with --infer: these events alone, planned or not, as often as there are some",
    "--type TYPE": "with --infer: track (default), page, screen, identify or group",
    "--since TIME": "with --infer: events that came from then on, ISO 8601 (default: 30 days ago)",
    "--source NAME": "with --infer: events of one source",
    "--sample NUMBER": "with --infer: look at so many events of each name, the latest (default: 5000)",
    "--out FOLDER": "with --infer: write a file an event into a folder (default: standard output)",
    "--promote EVENT.PROPERTY": 'give a property a typed column: "Order Completed.coupon"',
    "--column NAME": "with --promote: the column's name (default: the property's, in snake case)",
    "--privacy CLASS": `with --promote: ${privacies.join(", ")} (default: free)`,
  },
  async run(call) {
    const action = actionOf(call);
    try {
      switch (action) {
        case "accept":
          return await accept(call);
        case "types":
          return written(call, [await typesFile(readSoundPlan(projectRoot))]);
        case "dictionary":
          return written(call, [dictionaryFile(readSoundPlan(projectRoot))]);
        case "infer":
          return await infer(call);
        case "promote":
          return promoteProperty(call);
        default:
          return await checkPlan(call);
      }
    } catch (error) {
      throw error instanceof PlanError ? new UserError(error.message) : error;
    }
  },
};

/** Checks the plan and says what is to be put right. @returns the exit code. */
export async function checkPlan(call: Pick<Call, "json">): Promise<number> {
  const review = await reviewPlan(projectRoot);
  const { events, problems, breaks, stale } = review;
  const sentences = reviewSentences(review);
  if (call.json) console.log(JSON.stringify({ events: events.map(summary), problems, breaks, stale }));
  for (const sentence of sentences) console.error(sentence);
  if (!call.json && sentences.length === 0)
    console.error(`${events.length} events are planned; the plan is in order`);
  return sentences.length === 0 ? 0 : 1;
}

async function accept(call: Call): Promise<number> {
  const lock = readLock(projectRoot);
  const retired = textsOf(call.retire).map((name) => {
    const key = [name, `track:${name}`].find((each) => Object.hasOwn(lock, each));
    if (key === undefined)
      throw new UserError(`--retire must name an event that was accepted, got "${name}"`);
    return key;
  });
  const review = await reviewPlan(projectRoot, retired);
  const kept = retired.filter((key) => review.events.some((event) => keyOf(event) === key));
  if (kept.length > 0) throw new UserError(`${kept.join(", ")}: delete the file of an event that retires`);
  const sentences = reviewSentences({ ...review, stale: [] });
  if (sentences.length > 0) throw new UserError(sentences.join("\n"));
  const { events } = review;
  return written(call, [lockFile(events), await typesFile(events), dictionaryFile(events)]);
}

async function infer(call: Call): Promise<number> {
  const asked = {
    type: typeOf(call.type),
    events: textsOf(call.event),
    since: sinceOf(call.since, new Date()),
    sample: sampleOf(call.sample),
    ...(call.source === undefined ? {} : { source: String(call.source) }),
  };
  const planned = readSoundPlan(projectRoot);
  const except = planned.filter(({ type }) => type === asked.type).map(({ event }) => event);
  const target = await openEnvironment(call);
  const observed = await step("Looking at what came", () => observe(target, { ...asked, except }));
  const missing = asked.events.filter((name) => !observed.some(({ event }) => event === name));
  if (missing.length > 0)
    throw new UserError(`No event of that name came since ${asked.since}: ${missing.join(", ")}`);
  if (observed.length === 0)
    console.error(
      `Since ${asked.since} nothing came that is not planned already (--event NAME looks at a planned one)`,
    );
  const proposed = observed.map((each) => ({ ...inferEvent(each), ...nextVersion(each, planned) }));
  if (call.out !== undefined) return inferredFiles(call, String(call.out), proposed);
  if (call.json) console.log(JSON.stringify({ events: proposed }));
  else for (const event of proposed) console.log(JSON.stringify(event, null, 2));
  return 0;
}

/** What is inferred of a planned event is proposed as its next version. */
function nextVersion(observed: Observed, planned: readonly PlanEvent[]): object {
  const known = planned.find((event) => keyOf(event) === keyOf(observed));
  if (known === undefined) return {};
  const { owner, description, mode, versions, numbers } = known;
  const next = (numbers[0] ?? 0) + 1;
  return { owner, description, mode, versions: { ...versions, [next]: inferEvent(observed).versions["1"] } };
}

function inferredFiles(call: Call, folder: string, proposed: readonly { readonly event: string }[]): number {
  const files = proposed.map((event) => {
    const slug = event.event
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
      .replaceAll(/^-|-$/g, "");
    return formatted(join(folder, `${slug || typeOf(call.type)}.json`), JSON.stringify(event));
  });
  const base = process.env.INIT_CWD ?? process.cwd();
  if (!existsSync(resolve(base, folder))) throw new UserError(`There is no folder ${folder}`);
  const twice = files.filter(({ path }, at) => files.findIndex((each) => each.path === path) !== at);
  const there = files.filter(({ path }) => existsSync(resolve(base, path)));
  for (const { path } of [...twice, ...there])
    throw new UserError(`${path} would be written over: choose another folder, or events with --event`);
  for (const { path, text } of files) writeFileSync(resolve(base, path), text);
  return said(
    call,
    files.map(({ path }) => path),
  );
}

function promoteProperty(call: Call): number {
  const privacy = privacies.find((each) => each === (call.privacy ?? "free"));
  if (privacy === undefined)
    throw new UserError(`--privacy must be one of ${privacies.join(", ")}, got "${String(call.privacy)}"`);
  const { name, files } = promote(projectRoot, readSoundPlan(projectRoot), {
    property: String(call.promote),
    privacy,
    ...(call.column === undefined ? {} : { column: String(call.column) }),
  });
  const code = written(call, files);
  console.error(
    `Column ${name} is filled for events from the next deploy on. Review the change, then: npm run check`,
  );
  return code;
}

function actionOf(call: Call): (typeof actions)[number] | undefined {
  const [unexpected] = call.arguments;
  if (unexpected !== undefined)
    throw new UserError(`npm run schema takes options alone, got "${unexpected}"`);
  const wanted = actions.filter((name) => call[name] !== undefined && call[name] !== false);
  if (wanted.length > 1) throw new UserError(`Give one of ${wanted.map((name) => `--${name}`).join(", ")}`);
  for (const [option, action] of Object.entries(belongs))
    if (call[option] !== undefined && wanted[0] !== action)
      throw new UserError(`--${option} goes with --${action}`);
  return wanted[0];
}

function written(call: Call, files: readonly Generated[]): number {
  return said(call, writeFiles(projectRoot, files));
}

function said(call: Call, paths: readonly string[]): number {
  if (call.json) console.log(JSON.stringify({ written: paths }));
  else
    console.log(
      paths.length === 0 ? "Everything is as it should be: nothing was written." : paths.join("\n"),
    );
  return 0;
}

function summary({ type, event, mode, owner, numbers, file }: PlanEvent): object {
  return { type, event, mode, owner, versions: numbers, file };
}

function textsOf(value: unknown): readonly string[] {
  return value === undefined ? [] : (value as readonly string[]);
}

function typeOf(value: unknown): Observed["type"] {
  const type = eventTypes.find((each) => each === (value ?? "track"));
  if (type !== undefined && type !== "alias") return type;
  throw new UserError(`--type must be one of track, page, screen, identify, group, got "${String(value)}"`);
}

function sampleOf(value: unknown): number {
  const sample = Number(value ?? 5_000);
  if (Number.isInteger(sample) && sample >= 1 && sample <= 100_000) return sample;
  throw new UserError(`--sample must be between 1 and ${format(100_000)}, got "${String(value)}"`);
}

const DEFAULT_SINCE_DAYS = 30;

function sinceOf(value: unknown, now: Date): string {
  const since =
    value === undefined
      ? new Date(now.getTime() - DEFAULT_SINCE_DAYS * 86_400_000)
      : new Date(
          /T.*(Z|[+-]\d\d:?\d\d)$/.test(String(value))
            ? String(value)
            : `${String(value)}${String(value).includes("T") ? "Z" : ""}`,
        );
  if (Number.isNaN(since.getTime()) || (value !== undefined && !/^\d{4}-\d\d-\d\d/.test(String(value))))
    throw new UserError(
      `--since must be a time like 2026-11-01 or 2026-11-01T10:00:00Z, got "${String(value)}"`,
    );
  return since.toISOString();
}
