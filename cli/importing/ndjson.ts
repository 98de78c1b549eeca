import { type LineParser, type Message, unreadable } from "./message";

/**
 * Reads files with one message of Segment's HTTP API a line. A message keeps its own `messageId`; without one
 * its identity is its line's.
 */
export const ndjsonParser: LineParser = (line, number, messageId) => {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return unreadable(messageId, `line ${number} is not JSON`, line);
  }
  if (typeof message !== "object" || message === null || Array.isArray(message))
    return unreadable(messageId, `line ${number} is not a JSON object`, line);
  const given = message as Partial<Message>;
  // When the file was written is no clock to correct by: a time of sending would shift the events to today.
  const { sentAt: _, ...rest } = given;
  return { ...rest, messageId: given.messageId ?? messageId, type: given.type ?? "" };
};
