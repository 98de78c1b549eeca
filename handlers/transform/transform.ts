import { enrich } from "../enrich/enrich";
import { fromImage, type ImageValue } from "../event/attributes";
import type { CanonicalEvent, FailedEvent } from "../event/event";
import { fitFailure, storedFailure } from "../event/failure";
import { failuresOf, type StoredItem, shapedEventsOf } from "../event/item";
import { eventLine, failedLine, rawInsert, rawModify } from "../event/lake";
import { fitsBytes } from "../event/text";
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
 */
export function transform(records: readonly StreamRecord[]): Transformed {
  const lines: Lines = { raw: [], events: [], failed: [] };
  const counts = { stored: 0, transformed: 0, failed: 0, duplicates: 0, enrichment_errors: 0, poison: 0 };
  for (const { change, sequenceNumber, newImage } of records) {
    if (change === "REMOVE") continue;
    try {
      const item = fromImage(newImage);
      if (change === "MODIFY") {
        lines.raw.push(JSON.stringify(rawModify(item)));
        counts.duplicates += item.count;
      } else addItem(item, lines, counts);
    } catch (error) {
      counts.poison = 1;
      return { lines, counts, poison: { sequenceNumber, error } };
    }
  }
  return { lines, counts };
}

/** Adds a new item's lines: all of them, or none when it cannot be read. */
function addItem(item: StoredItem, lines: Lines, counts: Record<TransformCount, number>): void {
  const events = item.kind === "events" ? shapedEventsOf(item) : [];
  const failures = item.kind === "failed" ? failuresOf(item) : [];
  lines.raw.push(JSON.stringify(rawInsert(item)));
  counts.stored += item.count;
  for (const failure of failures) lines.failed.push(failedLine(fitFailure(failure)));
  counts.failed += failures.length;
  for (const event of events) {
    const { event: enriched, errors } = enrich(event);
    const line = eventLine(enriched);
    counts.enrichment_errors += errors.length;
    if (fitsBytes(line, MAX_LINE_BYTES)) {
      lines.events.push(line);
      counts.transformed += 1;
    } else {
      lines.failed.push(failedLine(fitFailure(tooLarge(event))));
      counts.failed += 1;
    }
  }
}

function tooLarge(event: CanonicalEvent): FailedEvent {
  const { batch_id, received_at, source, protocol } = event;
  const failure = storedFailure({
    source,
    stage: "transform",
    reason: "line_too_large",
    payload: JSON.stringify(event),
    identity: event.event_id,
  });
  return { ...failure, batch_id, received_at, source, protocol };
}
