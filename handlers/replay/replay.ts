import { warehouseTime } from "../event/lake";
import { streamRecord } from "../transform/handler";
import { entriesOfRecords, entryOfItem, recover, type Through } from "./entries";
import { type Entry, type PartDeps, replayPart, type Treatment } from "./part";
import { type ReadLines, rawItems } from "./raw";
import {
  type FailedTask,
  nothing,
  type RawTask,
  type ReplayAnswer,
  type ReplayTask,
  type Span,
  type UndeliveredTask,
} from "./task";

/** What a replay needs. */
export interface ReplayDeps extends PartDeps, Through {
  readonly readLines: ReadLines;
  /** An object as text. */
  readonly readText: (key: string) => Promise<string>;
}

/** So many events are compared, and loaded, at once. */
const PART_EVENTS = 50_000;

/** Problems that are told whole; the others are counted. */
const MAX_PROBLEMS = 20;

/** Does one task. @throws what the warehouse or the lake threw: the same task can be given again. */
export async function replay(task: ReplayTask, deps: ReplayDeps): Promise<ReplayAnswer> {
  switch (task.task) {
    case "raw":
      return replayRaw(task, deps);
    case "failed":
      return replayFailed(task, deps);
    case "undelivered":
      return replayUndelivered(task, deps);
    case "settle":
      return { ...nothing, settled: await settle(task, deps) };
    case "clear":
      await deps.warehouse.transaction(deps.sql.clear);
      return nothing;
    case "sessions":
      await deps.warehouse.transaction(deps.sql.sessions);
      return nothing;
  }
}

async function replayRaw(task: RawTask, deps: ReplayDeps): Promise<ReplayAnswer> {
  const total = new Total({ replace: task.replace, dryRun: task.dryRun, recovers: false }, deps);
  for await (const outcome of rawItems(task.keys, task, deps.readLines)) {
    if ("problem" in outcome) total.problem(outcome.problem);
    else
      await total.add(outcome.item.sk, () => {
        const entry = entryOfItem(outcome.item, deps);
        return { entries: [entry] };
      });
  }
  return total.answer();
}

async function replayFailed(task: FailedTask, deps: ReplayDeps): Promise<ReplayAnswer> {
  const { reason } = task;
  const byTransform = await transformRejections(task, reason, deps);
  const total = new Total({ replace: false, dryRun: task.dryRun, recovers: true }, deps);
  for await (const outcome of rawItems(task.keys, task, deps.readLines)) {
    if ("problem" in outcome) total.problem(outcome.problem);
    else await total.add(outcome.item.sk, () => recover(outcome.item, reason, byTransform, deps));
  }
  return total.answer();
}

async function replayUndelivered({ key, dryRun }: UndeliveredTask, deps: ReplayDeps): Promise<ReplayAnswer> {
  const total = new Total({ replace: false, dryRun, recovers: false }, deps);
  const records = recordsOf(await deps.readText(key));
  if (records === undefined) total.problem(`${key} holds no records of a stream`);
  for (const undelivered of entriesOfRecords((records ?? []).map(streamRecord), deps)) {
    if ("problem" in undelivered) total.problem(`${key}: ${undelivered.problem}`);
    else await total.add(key, () => ({ entries: [undelivered.entry] }));
  }
  return total.answer();
}

type StreamRecords = Parameters<typeof streamRecord>[0][];

/**
 * Records as Lambda keeps them: the invocation's record, with the event as text.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
function recordsOf(text: string): StreamRecords | undefined {
  try {
    const { payload } = JSON.parse(text) as { readonly payload?: unknown };
    const event = (typeof payload === "string" ? JSON.parse(payload) : payload) as {
      readonly Records?: unknown;
    } | null;
    return Array.isArray(event?.Records) ? (event.Records as StreamRecords) : undefined;
  } catch {
    return undefined;
  }
}

/** Ids of the rejections by the transform that were received in a span. */
async function transformRejections(
  { from, until }: Span,
  reason: string | undefined,
  { warehouse }: ReplayDeps,
): Promise<ReadonlySet<string>> {
  const { rows } = await warehouse.query(
    `select failed_id from failed_events
     where stage = 'transform'
       and received_at >= cast(:span_from as timestamp)
       and received_at < cast(:span_until as timestamp)${reason === undefined ? "" : " and reason = :reason"}`,
    {
      parameters: {
        span_from: warehouseTime(from),
        span_until: warehouseTime(until),
        ...(reason === undefined ? {} : { reason }),
      },
    },
  );
  return new Set(rows.map(([id]) => String(id)));
}

const HOUR_MS = 3_600_000;
const LAST_HOUR = Date.parse("9999-12-31T23:00:00.000Z");

/** Whole hours: the loader counts by them. */
async function settle({ from, until }: Span, { warehouse, sql, runId }: ReplayDeps): Promise<number> {
  const hour = (time: number): string =>
    warehouseTime(new Date(Math.min(time * HOUR_MS, LAST_HOUR)).toISOString());
  const parameters = {
    load_id: `replay-${runId}`,
    hours_from: hour(Math.floor(Date.parse(from) / HOUR_MS)),
    hours_until: hour(Math.ceil(Date.parse(until) / HOUR_MS)),
  };
  const settled = await warehouse.transaction(sql.settle, { parameters });
  return Number((await settled.rows(sql.settle.length - 1)).rows[0]?.[0]);
}

/** What a task comes to, part by part. */
class Total {
  #answer: ReplayAnswer = nothing;
  #entries: Entry[] = [];
  #events = 0;
  #parts = 0;

  constructor(
    private readonly treatment: Treatment,
    private readonly deps: ReplayDeps,
  ) {}

  /** Takes what came of an item; what cannot be read is told by name. */
  async add(
    name: string,
    read: () => {
      readonly entries: readonly Entry[];
      readonly recovered?: number;
      readonly stillFailing?: number;
    },
  ): Promise<void> {
    let outcome: ReturnType<typeof read>;
    try {
      outcome = read();
    } catch (error) {
      this.problem(`item ${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const { entries, recovered = 0, stillFailing = 0 } = outcome;
    this.#answer = {
      ...this.#answer,
      items: this.#answer.items + 1,
      recovered: this.#answer.recovered + recovered,
      still_failing: this.#answer.still_failing + stillFailing,
    };
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#events += entry.events.length + entry.failed.length;
    }
    if (this.#events >= PART_EVENTS) await this.#flush();
  }

  problem(what: string): void {
    const { unreadable, problems } = this.#answer;
    this.#answer = {
      ...this.#answer,
      unreadable: unreadable + 1,
      problems: problems.length < MAX_PROBLEMS ? [...problems, what] : problems,
    };
  }

  async answer(): Promise<ReplayAnswer> {
    await this.#flush();
    return this.#answer;
  }

  async #flush(): Promise<void> {
    if (this.#entries.length === 0) return;
    const { files, ...counts } = await replayPart(
      this.#entries,
      String(++this.#parts),
      this.treatment,
      this.deps,
    );
    this.#entries = [];
    this.#events = 0;
    const sums = Object.entries(counts).map(([name, count]) => [
      name,
      this.#answer[name as keyof typeof counts] + count,
    ]);
    this.#answer = {
      ...this.#answer,
      ...(Object.fromEntries(sums) as typeof counts),
      files: [...this.#answer.files, ...files],
    };
  }
}
