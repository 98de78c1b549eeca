import type { JsonObject } from "../../event/json";
import { isStorable, parseTime } from "../../event/time";
import type { RawColumns } from "./context";
import type { Problem } from "./message";

/** The client's own time of a message, before the skew of its clock is corrected, as it was sent. */
export function originalTime(message: JsonObject): unknown {
  return present(message.originalTimestamp) ?? present(message.timestamp);
}

/**
 * Takes a message's times. The skew of the client's clock is what it read on sending against ours on receipt;
 * a message that does not say when it was sent is taken at its word.
 * @param batchSentAt when the client sent the batch.
 * @see https://segment.com/docs/connections/spec/common/#timestamps
 */
export function takeTimes(
  message: JsonObject,
  batchSentAt: unknown,
  receivedAt: Date,
  raw: RawColumns,
): Problem | undefined {
  const sentAt = present(message.sentAt) ?? present(batchSentAt);
  const original = originalTime(message);
  for (const time of [sentAt, original])
    if (time !== undefined && parseTime(time) === undefined)
      return { reason: "invalid_timestamp", detail: JSON.stringify(time).slice(0, 64) };
  const sent = parseTime(sentAt);
  const happened = parseTime(original);
  const received = receivedAt.getTime();
  const time = happened === undefined ? received : sent === undefined ? happened : received - sent + happened;
  if (!isStorable(time))
    return { reason: "invalid_timestamp", detail: "corrected for the client's clock it is out of range" };
  raw.event_time = new Date(time).toISOString();
  raw.sent_at = sentAt;
  return undefined;
}

/** Null and empty text say nothing. */
function present(value: unknown): unknown {
  return value === null || value === "" ? undefined : value;
}
