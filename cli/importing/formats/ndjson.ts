import { parse } from "../../../handlers/collect/request/body";
import { quoteLongNumbers } from "../../../handlers/collect/request/numbers";
import { isObject } from "../../../handlers/event/json";
import { type LineParser, type Message, unreadable } from "../message";
import { canonicalMessage } from "./canonical";

/** Whether a line may be an event in JSON. */
export function isJsonEvent(line: string): boolean {
  return line.startsWith("{") && isObject(jsonIn(line));
}

/**
 * Reads files with one event a line: a message of Segment's HTTP API, which has a `type`, or a canonical event,
 * which has an `event_type`. One without an id of its own has its line's.
 */
export const ndjsonParser: LineParser = (line, number, lineId) => {
  const event = jsonIn(line);
  if (event === undefined) return unreadable(lineId, `line ${number} is not JSON`, line);
  if (!isObject(event)) return unreadable(lineId, `line ${number} is not a JSON object`, line);
  if (Array.isArray(event.batch))
    return unreadable(
      lineId,
      `line ${number} is a batch: each of its messages must be a line of its own`,
      line,
    );
  if (event.type === undefined && event.event_type !== undefined)
    return canonicalMessage(event, lineId, "ndjson");
  const given = event as Partial<Message>;
  // When the file was written is no clock to correct by: a time of sending would shift the events to today.
  const { sentAt: _, ...rest } = given;
  const hasId = given.messageId !== undefined && given.messageId !== null && given.messageId !== "";
  return { ...rest, messageId: hasId ? given.messageId : lineId, type: given.type ?? "" } as Message;
};

/** A number whose exponent a double may have no room for; what it rounds, the reader of JSON sees itself. */
const LONG_EXPONENT = /\d[eE][+-]?\d{3}/;

/** A line's JSON; undefined for what is none. Numbers that a double would change are text, as at the collector. */
function jsonIn(line: string): unknown {
  const read = parse(LONG_EXPONENT.test(line) ? quoteLongNumbers(line) : line);
  return "problem" in read ? undefined : read.json;
}
