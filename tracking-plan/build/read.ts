import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ErrorObject } from "ajv";
import type { EventType } from "../../handlers/event/event";
import type { PlanMode } from "../../handlers/plan/plan";
import { type Violation, violationsOf } from "../../handlers/plan/violations";
import format from "./event-file.schema.json";
import { type Schema, schemaAjv, schemaProblems } from "./schema";

/** A version of an event. */
export interface VersionFile {
  readonly properties?: Schema;
  readonly context?: Schema;
}

/** A file of the plan. `event-file.schema.json` says what each member means. */
export interface EventFile {
  readonly event: string;
  readonly type?: Exclude<EventType, "alias">;
  readonly owner: string;
  readonly description: string;
  readonly mode?: PlanMode;
  readonly versions: Readonly<Record<string, VersionFile>>;
}

/** An event of the plan, with what its file leaves out. */
export interface PlanEvent extends Required<EventFile> {
  /** The file, under the project's folder, with forward slashes. */
  readonly file: string;
  /** Numbers of its versions, the newest first. */
  readonly numbers: readonly number[];
}

/** What is wrong with a file of the plan. */
export interface PlanProblem extends Violation {
  readonly file: string;
}

/** The plan as its files say it. */
export interface PlanFiles {
  /** In the order of their types and names. */
  readonly events: readonly PlanEvent[];
  readonly problems: readonly PlanProblem[];
}

/** The folder of the plan's files. */
export const PLAN_FOLDER = "tracking-plan";

/** What lies in the folder and is no event. */
export const LOCK_FILE = "plan.lock.json";

const NAMELESS: readonly string[] = ["identify", "group"];

/** Reads the plan's files. What is wrong with any stands in `problems`; such files have no event. */
export function readPlan(root: string): PlanFiles {
  const folder = join(root, PLAN_FOLDER);
  const names = existsSync(folder)
    ? readdirSync(folder).filter(
        (name) => name.endsWith(".json") && !name.startsWith(".") && name !== LOCK_FILE,
      )
    : [];
  const problems: PlanProblem[] = [];
  const events = new Map<string, PlanEvent>();
  for (const name of names.sort()) {
    const file = `${PLAN_FOLDER}/${name}`;
    const read = readEvent(readFileSync(join(folder, name), "utf8"));
    const found = Array.isArray(read) ? read : [];
    problems.push(...found.map((problem) => ({ file, ...problem })));
    if (Array.isArray(read)) continue;
    const event = completed(file, read as EventFile);
    const other = events.get(keyOf(event));
    if (other === undefined) events.set(keyOf(event), event);
    else
      problems.push({
        file,
        path: "/event",
        must: `be planned once, and ${other.file} plans it too`,
        got: JSON.stringify(event.event),
      });
  }
  return { events: [...events.keys()].sort().flatMap((key) => events.get(key) ?? []), problems };
}

/** The plan's files. @throws PlanError when any is wrong. */
export function readSoundPlan(root: string): readonly PlanEvent[] {
  const { events, problems } = readPlan(root);
  if (problems.length > 0) throw new PlanError(problems);
  return events;
}

/** The tracking plan cannot be used as it stands. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  constructor(readonly problems: readonly PlanProblem[]) {
    super(problems.map(shownProblem).join("\n"));
  }
}

/** `file#pointer must …, got …` */
export function shownProblem({ file, path, must, got }: PlanProblem): string {
  return `${file}#${path} must ${must}${got === undefined ? "" : `, got ${got}`}`;
}

/** What tells planned events apart: `track:Order Completed`. */
export function keyOf({ type, event }: Pick<PlanEvent, "type" | "event">): string {
  return `${type}:${event}`;
}

const checkFormat = new Ajv({ allErrors: true, strict: false }).compile(format);

/** What a file says; or what is wrong with it. */
function readEvent(text: string): EventFile | Violation[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    return [{ path: "", must: `be JSON: ${error instanceof Error ? error.message : String(error)}` }];
  }
  if (!checkFormat(read)) return violationsOf("", read, telling(checkFormat.errors ?? []));
  const file = read as unknown as EventFile;
  const nameless = NAMELESS.includes(file.type ?? "track");
  if (nameless && file.event !== "")
    return [{ path: "/event", must: `be empty for ${file.type}`, got: JSON.stringify(file.event) }];
  if ((file.type ?? "track") === "track" && file.event === "")
    return [{ path: "/event", must: "be the name of what is tracked", got: '""' }];
  const ajv = schemaAjv();
  const problems = Object.entries(file.versions).flatMap(([number, version]) =>
    (["properties", "context"] as const).flatMap((part) => {
      const schema = version[part];
      return schema === undefined ? [] : schemaProblems(ajv, schema, `/versions/${number}/${part}`);
    }),
  );
  return problems.length > 0 ? problems : file;
}

/** Of several faults of one value that alternatives found, the first says enough. */
function telling(errors: readonly ErrorObject[]): ErrorObject[] {
  const summaries = new Set(["anyOf", "allOf", "oneOf", "propertyNames"]);
  const named = errors.filter(({ keyword }) => !summaries.has(keyword));
  const seen = new Set<string>();
  return (named.length > 0 ? named : [...errors]).filter(({ instancePath, keyword, params }) => {
    const key = `${instancePath} ${JSON.stringify([keyword, params])}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function completed(file: string, read: EventFile): PlanEvent {
  const numbers = Object.keys(read.versions)
    .map(Number)
    .sort((one, other) => other - one);
  const { event, type = "track", owner, description, mode = "flag", versions } = read;
  return { event, type, owner, description, mode, versions, file, numbers };
}
