import type { Line } from "./lines";
import type { LineParser, Message } from "./message";

/** Messages that are sent in one request. The same file always makes the same batches. */
export interface Batch {
  /** From 0. */
  readonly index: number;
  readonly messages: readonly Message[];
  /** The messages as they are sent. */
  readonly body: string;
}

/** The collector takes 500 KB a batch; this leaves room for what surrounds the messages. */
const MAX_BATCH_BYTES = 400_000;
const MAX_BATCH_MESSAGES = 200;

/** Puts a file's lines into batches. */
export async function* batchesOf(
  lines: AsyncIterable<Line>,
  parse: LineParser,
  idOf: (line: string) => string,
): AsyncGenerator<Batch> {
  let messages: Message[] = [];
  let texts: string[] = [];
  let bytes = 0;
  let index = 0;
  const close = (): Batch => {
    const batch = { index: index++, messages, body: `{"batch":[${texts.join(",")}]}` };
    messages = [];
    texts = [];
    bytes = 0;
    return batch;
  };
  for await (const { text, number } of lines) {
    const message = parse(text, number, idOf(text));
    const json = JSON.stringify(message);
    const size = Buffer.byteLength(json) + 1;
    if (messages.length > 0 && (bytes + size > MAX_BATCH_BYTES || messages.length === MAX_BATCH_MESSAGES))
      yield close();
    messages.push(message);
    texts.push(json);
    bytes += size;
  }
  if (messages.length > 0) yield close();
}
