/** Reads a text as a time, in milliseconds since 1970. @returns undefined for what is none. */
export type TimeReader = (text: string) => number | undefined;

/** What a letter of a format stands for: the digits of a part, and which part. */
const tokens = {
  yyyy: { part: "year", pattern: "(\\d{4})" },
  MMM: { part: "monthName", pattern: "([A-Za-z]{3})" },
  MM: { part: "month", pattern: "(\\d{2})" },
  M: { part: "month", pattern: "(\\d{1,2})" },
  dd: { part: "day", pattern: "(\\d{2})" },
  d: { part: "day", pattern: "(\\d{1,2})" },
  HH: { part: "hour", pattern: "(\\d{2})" },
  H: { part: "hour", pattern: "(\\d{1,2})" },
  hh: { part: "hour12", pattern: "(\\d{2})" },
  h: { part: "hour12", pattern: "(\\d{1,2})" },
  mm: { part: "minute", pattern: "(\\d{2})" },
  m: { part: "minute", pattern: "(\\d{1,2})" },
  ss: { part: "second", pattern: "(\\d{2})" },
  s: { part: "second", pattern: "(\\d{1,2})" },
  S: { part: "fraction", pattern: "(\\d{1,9})" },
  a: { part: "half", pattern: "([AaPp][Mm])" },
  Z: { part: "offset", pattern: "(Z|[+-]\\d{2}:?\\d{2})" },
} as const;

type Token = keyof typeof tokens;
type Part = (typeof tokens)[Token]["part"];

/** The letters that a format may have. */
export const timeTokens = Object.keys(tokens);

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const DAY_MS = 86_400_000;

/**
 * What reads times of a format: `d.M.yyyy HH:mm:ss`, letters between apostrophes standing for themselves.
 * @param zone that times are in which name none, IANA.
 * @returns what is wrong with the format, where something is.
 */
export function timeReader(format: string, zone: string): TimeReader | { readonly problem: string } {
  const parts: Part[] = [];
  let pattern = "";
  for (const [piece, quoted] of format.matchAll(/'([^']*)'|([a-zA-Z])\2*|[\s\S]/g)) {
    const token = Object.hasOwn(tokens, piece) ? tokens[piece as Token] : undefined;
    if (token !== undefined) {
      if (parts.includes(token.part))
        return { problem: `has ${piece} where its ${token.part} stands already` };
      parts.push(token.part);
      pattern += token.pattern;
    } else if (quoted === undefined && /[a-zA-Z]/.test(piece))
      return { problem: `has ${piece}, which stands for nothing` };
    else pattern += literal(quoted ?? piece);
  }
  const has = (...wanted: readonly Part[]): boolean => wanted.some((part) => parts.includes(part));
  if (!has("year") || !has("month", "monthName") || !has("day"))
    return { problem: "must have a year, a month and a day" };
  if (has("hour12") !== has("half")) return { problem: "must have h and a together" };
  const expression = new RegExp(`^${pattern}$`);
  const toUtc = wallClock(zone);
  return (text) => {
    const match = expression.exec(text);
    return match === null
      ? undefined
      : timeOf(new Map(parts.map((part, at) => [part, match[at + 1] ?? ""])), toUtc);
  };
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function timeOf(parts: ReadonlyMap<Part, string>, toUtc: (wall: number) => number): number | undefined {
  const number = (part: Part): number => Number(parts.get(part) ?? 0);
  const month = parts.has("month")
    ? number("month")
    : months.indexOf((parts.get("monthName") ?? "").toLowerCase()) + 1;
  const half = parts.get("half")?.toLowerCase();
  const hour = half === undefined ? number("hour") : (number("hour12") % 12) + (half === "pm" ? 12 : 0);
  if (half !== undefined && (number("hour12") < 1 || number("hour12") > 12)) return undefined;
  const day = number("day");
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for those of the last century, and the 31st of February for a day of March.
  date.setUTCFullYear(number("year"), month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || number("minute") > 59 || number("second") > 59) return undefined;
  const milliseconds = Number((parts.get("fraction") ?? "0").slice(0, 3).padEnd(3, "0"));
  const wall =
    date.getTime() + ((hour * 60 + number("minute")) * 60 + number("second")) * 1_000 + milliseconds;
  const offset = parts.get("offset");
  return offset === undefined ? toUtc(wall) : wall - offsetMs(offset);
}

function offsetMs(offset: string): number {
  if (offset === "Z") return 0;
  const digits = offset.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** Clocks change at whole quarters of an hour. */
const QUARTER_MS = 15 * 60_000;
const MAX_QUARTERS = 10_000;

/**
 * What tells when the clocks of a time zone show a time. Of an hour that they show twice, the first counts; one that
 * they leave out is that much after the change.
 */
export function wallClock(zone: string): (wall: number) => number {
  if (zone === "UTC") return (wall) => wall;
  const clock = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", era: "short" },
  });
  const offsetAt = (time: number): number => {
    const whole = Math.floor(time / 1_000) * 1_000;
    const shown = Object.fromEntries(clock.formatToParts(whole).map(({ type, value }) => [type, value]));
    const at = (name: string): number => Number(shown[name]);
    const date = new Date(0);
    date.setUTCFullYear(at("year"), at("month") - 1, at("day"));
    return date.getTime() + ((at("hour") * 60 + at("minute")) * 60 + at("second")) * 1_000 - whole;
  };
  const known = new Map<number, number>();
  return (wall) => {
    const quarter = Math.floor(wall / QUARTER_MS);
    let offset = known.get(quarter);
    if (offset === undefined) {
      offset = offsetOfWall(wall, offsetAt);
      if (known.size >= MAX_QUARTERS) known.clear();
      known.set(quarter, offset);
    }
    return wall - offset;
  };
}

function offsetOfWall(wall: number, offsetAt: (time: number) => number): number {
  const before = offsetAt(wall - DAY_MS);
  const after = offsetAt(wall + DAY_MS);
  const isShown = (offset: number): boolean => offsetAt(wall - offset) === offset;
  // The greater offset is the earlier time.
  const [first, second] = before >= after ? [before, after] : [after, before];
  return isShown(first) ? first : isShown(second) ? second : before;
}
