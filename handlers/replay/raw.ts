import { itemOfRaw, type RawLine } from "../event/lake";
import type { StoredItem } from "../event/stored/item";
import type { Span } from "./task";

/** Lines of a gzip or plain object of the lake. */
export type ReadLines = (key: string) => AsyncIterable<string>;

/** The lines of a stream of bytes, as newlines alone part them: JSON may hold what else Unicode calls a line's end. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}

/** A stored item of the raw lake, or why a line cannot be read. */
export type RawOutcome = { readonly item: StoredItem } | { readonly problem: string };

/**
 * The stored items that objects of the raw lake hold of a span of `received_at`, each once. Retries hold no events.
 */
export async function* rawItems(
  keys: readonly string[],
  { from, until }: Span,
  readLines: ReadLines,
): AsyncGenerator<RawOutcome> {
  const seen = new Set<string>();
  for (const key of keys) {
    let number = 0;
    for await (const text of readLines(key)) {
      number += 1;
      if (text === "") continue;
      const line = parse(text);
      if (line === undefined) {
        yield { problem: `${key} line ${number} is no line of the raw lake` };
        continue;
      }
      if (line.op !== "INSERT" || line.received_at < from || line.received_at >= until) continue;
      const identity = `${line.pk}\n${line.sk}\n${line.received_at}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      yield { item: itemOfRaw(line) };
    }
  }
}

function parse(text: string): RawLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<RawLine> | null;
    return typeof line?.pk === "string" && typeof line.sk === "string" && typeof line.received_at === "string"
      ? (line as RawLine)
      : undefined;
  } catch {
    return undefined;
  }
}
