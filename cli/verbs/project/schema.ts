import type { Privacy } from "../../../handlers/event/columns";
import { keyOf, PlanError, type PlanEvent, readSoundPlan } from "../../../tracking-plan/build/read";
import { openEnvironment } from "../../environment";
import { projectRoot } from "../../paths";
import { UserError } from "../../terminal";
import { TIME_FORMS } from "../../times";
import {
  dictionaryFile,
  formatted,
  type Generated,
  lockFile,
  typesFile,
  writeFiles,
} from "../../tracking/generated";
import { readLock } from "../../tracking/lock";
import { promote } from "../../tracking/promote";
import { inferAsked, propose, writeProposals } from "../../tracking/propose";
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
    "--since TIME": `with --infer: events that came from then on: ${TIME_FORMS} (default: 30d)`,
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
  const planned = readSoundPlan(projectRoot);
  const asked = inferAsked(call, planned, new Date());
  const proposals = await propose(await openEnvironment(call), asked, planned);
  if (proposals.length === 0)
    console.error(`Since ${asked.since} nothing came that is in no plan (--event NAME looks at what is)`);
  if (call.out !== undefined)
    return said(call, writeProposals(process.env.INIT_CWD ?? process.cwd(), String(call.out), proposals));
  if (call.json) console.log(JSON.stringify({ events: proposals }));
  else for (const proposal of proposals) console.log(JSON.stringify(proposal, null, 2));
  return 0;
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
  const code = written(
    call,
    files.map(({ path, text }) => (path.endsWith(".ts") ? formatted(path, text) : { path, text })),
  );
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
