import { CsvError, parse } from "csv-parse/sync";
import type { Line } from "../input/lines";

/** The fields of a record; or that a quote in it is still open, or why it is none. */
export type Fields = readonly string[] | "open" | { readonly problem: string };

/** Takes a record apart. */
export type Splitter = (record: string) => Fields;

/** A record of more lines, or characters, is rather one whose quote was never closed. */
const MAX_LINES = 200;
const MAX_CHARACTERS = 64 * 1024;

/** What takes records apart, by the rules of RFC 4180. The last one is remembered: it is asked for twice. */
export function splitter(delimiter: string, quote: string): Splitter {
  let last: string | undefined;
  let fields: Fields = [];
  const split = (record: string): Fields => {
    if (!record.includes(quote)) return record.split(delimiter);
    try {
      const [row] = parse(record, {
        delimiter,
        quote,
        escape: quote,
        relax_column_count: true,
        record_delimiter: [],
      });
      return row ?? [""];
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      if (error.code === "CSV_QUOTE_NOT_CLOSED") return "open";
      return { problem: error.message };
    }
  };
  return (record) => {
    if (record !== last) {
      fields = split(record);
      last = record;
    }
    return fields;
  };
}

/**
 * Puts together the lines of records that have line breaks between quotes. Where a quote is opened and never closed,
 * its line stands alone, so that those after it are read as usual.
 */
export async function* recordsOf(lines: AsyncIterable<Line>, split: Splitter): AsyncGenerator<Line> {
  const iterator = lines[Symbol.asyncIterator]();
  /** Lines that were read too far. */
  let ahead: Line[] = [];
  const next = async (): Promise<Line | undefined> => {
    const line = ahead.shift();
    if (line !== undefined) return line;
    const { done, value } = await iterator.next();
    return done === true ? undefined : value;
  };
  for (let first = await next(); first !== undefined; first = await next()) {
    const of = [first];
    let record = first;
    while (split(record.text) === "open" && of.length < MAX_LINES && record.text.length < MAX_CHARACTERS) {
      const line = await next();
      if (line === undefined) break;
      of.push(line);
      record = { number: first.number, text: of.map(({ text }) => text).join("\n") };
    }
    if (of.length === 1 || Array.isArray(split(record.text))) yield record;
    else {
      yield first;
      ahead = [...of.slice(1), ...ahead];
    }
  }
}
