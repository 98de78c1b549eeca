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

/** How a line becomes a message: every line becomes exactly one. */
export type LineParser = (line: string, number: number, messageId: string) => Message;

/**
 * Reads a file's lines from the first to the last.
 * @returns undefined for a line that is no record but tells how the ones after it are to be read, like a header.
 */
export type LineReader = (line: string, number: number, messageId: string) => Message | undefined;

/**
 * Names a file's lines, one after the other: a line's identity is a hash of all lines up to it. So it depends on
 * neither when nor how often the file is imported, nor on how it is packed or named, and stays when the file grows;
 * equal lines of a file are told apart, and so are those of two files that differ in an earlier line.
 * @param source the lines are imported into: the same file may go into two.
 */
export function lineIds(source = "import"): (line: string) => string {
  let last = source;
  return (line) => {
    last = createHash("sha256").update(`${last}\n${line}`).digest("hex").slice(0, 32);
    return last;
  };
}
