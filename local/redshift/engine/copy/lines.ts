import { isUtf8 } from "node:buffer";
import type { CopyCommand } from "../../sql/statements/copy";
import { lineFault, Unloadable } from "./values";

/** A record of a file: what its line is, and what is on it. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly raw: string;
  /** A JSON value, or fields; a fault where it cannot be read. */
  readonly content: { readonly json: unknown } | { readonly fields: readonly Field[] } | Unloadable;
}

/** A field of a delimited file, and whether it stood in quotes. */
export interface Field {
  readonly text: string;
  readonly quoted: boolean;
}

/** A file's text. What is no UTF-8 is replaced where that is asked for. @throws {Unloadable} where it is not */
export function textOf(body: Uint8Array, { replacement }: CopyCommand): string {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const start = buffer.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const text = buffer.subarray(start).toString("utf8");
  if (isUtf8(buffer)) return text;
  if (replacement === undefined)
    throw new Unloadable(lineFault(1220, "String contains invalid or unsupported UTF8 codepoints"));
  return text.replaceAll("\ufffd", replacement);
}

/** The records of a file, in their order. */
export function* linesOf(text: string, copy: CopyCommand): Generator<Line> {
  if (copy.format.kind === "json") yield* jsonLines(text);
  else if (copy.format.kind === "csv")
    yield* csvLines(text, copy.delimiter, copy.format.quote, copy.ignoreHeader);
  else yield* delimitedLines(text, copy);
}

/** JSON objects one behind the other: usually one a line, but they may go over several. */
function* jsonLines(text: string): Generator<Line> {
  let number = 1;
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === "\n") number++;
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    const end = endOfJson(text, at);
    const raw = text.slice(at, end);
    yield { number, raw, content: parsed(raw) };
    number += raw.split("\n").length - 1;
    at = end;
  }
}

function parsed(raw: string): Line["content"] {
  try {
    const json = JSON.parse(raw) as unknown;
    if (typeof json === "object" && json !== null) return { json };
    return new Unloadable(lineFault(1216, "The line is not a JSON object"));
  } catch {
    return new Unloadable(lineFault(1216, "Invalid JSON line"));
  }
}

/** Behind the JSON value that begins there; what is none ends with its line. */
function endOfJson(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (quoted) {
      if (character === "\\") at++;
      else if (character === '"') quoted = false;
      else if (character === "\n") return at; // a line break in a string: it was never closed
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") {
      depth--;
      if (depth === 0) return at + 1;
    } else if (character === "\n" && depth === 0) return at;
  }
  return text.length;
}

function* csvLines(text: string, delimiter: string, quote: string, ignoreHeader: number): Generator<Line> {
  let number = 1;
  let at = 0;
  let record = 0;
  while (at < text.length) {
    const start = at;
    const fields: Field[] = [];
    let fault: Unloadable | undefined;
    let lines = 0;
    for (;;) {
      const opened = text.charAt(at) === quote;
      let value = "";
      if (opened) {
        at++;
        while (at < text.length && !(text.charAt(at) === quote && text.charAt(at + 1) !== quote)) {
          if (text.charAt(at) === quote) at++;
          if (text.charAt(at) === "\n") lines++;
          value += text.charAt(at++);
        }
        if (at >= text.length) fault = new Unloadable(lineFault(1214, "Invalid quote formatting for CSV"));
        at++;
      }
      const stop = indexOfAny(text, [delimiter, "\n"], at);
      const rest = text.slice(at, stop);
      if (opened && rest.replace("\r", "") !== "")
        fault = new Unloadable(lineFault(1214, "Invalid quote formatting for CSV"));
      const ends = text.charAt(stop) !== delimiter;
      fields.push({ text: opened ? value : ends ? rest.replace(/\r$/, "") : rest, quoted: opened });
      at = stop + 1;
      if (ends) break;
    }
    const raw = text.slice(start, at - 1).replace(/\r$/, "");
    if (++record > ignoreHeader) yield { number, raw, content: fault ?? { fields } };
    number += lines + 1;
  }
}

function indexOfAny(text: string, stops: readonly string[], from: number): number {
  const found = stops.map((stop) => text.indexOf(stop, from)).filter((at) => at >= 0);
  return found.length === 0 ? text.length : Math.min(...found);
}

function* delimitedLines(
  text: string,
  { delimiter, escape: escapes, removeQuotes, ignoreHeader }: CopyCommand,
): Generator<Line> {
  let number = 0;
  let at = 0;
  while (at < text.length) {
    number++;
    const start = at;
    const line = number;
    const fields: Field[] = [];
    let value = "";
    for (; ; at++) {
      const character = text.charAt(at);
      if (escapes && character === "\\" && at + 1 < text.length) {
        at++;
        if (text.charAt(at) === "\n") number++;
        value += text.charAt(at) === "N" && value === "" ? "\\N" : text.charAt(at);
      } else if (character === delimiter || character === "\n" || at >= text.length) {
        fields.push(unquoted(character === delimiter ? value : value.replace(/\r$/, ""), removeQuotes));
        value = "";
        if (character !== delimiter) break;
      } else value += character;
    }
    const raw = text.slice(start, at).replace(/\r$/, "");
    at++;
    if (line > ignoreHeader) yield { number: line, raw, content: { fields } };
  }
}

function unquoted(text: string, removeQuotes: boolean): Field {
  const quoted = removeQuotes && /^(["'])[\s\S]*\1$/.test(text) && text.length > 1;
  return { text: quoted ? text.slice(1, -1) : text, quoted };
}
