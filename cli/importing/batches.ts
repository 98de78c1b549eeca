import type { Line } from "./input/lines";
import { type LineReader, type Message, unreadable } from "./message";

/** Messages that are sent in one request. The same file always makes the same batches. */
export interface Batch {
  /** From 0. */
  readonly index: number;
  readonly messages: readonly Message[];
  /** The messages as they are sent. */
  readonly body: string;
}

/** Where a batch stands in its file. Identities of lines tell of all lines before them: equal spans, equal lines. */
export interface Span {
  /** Identity of the line before the first; empty at the file's beginning. */
  readonly after: string;
  /** Identity of the last line. */
  readonly last: string;
}

/** What a batch may have where a collector takes bodies of so many bytes. */
export function batchBytesFor(bodyBytes: number): number {
  return Math.min(MAX_BATCH_BYTES, Math.floor(bodyBytes * 0.8));
}

export interface FileBatch extends Batch {
  readonly span: Span;
}

/** The collector takes 500 KB a batch unless it is told otherwise; this leaves room for what surrounds the messages. */
const MAX_BATCH_BYTES = 400_000;
const MAX_BATCH_MESSAGES = 200;

/** More than any event may have: of a longer line only as much is sent as a failed event shows. */
const MAX_MESSAGE_BYTES = 300_000;
const KEPT_CHARACTERS = 32 * 1024;

/**
 * Puts a file's lines into batches.
 * @param maxBytes of a batch. A single message may have more.
 * @param wasSent whether a span was acknowledged before: a batch ends where it did then, though the file has grown.
 */
export async function* batchesOf(
  lines: AsyncIterable<Line>,
  read: LineReader,
  idOf: (line: string) => string,
  wasSent: (span: Span) => boolean = () => false,
  maxBytes = MAX_BATCH_BYTES,
): AsyncGenerator<FileBatch> {
  let messages: Message[] = [];
  let texts: string[] = [];
  let bytes = 0;
  let index = 0;
  let after = "";
  let last = "";
  const close = (): FileBatch => {
    const batch = { index: index++, messages, body: `{"batch":[${texts.join(",")}]}`, span: { after, last } };
    messages = [];
    texts = [];
    bytes = 0;
    after = last;
    return batch;
  };
  for await (const line of lines) {
    const id = idOf(line.text);
    const message = messageOf(line, read, id);
    if (message === undefined) {
      last = id;
      continue;
    }
    const { json, size } = message;
    if (messages.length > 0 && (bytes + size > maxBytes || messages.length === MAX_BATCH_MESSAGES))
      yield close();
    messages.push(message.message);
    texts.push(json);
    bytes += size;
    last = id;
    if (wasSent({ after, last })) yield close();
  }
  if (messages.length > 0) yield close();
}

function messageOf(
  { text, number, cut }: Line,
  read: LineReader,
  id: string,
): { message: Message; json: string; size: number } | undefined {
  const message = cut === undefined ? read(text, number, id) : unreadable(id, cut, text);
  if (message === undefined) return undefined;
  const json = JSON.stringify(message);
  const size = Buffer.byteLength(json) + 1;
  if (size <= MAX_MESSAGE_BYTES) return { message, json, size };
  const why = `line ${number} makes an event of ${size} bytes, far more than is taken`;
  const instead = unreadable(id, why, text.slice(0, KEPT_CHARACTERS));
  const written = JSON.stringify(instead);
  return { message: instead, json: written, size: Buffer.byteLength(written) + 1 };
}
