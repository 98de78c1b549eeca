import { parseTime } from "../event/time";

/** The span of `received_at` that is replayed: ISO 8601, the end is not in it. */
export interface Span {
  readonly from: string;
  readonly until: string;
}

/** Stored items of the raw lake through today's transform. */
export interface RawTask extends Span {
  readonly task: "raw";
  /** Keys of objects under `raw/`. */
  readonly keys: readonly string[];
  /** Whether events that the warehouse has are renewed. */
  readonly replace: boolean;
  /** Whether nothing is changed: it is only counted what would be. */
  readonly dryRun: boolean;
}

/** Rejected events of the raw lake through today's collector and transform. */
export interface FailedTask extends Span {
  readonly task: "failed";
  readonly keys: readonly string[];
  /** @default every reason */
  readonly reason?: string;
  readonly dryRun: boolean;
}

/** Records that the transform gave up on. */
export interface UndeliveredTask {
  readonly task: "undelivered";
  /** The object that Lambda kept them in. */
  readonly key: string;
  readonly dryRun: boolean;
}

/** Brings the loader's counts of a span's hours to what the tables hold: rows may have been deleted. */
export interface SettleTask extends Span {
  readonly task: "settle";
}

/** Empties what the loader derives from events, where there are none. */
export interface ClearTask {
  readonly task: "clear";
}

/** Builds sessions anew from all events. */
export interface SessionsTask {
  readonly task: "sessions";
}

export type ReplayTask = RawTask | FailedTask | UndeliveredTask | SettleTask | ClearTask | SessionsTask;

/** What a task did, or would do. */
export interface ReplayCounts {
  /** Stored items, or records, that were read. */
  readonly items: number;
  /** Events and rejections that came out of the transform. */
  readonly events: number;
  readonly failed: number;
  /** Those of them that the warehouse did not have. */
  readonly missing_events: number;
  readonly missing_failed: number;
  /** Events of the warehouse that were renewed. */
  readonly renewed: number;
  /** Rejected events that are events now, and those that are rejected still. */
  readonly recovered: number;
  readonly still_failing: number;
  /** Events that today's transform rejects and the warehouse has: they stay; and the other way around. */
  readonly kept: number;
  /** What could not be read. */
  readonly unreadable: number;
}

export interface ReplayAnswer extends ReplayCounts {
  /** Files for the loader that were written into the lake. */
  readonly files: readonly string[];
  /** What could not be read, and why: the first of it. */
  readonly problems: readonly string[];
  /** Hours whose counts were settled. */
  readonly settled: number;
}

export const nothing: ReplayAnswer = {
  items: 0,
  events: 0,
  failed: 0,
  missing_events: 0,
  missing_failed: 0,
  renewed: 0,
  recovered: 0,
  still_failing: 0,
  kept: 0,
  unreadable: 0,
  files: [],
  problems: [],
  settled: 0,
};

type Given = Readonly<Record<string, unknown>>;

const checks: Readonly<Record<string, readonly [what: string, is: (value: unknown) => boolean]>> = {
  keys: ["a list of texts", (value) => Array.isArray(value) && value.every((key) => typeof key === "string")],
  key: ["a text", (value) => typeof value === "string" && value !== ""],
  from: ["a time", (value) => parseTime(value) !== undefined],
  until: ["a time", (value) => parseTime(value) !== undefined],
  replace: ["true or false", (value) => typeof value === "boolean"],
  dryRun: ["true or false", (value) => typeof value === "boolean"],
  reason: ["a text", (value) => value === undefined || (typeof value === "string" && value !== "")],
};

const members: Readonly<Record<ReplayTask["task"], readonly string[]>> = {
  raw: ["keys", "from", "until", "replace", "dryRun"],
  failed: ["keys", "from", "until", "reason", "dryRun"],
  undelivered: ["key", "dryRun"],
  settle: ["from", "until"],
  clear: [],
  sessions: [],
};

/** Reads what the function is asked to do. @throws naming what must be, and what was given. */
export function taskOf(event: unknown): ReplayTask {
  const given = (typeof event === "object" && event !== null ? event : {}) as Given;
  const task = String(given.task);
  const names = Object.hasOwn(members, task) ? members[task as ReplayTask["task"]] : undefined;
  if (names === undefined)
    throw new Error(
      `task must be one of ${Object.keys(members).join(", ")}, got ${JSON.stringify(given.task)}`,
    );
  for (const name of names) {
    const [what, is] = checks[name] ?? ["", () => false];
    if (!is(given[name])) throw new Error(`${name} must be ${what}, got ${JSON.stringify(given[name])}`);
  }
  const unknown = Object.keys(given).filter((name) => name !== "task" && !names.includes(name));
  if (unknown.length > 0) throw new Error(`the task ${String(given.task)} takes no ${unknown.join(", ")}`);
  return given as unknown as ReplayTask;
}
