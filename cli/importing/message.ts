import { createHash } from "node:crypto";

/** A message of Segment's HTTP API, as the collector takes it in a batch. */
export interface Message {
  readonly messageId: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The type of a message that stands for an unreadable line. */
export const UNREADABLE = "unreadable";

/** A line that an importer cannot read, handed over whole: it becomes a failed event. */
export function unreadable(messageId: string, message: string, payload: string): Message {
  return { messageId, type: UNREADABLE, message, payload };
}

/** How lines of a format become messages; every line becomes exactly one. */
export type LineParser = (line: string, number: number, messageId: string) => Message;

/**
 * Numbers equal lines of a file, so that each has an identity of its own that does not depend on when, or how
 * often, the file is imported: a hash of the line and its occurrence number.
 */
export function lineIds(): (line: string) => string {
  const seen = new Map<string, number>();
  return (line) => {
    const digest = createHash("sha256").update(line).digest("binary").slice(0, 16);
    const occurrence = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, occurrence);
    return createHash("sha256").update(`${occurrence}\n${line}`).digest("hex").slice(0, 32);
  };
}
