import { type ColumnName, columns } from "../../event/columns";
import type { StoredEvent } from "../../event/event";
import { fitInPlace } from "../../event/fit";
import type { DecodedEvent } from "../../event/item";
import type { JsonObject } from "../../event/json";
import { canonicalTime, formatTime, isStorable, parseTime } from "../../event/time";
import type { Frame, Problem } from "../protocol";
import type { RawColumns } from "./columns";
import { type Settling, settle } from "./settle";

/** The times that a message names, as it names them. */
export interface Times {
  /** When it happened, by the client's clock. */
  readonly original: unknown;
  /** When it was sent, by the client's clock. */
  readonly sent: unknown;
  /** When it happened, by a clock that needs no correction. */
  readonly certain?: unknown;
}

/**
 * Takes a message's times. The skew of the client's clock is what it read on sending against ours on receipt;
 * a message that does not say when it was sent is taken at its word.
 */
export function takeTimes(times: Times, receivedAt: Date, columns: RawColumns): Problem | undefined {
  const certain = time(times.certain);
  const original = time(times.original);
  const sent = time(times.sent);
  if (Number.isNaN(certain ?? original ?? 0) || Number.isNaN(original ?? 0) || Number.isNaN(sent ?? 0))
    return {
      reason: "invalid_timestamp",
      detail: JSON.stringify(
        [times.certain, times.original, times.sent].find((value) => Number.isNaN(time(value) ?? 0)),
      ).slice(0, 64),
    };
  const received = receivedAt.getTime();
  const happened =
    original === undefined ? received : sent === undefined ? original : received - sent + original;
  const eventTime = certain ?? happened;
  if (!isStorable(eventTime))
    return { reason: "invalid_timestamp", detail: "corrected for the client's clock it is out of range" };
  columns.event_time = formatTime(eventTime);
  columns.sent_at = sent === undefined ? undefined : formatTime(sent);
  return undefined;
}

/** A time; NaN for what is none; undefined for null and empty text, which say nothing. */
function time(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return parseTime(value) ?? Number.NaN;
}

/**
 * The event that a message's columns are, once they fit. They have an `event_id`, an `event_type` and an
 * `event_time`.
 * @param original the client's own time of the event.
 */
export function eventOf(
  raw: RawColumns,
  original: unknown,
  { visitor }: Frame,
  settling: Settling,
): DecodedEvent | Problem {
  for (const name of Object.keys(visitor) as ColumnName[]) raw[name] ??= visitor[name];
  const problem =
    settle(raw.properties as JsonObject | undefined, settling) ??
    settle(raw.context as JsonObject | undefined, settling);
  if (problem !== undefined) return { reason: problem };
  const { cut, refused } = fitInPlace(raw, columns);
  const [refusal] = refused;
  if (refusal !== undefined) {
    const { type } = columns[refusal.column];
    return {
      reason: "identifier_too_long",
      detail: type.kind === "varchar" ? `${refusal.column} takes ${type.bytes} bytes` : refusal.column,
    };
  }
  if (cut.length > 0) raw.truncated = cut.join(",");
  const event = raw as unknown as StoredEvent;
  const clientTime = canonicalTime(original);
  return clientTime === undefined ? { event } : { event, clientTime };
}
