import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { eventTypes } from "../../handlers/event/event";
import { type EventFile, keyOf, type PlanEvent } from "../../tracking-plan/build/read";
import type { Target } from "../environment";
import { step, UserError } from "../terminal";
import { pointInTime } from "../times";
import { formatted } from "./generated";
import { inferEvent, type Observed } from "./infer";
import { type Asked, observe } from "./observed";

const DEFAULT_SINCE = "30d";
const DEFAULT_SAMPLE = 5_000;
const MOST_SAMPLE = 100_000;

/**
 * What is asked for.
 * @param options `--event`, `--type`, `--since`, `--source` and `--sample` as they were given.
 * @throws UserError naming the option that is wrong, and what it may be.
 */
export function inferAsked(
  options: Readonly<Record<string, unknown>>,
  planned: readonly PlanEvent[],
  now: Date,
): Asked {
  const type = eventTypes.find((each) => each === (options.type ?? "track"));
  if (type === undefined || type === "alias")
    throw new UserError(
      `--type must be one of track, page, screen, identify, group, got "${String(options.type)}"`,
    );
  const sample = Number(options.sample ?? DEFAULT_SAMPLE);
  if (!Number.isInteger(sample) || sample < 1 || sample > MOST_SAMPLE)
    throw new UserError(`--sample must be between 1 and ${MOST_SAMPLE}, got "${String(options.sample)}"`);
  if (options.source === "") throw new UserError("--source must not be empty");
  return {
    type,
    events: (options.event ?? []) as readonly string[],
    except: planned.filter((event) => event.type === type).map(({ event }) => event),
    since: pointInTime(String(options.since ?? DEFAULT_SINCE), "--since", now).toISOString(),
    sample,
    ...(options.source === undefined ? {} : { source: String(options.source) }),
  };
}

/**
 * Proposes plans of what the warehouse has.
 * @throws UserError when an event that is asked for did not come.
 */
export async function propose(
  target: Target,
  asked: Asked,
  planned: readonly PlanEvent[],
): Promise<EventFile[]> {
  const observed = await step("Looking at what came", () => observe(target, asked));
  const missing = asked.events.filter((name) => !observed.some(({ event }) => event === name));
  if (missing.length > 0)
    throw new UserError(
      `No ${asked.type} event of that name came since ${asked.since}: ${missing.join(", ")}`,
    );
  return observed.map((each) => proposal(each, planned));
}

/** What is inferred of an event that is planned already is proposed as its next version. */
export function proposal(observed: Observed, planned: readonly PlanEvent[]): EventFile {
  const inferred = inferEvent(observed);
  const known = planned.find((event) => keyOf(event) === keyOf(observed));
  if (known === undefined) return inferred;
  const { owner, description, mode, versions, numbers } = known;
  const next = { [(numbers[0] ?? 0) + 1]: inferred.versions["1"] ?? {} };
  return { ...inferred, owner, description, mode, versions: { ...versions, ...next } };
}

/**
 * Writes proposals into a folder, a file an event; none is written over.
 * @param base what a relative folder is relative to.
 * @returns paths of the files, as the folder was given.
 */
export function writeProposals(base: string, folder: string, proposals: readonly EventFile[]): string[] {
  if (!existsSync(resolve(base, folder))) throw new UserError(`There is no folder ${folder}`);
  const paths = proposals.map((event) => join(folder, fileName(event)));
  const twice = paths.filter((path, at) => paths.indexOf(path) !== at);
  const there = paths.filter((path) => existsSync(resolve(base, path)));
  for (const path of [...twice, ...there])
    throw new UserError(`${path} would be written over: choose another folder, or fewer events with --event`);
  for (const [at, path] of paths.entries())
    writeFileSync(resolve(base, path), formatted(path, JSON.stringify(proposals[at])).text);
  return paths;
}

/** `order-completed.json` */
function fileName({ event, type = "track" }: EventFile): string {
  const slug = event
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
  return `${slug === "" ? type : slug}.json`;
}
