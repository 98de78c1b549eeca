/** A line of a file, without its line ending. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** Why it is not whole: it is longer than any event. @default it is whole */
  readonly cut?: string;
}

/** A line of more characters is no event: only as much of it is kept as a failed event shows. */
const MAX_LINE = 256 * 1024;
const KEPT_OF_LONGER = 32 * 1024;

/**
 * The lines of UTF-8 text. The last line may lack its newline; an empty line is a line. What is no UTF-8 is read as
 * U+FFFD; a byte order mark is no part of the first line.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0;
  let rest = "";
  /** Characters of the line whose end has not come yet and that are no longer in `rest`. */
  let left = 0;
  const line = (text: string): Line => {
    number += 1;
    const length = left + text.length;
    if (length <= MAX_LINE) return { number, text: withoutReturn(text) };
    left = 0;
    const cut = `line ${number} has ${length} characters, ${MAX_LINE} at most are read`;
    return { number, text: text.slice(0, KEPT_OF_LONGER), cut };
  };
  for await (const text of texts(chunks)) {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      const whole = rest === "" ? text.slice(from, end) : rest + text.slice(from, end);
      rest = "";
      from = end + 1;
      yield line(whole);
    }
    rest += text.slice(from);
    if (rest.length > MAX_LINE) {
      left += rest.length - KEPT_OF_LONGER;
      rest = rest.slice(0, KEPT_OF_LONGER);
    }
  }
  if (rest !== "") yield line(rest);
}

async function* texts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
