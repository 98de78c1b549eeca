import { hash } from "node:crypto";
import type { ColumnName } from "../event/columns";
import type { CanonicalEvent } from "../event/event";
import { parseTime } from "../event/time";
import { FittedAdditions } from "./additions";
import { skewOf } from "./skew";

/** What an event says: whose it is, what happened and where. How and from what it was sent has no part in it. */
export const contentColumns = [
  "event_type",
  "event_name",
  "anonymous_id",
  "user_id",
  "session_id",
  "previous_id",
  "group_id",
  "page_url",
  "referrer_url",
  "revenue",
  "currency",
  "properties",
] as const satisfies readonly ColumnName[];

/** What an event says, as members of a JSON object in the order of `contentColumns`, each behind a comma. */
export function contentOf(event: CanonicalEvent): string {
  let text = "";
  for (const name of contentColumns)
    if (event[name] !== undefined) text += `,"${name}":${JSON.stringify(event[name])}`;
  return text;
}

/**
 * An id of what an event says, of which source and at which moment by the client's own clock: a client that sends
 * the same thing again under another id can be told.
 * @param content what `contentOf` answers.
 */
export function addContentId(event: CanonicalEvent, _: unknown, content: string): FittedAdditions {
  const digest = hash("sha256", `${event.source} ${clientTime(event)}${content}`);
  const content_id = digest.slice(0, 32);
  return FittedAdditions.word(NAMES, { content_id }, content_id);
}

const NAMES = ["content_id"] as const;

const DAY_MS = 86_400_000;

/**
 * The time before it was corrected by when the event was sent, which differs each time: its day since 1970 and the
 * milliseconds of that day. Two small numbers are written several times faster than a large one.
 */
function clientTime({ event_time, received_at, sent_at }: CanonicalEvent): string {
  const happened = parseTime(event_time) ?? 0;
  const time = sent_at === undefined ? happened : happened - skewOf(received_at, sent_at);
  const day = Math.floor(time / DAY_MS);
  return `${day} ${time - day * DAY_MS}`;
}
