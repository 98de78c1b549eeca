import type { CsvMap } from "../csv/map";
import { csvReader } from "../csv/reader";
import { recordsOf } from "../csv/record";
import type { Line } from "../input/lines";
import type { LineReader } from "../message";
import { albParser, isAlbEntry } from "./alb";
import { cloudFrontReader, isCloudFrontLine } from "./cloudfront";
import { accessLogParser, isAccessLog } from "./combined";
import { isJsonEvent, ndjsonParser } from "./ndjson";
import { isSnowplowLine, snowplowParser } from "./snowplow";

/** What a format needs besides the lines. */
export interface FormatOptions {
  /** The site of an access log that does not name it: `https://example.com`. */
  readonly site?: string | undefined;
  /** What becomes of a CSV file's columns. */
  readonly map?: CsvMap | undefined;
}

/** A file, being read. */
export interface OpenFormat {
  readonly read: LineReader;
  /** Puts together what stands on several lines. @default a line is a record */
  readonly records?: (lines: AsyncIterable<Line>) => AsyncGenerator<Line>;
}

/** A format of files. */
interface Format {
  /** Whether a line stands in such a file; CSV cannot be told by its lines. */
  readonly knows: (line: string) => boolean;
  readonly open: (options: FormatOptions) => OpenFormat;
}

/** The formats, in the order in which a line is tried. */
export const formats = {
  cloudfront: { knows: isCloudFrontLine, open: () => ({ read: cloudFrontReader() }) },
  alb: { knows: isAlbEntry, open: () => ({ read: albParser }) },
  combined: {
    knows: (line) => isAccessLog("combined", line),
    open: ({ site }) => ({ read: accessLogParser("combined", site) }),
  },
  common: {
    knows: (line) => isAccessLog("common", line),
    open: ({ site }) => ({ read: accessLogParser("common", site) }),
  },
  snowplow: { knows: isSnowplowLine, open: () => ({ read: snowplowParser }) },
  ndjson: { knows: isJsonEvent, open: () => ({ read: ndjsonParser }) },
  csv: { knows: () => false, open: openCsv },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly FormatName[];

/**
 * The format of a file, by its first lines: that which most of them are in.
 * @returns undefined when none of them tells.
 */
export function formatOf(lines: readonly string[]): FormatName | undefined {
  const counts = new Map<FormatName, number>();
  for (const line of lines) {
    const name = formatNames.find((one) => formats[one].knows(line));
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most?.[0];
}

function openCsv({ map }: FormatOptions): OpenFormat {
  if (map === undefined) throw new Error("a CSV file is read by a mapping");
  const { read, split } = csvReader(map);
  return { read, records: (lines) => recordsOf(lines, split) };
}
