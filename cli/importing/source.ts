import { createHash } from "node:crypto";
import { UserError } from "../terminal";
import {
  type FormatName,
  type FormatOptions,
  formatNames,
  formatOf,
  formats,
  type OpenFormat,
} from "./formats";
import type { Input } from "./input/files";
import { type Line, linesOf } from "./input/lines";
import { unpacked } from "./input/unpack";

/** How files are to be read. */
export interface Reading extends FormatOptions {
  /** @default what each file's first lines tell */
  readonly format?: FormatName | undefined;
  /** The mapping as it is written. */
  readonly mapText?: string | undefined;
}

/** A file that was opened. */
export interface OpenInput {
  readonly format: FormatName;
  readonly open: OpenFormat;
  /** Its first line. */
  readonly head: string;
  /** All lines, the first among them; those of one record together. */
  readonly lines: AsyncIterable<Line>;
}

/** Formats of logs that do not name their site. */
export const siteless: readonly FormatName[] = ["combined", "common"];

/** Lines that are looked at to tell a format. */
const SAMPLE = 20;

/**
 * Opens a file and tells its format.
 * @returns undefined when nothing is in it.
 * @throws UserError when it cannot be unpacked, or nothing tells its format.
 */
export async function openInput(
  input: Input,
  reading: Reading,
  onBytes: (bytes: number) => void,
): Promise<OpenInput | undefined> {
  const lines = linesOf(unpacked(input.open(onBytes), input.name));
  const sample: Line[] = [];
  while (sample.length < SAMPLE) {
    const next = await lines.next();
    if (next.done === true) break;
    sample.push(next.value);
  }
  const [first] = sample;
  if (first === undefined) return undefined;
  const format = reading.format ?? told(input.name, sample);
  if (reading.site !== undefined && !siteless.includes(format))
    throw new UserError(`--site goes with ${siteless.join(" and ")}; ${input.name} is ${format}.`);
  const open: OpenFormat = formats[format].open(reading);
  const all = { [Symbol.asyncIterator]: () => again(sample, lines) };
  return { format, open, head: first.text, lines: open.records?.(all) ?? all };
}

/** What tells a way of reading from another: the same lines read otherwise are other events. */
export function settingsOf(format: FormatName, { site, mapText }: Reading): string {
  const text = JSON.stringify([format, site ?? null, mapText ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function told(name: string, sample: readonly Line[]): FormatName {
  const format = formatOf(sample.map(({ text }) => text));
  if (format !== undefined) return format;
  const lines = sample.slice(0, 3).map(({ text }) => `  ${text.slice(0, 160)}`);
  throw new UserError(
    [
      `The first lines of ${name} do not tell its format. Name it: --format ${formatNames.join("|")}; CSV needs a --map.`,
      ...lines,
    ].join("\n"),
  );
}

async function* again(sample: readonly Line[], rest: AsyncGenerator<Line>): AsyncGenerator<Line> {
  yield* sample;
  yield* rest;
}
