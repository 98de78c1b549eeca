import { type ColumnName, columns } from "../../event/columns";
import type { StoredEvent } from "../../event/event";
import { fitInPlace } from "../../event/fit";
import { isObject, type JsonObject } from "../../event/json";
import type { DecodedEvent } from "../../event/stored/item";
import { formatTime, isStorable, parseTime } from "../../event/time";
import type { Frame, Problem } from "../protocol";
import type { VisitorId } from "../request/cookie";
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

/** Times, read. */
interface ReadTimes {
  readonly event_time: string;
  readonly sent_at: string | undefined;
  /** The client's own time of the event. */
  readonly clientTime: string | undefined;
}

/**
 * Reads a message's times. The skew of the client's clock is what it read on sending against ours on receipt;
 * a message that does not say when it was sent is taken at its word.
 */
function readTimes(times: Times, receivedAt: Date): ReadTimes | Problem {
  const certain = time(times.certain);
  const original = time(times.original);
  const sent = time(times.sent);
  if (Number.isNaN(certain) || Number.isNaN(original) || Number.isNaN(sent)) {
    const wrong = Number.isNaN(sent) ? times.sent : Number.isNaN(original) ? times.original : times.certain;
    return { reason: "invalid_timestamp", detail: JSON.stringify(wrong).slice(0, 64) };
  }
  const received = receivedAt.getTime();
  const happened =
    original === undefined ? received : sent === undefined ? original : received - sent + original;
  const eventTime = certain ?? happened;
  if (!isStorable(eventTime))
    return { reason: "invalid_timestamp", detail: "corrected for the client's clock it is out of range" };
  const clientTime = original ?? certain;
  return {
    event_time: formatTime(eventTime),
    sent_at: sent === undefined ? undefined : formatTime(sent),
    clientTime: clientTime === undefined ? undefined : formatTime(clientTime),
  };
}

/** A time; NaN for what is none; undefined for null and empty text, which say nothing. */
function time(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return parseTime(value) ?? Number.NaN;
}

/**
 * The event that a message's columns are, once they fit. They have an `event_id` and an `event_type`; the times
 * are not yet among them.
 */
export function eventOf(
  raw: RawColumns,
  times: Times,
  { visitor, visitorId, receivedAt }: Frame,
  settling: Settling,
): DecodedEvent | Problem {
  if (visitorId !== undefined) takeVisitorId(visitorId, raw);
  for (const name of Object.keys(visitor) as ColumnName[]) raw[name] ??= visitor[name];
  const read = readTimes(times, receivedAt);
  if ("reason" in read) return read;
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
  raw.event_time = read.event_time;
  raw.sent_at = read.sent_at;
  const event = raw as unknown as StoredEvent;
  return read.clientTime === undefined ? { event } : { event, clientTime: read.clientTime };
}

/** Takes the id that the request itself tells. One that gives way to it is kept in the context. */
function takeVisitorId({ fallback, overrides }: VisitorId, raw: RawColumns): void {
  const own = raw.anonymous_id;
  if (own !== undefined && (!overrides || own === fallback)) return;
  raw.anonymous_id = fallback;
  if (own === undefined) return;
  raw.context = { ...(isObject(raw.context) ? raw.context : {}), client_anonymous_id: own };
}
