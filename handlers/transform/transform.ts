import type { Enrich } from "../enrich/enrich";
import type { CanonicalEvent, FailedEvent } from "../event/event";
import { fitFailure, type Rejection, storedFailure } from "../event/failure";
import { failedLine, rawInsert, rawModify } from "../event/lake";
import { fromImage, type ImageValue } from "../event/stored/attributes";
import { eachEvent, eventTableOf, failuresOf, type StoredItem } from "../event/stored/item";
import { fitsBytes } from "../event/text";
import { applyPlan } from "../plan/apply";
import type { PlanRules } from "../plan/plan";
import { lineOf, sentText } from "./lines";
import { MAX_LINE_BYTES } from "./pack";

/** A record of the table's stream, as far as it matters here. */
export interface StreamRecord {
  readonly change: "INSERT" | "MODIFY" | "REMOVE";
  readonly sequenceNumber: string;
  readonly newImage: Readonly<Record<string, ImageValue>>;
}

/** Lines for the delivery streams. */
export interface Lines {
  readonly raw: string[];
  readonly events: string[];
  readonly failed: string[];
}

export type TransformCount =
  | "stored"
  | "transformed"
  | "failed"
  | "duplicates"
  | "enrichment_errors"
  | "violations"
  | "poison";

/** What came of a batch of records. */
export interface Transformed {
  readonly lines: Lines;
  readonly counts: Readonly<Record<TransformCount, number>>;
  /** The first record that could not be read, and why; nothing of it or of those after it is in the lines. */
  readonly poison?: { readonly sequenceNumber: string; readonly error: unknown };
}

/**
 * Turns stored items into lines of the lake. Every event of a new item ends as one line in `events` or in
 * `failed`; an item stored again, a client's retry, is only noted.
 *
 * It stops at a record that it cannot read: Lambda sends that one and all after it again, and cuts the batch
 * until the record is alone.
 * @param rules the tracking plan that events are held to.
 */
export function transform(records: readonly StreamRecord[], enrich: Enrich, rules: PlanRules): Transformed {
  const lines: Lines = { raw: [], events: [], failed: [] };
  const counts = noCounts();
  for (const { change, sequenceNumber, newImage } of records) {
    if (change === "REMOVE") continue;
    try {
      const item = fromImage(newImage);
      if (change === "MODIFY") {
        lines.raw.push(JSON.stringify(rawModify(item)));
        counts.duplicates += item.count;
      } else addItem({ item, base64: newImage.body?.B }, enrich, rules, lines, counts);
    } catch (error) {
      counts.poison = 1;
      return { lines, counts, poison: { sequenceNumber, error } };
    }
  }
  return { lines, counts };
}

/** The lines of one new item. @throws when it cannot be read. */
export function linesOfItem(item: StoredItem, enrich: Enrich, rules: PlanRules): Lines {
  const lines: Lines = { raw: [], events: [], failed: [] };
  addItem({ item, base64: undefined }, enrich, rules, lines, noCounts());
  return lines;
}

function noCounts(): Record<TransformCount, number> {
  return {
    stored: 0,
    transformed: 0,
    failed: 0,
    duplicates: 0,
    enrichment_errors: 0,
    violations: 0,
    poison: 0,
  };
}

/** An item, and its body in base64 where that is how the stream carries it. */
interface Stored {
  readonly item: StoredItem;
  readonly base64: string | undefined;
}

function addItem(
  stored: Stored,
  enrich: Enrich,
  rules: PlanRules,
  lines: Lines,
  counts: Record<TransformCount, number>,
): void {
  if (stored.item.kind === "events") addEvents(stored, enrich, rules, lines, counts);
  else addFailures(stored, lines, counts);
}

/** Adds the lines of a new item's events: all of them, or none when it cannot be read. */
function addEvents(
  { item, base64 }: Stored,
  enrich: Enrich,
  rules: PlanRules,
  lines: Lines,
  counts: Record<TransformCount, number>,
): void {
  const stored = eventTableOf(item);
  const sent = sentText(stored);
  lines.raw.push(JSON.stringify(rawInsert(item, base64)));
  counts.stored += item.count;
  eachEvent(stored, (event, index) => {
    const content = sent.content(index);
    const enriched = enrich(event, content, sent.mayHave);
    counts.enrichment_errors += enriched.errors.length;
    const planned = applyPlan(event, rules);
    if ("rejection" in planned) {
      lines.failed.push(lineOfFailure(rejected(event, planned.rejection)));
      counts.failed += 1;
      return;
    }
    const line = lineOf(sent.beginning(index), content, enriched, planned.additions);
    if (fitsBytes(line, MAX_LINE_BYTES)) {
      lines.events.push(line);
      counts.transformed += 1;
      if (planned.flagged) counts.violations += 1;
    } else {
      lines.failed.push(lineOfFailure(rejected(event, { reason: "line_too_large" })));
      counts.failed += 1;
    }
  });
}

/** Adds the lines of a new item's rejections: all of them, or none when it cannot be read. */
function addFailures({ item, base64 }: Stored, lines: Lines, counts: Record<TransformCount, number>): void {
  const failures = failuresOf(item);
  lines.raw.push(JSON.stringify(rawInsert(item, base64)));
  counts.stored += item.count;
  for (const failure of failures) lines.failed.push(lineOfFailure(failure));
  counts.failed += failures.length;
}

/** A rejection's line: whole, unless even a delivery stream's record has no room for it. */
function lineOfFailure(failure: FailedEvent): string {
  const fitted = fitFailure(failure);
  if (fitted === failure) return failedLine(failure);
  const whole = failedLine(fitted, failure.payload);
  return fitsBytes(whole, MAX_LINE_BYTES) ? whole : failedLine(fitted);
}

/** A stored event as the failed one that it becomes, whole. */
function rejected(event: CanonicalEvent, why: Pick<Rejection, "reason" | "detail">): FailedEvent {
  const { batch_id, received_at, source, protocol } = event;
  const failure = storedFailure({
    ...why,
    source,
    stage: "transform",
    payload: JSON.stringify(event),
    identity: event.event_id,
  });
  return { ...failure, batch_id, received_at, source, protocol };
}
