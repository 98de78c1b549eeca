import { createHash } from "node:crypto";
import { failedIdOf } from "../event/failure";
import { lakePrefixes } from "../event/lake";
import { literal } from "../warehouse/split";
import { type Compared, compare, type EventLine, type FailedLine, type StagingDeps } from "./staging";
import type { ReplayCounts } from "./task";

/** What came of one stored item, or record. */
export interface Entry {
  /** Lines for `raw/`, where the raw lake has none of it, by when it was received, ISO 8601. */
  readonly raw?: readonly { readonly receivedAt: string; readonly line: string }[];
  /** Whether the raw lines are written even if the warehouse lacks none of the others. */
  readonly rawAlways?: boolean;
  readonly events: readonly string[];
  readonly failed: readonly string[];
  /** Events of the item that the transform rejects today, by the ids of their rejections. */
  readonly rejected?: ReadonlyMap<string, string>;
}

export interface PartDeps extends StagingDeps {
  readonly now: () => Date;
}

/** How a part is treated. */
export interface Treatment {
  readonly replace: boolean;
  readonly dryRun: boolean;
  /** Whether events may arrive that the transform rejected before. */
  readonly recovers: boolean;
}

export type PartCounts = Pick<
  ReplayCounts,
  "events" | "failed" | "missing_events" | "missing_failed" | "renewed" | "kept"
>;

/** An IN list of a statement, which may have 100 KB. */
const IDS_A_STATEMENT = 1_000;

/**
 * Brings a part's lines to where the warehouse has each of them once: what it lacks is written into the lake for the
 * loader, in files that are named by what they hold, so that a repetition writes nothing new; with `replace`, what it
 * has is exchanged.
 *
 * A replay changes no verdict: an event that was accepted stays so though today's transform rejects it, and one that
 * the transform rejected waits for a replay of failed events.
 * @returns the counts and the keys of the files.
 */
export async function replayPart(
  entries: readonly Entry[],
  name: string,
  { replace, dryRun, recovers }: Treatment,
  deps: PartDeps,
): Promise<PartCounts & { readonly files: readonly string[] }> {
  const events = entries.flatMap((entry) => entry.events);
  const failed = entries.flatMap((entry) => entry.failed);
  const raw: NonNullable<Entry["raw"]>[number][] = [];
  const lacking = { events: [] as string[], failed: [] as string[] };
  let kept = 0;
  let renewed = 0;
  if (events.length + failed.length > 0) {
    const compared = await compare({ events, failed }, name, deps);
    const known = await acceptedBefore(entries, compared, deps);
    for (const entry of entries) {
      const missing = entry.events.filter((line) => {
        const event = JSON.parse(line) as EventLine & { readonly source: string };
        if (!compared.lacksEvent(event)) return false;
        const rejection = failedIdOf(event.source, event.event_id);
        if (recovers || !compared.rejectedByTransform.has(rejection)) return true;
        kept += 1;
        return false;
      });
      const rejections = entry.failed.filter((line) => {
        const failure = JSON.parse(line) as FailedLine;
        if (!compared.lacksFailed(failure)) return false;
        if (!known.has(failure.failed_id)) return true;
        kept += 1;
        return false;
      });
      lacking.events.push(...missing);
      lacking.failed.push(...rejections);
      if (missing.length + rejections.length > 0 || entry.rawAlways === true) raw.push(...(entry.raw ?? []));
    }
    if (replace && !dryRun && events.length > 0) renewed = await compared.renew();
    // What a dry run would renew: the lines that it would not load.
    else if (replace) renewed = events.length - lacking.events.length - kept;
  } else for (const entry of entries) if (entry.rawAlways === true) raw.push(...(entry.raw ?? []));
  const counts = {
    events: events.length,
    failed: failed.length,
    missing_events: lacking.events.length,
    missing_failed: lacking.failed.length,
    renewed,
    kept,
  };
  return { ...counts, files: dryRun ? [] : await writeLines(raw, lacking, deps) };
}

/** Ids of the missing rejections by today's transform whose events the warehouse has. */
async function acceptedBefore(
  entries: readonly Entry[],
  compared: Compared,
  { warehouse }: PartDeps,
): Promise<ReadonlySet<string>> {
  const eventIds = new Map<string, string>();
  for (const { failed, rejected } of entries)
    for (const line of failed) {
      const failure = JSON.parse(line) as FailedLine;
      const eventId = rejected?.get(failure.failed_id);
      if (eventId !== undefined && compared.lacksFailed(failure)) eventIds.set(eventId, failure.failed_id);
    }
  const accepted = new Set<string>();
  const ids = [...eventIds.keys()];
  for (let at = 0; at < ids.length; at += IDS_A_STATEMENT) {
    const list = ids.slice(at, at + IDS_A_STATEMENT).map(literal);
    const { rows } = await warehouse.query(
      `select distinct event_id from events where event_id in (${list.join(", ")})`,
    );
    for (const [id] of rows) accepted.add(eventIds.get(String(id)) ?? "");
  }
  return accepted;
}

/**
 * Writes lines into the lake: raw ones first, so that no event is ever there that was never stored. They lie in the
 * hour that they were received in, where a later replay looks for them; the others in the present hour, where the
 * loader's sweep looks for files whose notification was lost.
 * @returns the keys of what the loader is to load.
 */
async function writeLines(
  raw: NonNullable<Entry["raw"]>,
  lacking: { readonly events: readonly string[]; readonly failed: readonly string[] },
  { write, now }: PartDeps,
): Promise<string[]> {
  const hours = new Map<string, string[]>();
  for (const { receivedAt, line } of raw) {
    const hour = partitionOf(receivedAt);
    hours.set(hour, [...(hours.get(hour) ?? []), line]);
  }
  for (const [hour, lines] of hours) await write(fileKey(lakePrefixes.raw, hour, lines), lines);
  const files: string[] = [];
  const arrival = partitionOf(now().toISOString());
  for (const folder of ["failed", "events"] as const) {
    const lines = lacking[folder];
    if (lines.length === 0) continue;
    const key = fileKey(lakePrefixes[folder], arrival, lines);
    await write(key, lines);
    files.push(key);
  }
  return files;
}

/** The folder of an hour, as the delivery streams name it. */
function partitionOf(iso: string): string {
  return `dt=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}/`;
}

function fileKey(folder: string, partition: string, lines: readonly string[]): string {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line).update("\n");
  return `${folder}${partition}replay-${hash.digest("hex").slice(0, 32)}.gz`;
}
