import { hash } from "node:crypto";
import type { CanonicalEvent } from "../event/event";
import { parseTime } from "../event/time";
import { FittedAdditions } from "./additions";
import { skewOf } from "./skew";

/**
 * An id of what an event says: whose it is, what happened, where and when by the client's own clock. How it was
 * sent has no part in it, so that a client that sends the same thing again under another id can be told.
 */
export function addContentId(event: CanonicalEvent): FittedAdditions {
  const content = [
    event.source,
    event.event_type,
    event.event_name,
    clientTime(event),
    event.anonymous_id,
    event.user_id,
    event.session_id,
    event.previous_id,
    event.group_id,
    event.page_url,
    event.referrer_url,
    event.revenue,
    event.currency,
    event.properties,
  ];
  const digest = hash("sha256", JSON.stringify(content));
  return FittedAdditions.certain({ content_id: digest.slice(0, 32) });
}

/**
 * The time before it was corrected by when the event was sent, which differs each time.
 * @returns milliseconds since 1970.
 */
function clientTime({ event_time, received_at, sent_at }: CanonicalEvent): number {
  const happened = parseTime(event_time) ?? 0;
  return sent_at === undefined ? happened : happened - skewOf(received_at, sent_at);
}
