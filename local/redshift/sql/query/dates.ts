import { SqlError, unsupported } from "../error";

/** Redshift's names of a date part, by each spelling. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  year: ["year", "years", "y", "yr", "yrs"],
  quarter: ["quarter", "quarters", "qtr", "qtrs"],
  month: ["month", "months", "mon", "mons"],
  week: ["week", "weeks", "w"],
  day: ["day", "days", "d"],
  hour: ["hour", "hours", "h", "hr", "hrs"],
  minute: ["minute", "minutes", "m", "min", "mins"],
  second: ["second", "seconds", "s", "sec", "secs"],
  millisecond: [
    "millisecond",
    "milliseconds",
    "ms",
    "msec",
    "msecs",
    "msecond",
    "mseconds",
    "millisec",
    "millisecs",
    "millisecon",
  ],
  microsecond: [
    "microsecond",
    "microseconds",
    "us",
    "usec",
    "usecs",
    "usecond",
    "useconds",
    "microsec",
    "microsecs",
    "microsecon",
  ],
  dow: ["dow", "dayofweek", "dw", "weekday"],
  doy: ["doy", "dayofyear", "dy", "yearday"],
  epoch: ["epoch"],
};

const PARTS = new Map(
  Object.entries(SPELLINGS).flatMap(([part, names]) => names.map((name) => [name, part] as const)),
);

/** Milliseconds and microseconds of the engine include the seconds; Redshift's are the fraction alone. */
const FIELDS_ELSEWHERE = new Set(["millisecond", "microsecond", "epoch"]);

/**
 * A date part's one name.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
 */
export function datePart(name: string): string {
  const part = PARTS.get(name.toLowerCase());
  if (part === undefined) throw new SqlError(`date part "${name}" is not known here`);
  return part;
}

/** A date part that is read out of a time. */
export function fieldPart(name: string): string {
  const part = datePart(name);
  if (FIELDS_ELSEWHERE.has(part) && part !== "epoch") throw unsupported(`date part ${part} of a time`);
  return part;
}

const ADD: Readonly<Record<string, string>> = {
  year: "to_years(cast(N as integer))",
  quarter: "to_months(cast(3 * (N) as integer))",
  month: "to_months(cast(N as integer))",
  week: "to_weeks(cast(N as integer))",
  day: "to_days(cast(N as integer))",
  hour: "to_hours(cast(N as bigint))",
  minute: "to_minutes(cast(N as bigint))",
  second: "to_seconds(cast(N as bigint))",
  millisecond: "to_microseconds(cast(1000 * (N) as bigint))",
  microsecond: "to_microseconds(cast(N as bigint))",
};

/** `DATEADD(part, count, time)`. */
export function dateAdd(part: string, count: string, time: string): string {
  const interval = ADD[datePart(part)];
  if (interval === undefined) throw new SqlError(`DATEADD does not take the date part "${part}"`);
  return `(${time} + ${interval.replace("N", () => count)})`;
}

/** `DATEDIFF(part, from, until)`: how many of the part's boundaries lie between the two. */
export function dateDiff(part: string, from: string, until: string): string {
  const name = datePart(part);
  if (name === "week") throw unsupported("DATEDIFF in weeks");
  if (ADD[name] === undefined) throw new SqlError(`DATEDIFF does not take the date part "${part}"`);
  return `datediff('${name}', ${from}, ${until})`;
}

/** Redshift's datetime patterns by length, and what they are in the engine's. */
const PATTERNS: readonly (readonly [string, string])[] = [
  ["HH24", "%H"],
  ["HH12", "%I"],
  ["YYYY", "%Y"],
  ["IYYY", "%G"],
  ["DDD", "%j"],
  ["MON", ""],
  ["Mon", "%b"],
  ["YY", "%y"],
  ["MM", "%m"],
  ["DD", "%d"],
  ["HH", "%I"],
  ["MI", "%M"],
  ["SS", "%S"],
  ["MS", "%g"],
  ["US", "%f"],
  ["IW", "%V"],
  ["AM", "%p"],
  ["PM", "%p"],
];

/**
 * A datetime format in the engine's spelling.
 * @throws {SqlError} for a pattern that the engine has no like of.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_FORMAT_strings.html
 */
export function timeFormat(format: string): string {
  let spelled = "";
  let rest = format;
  while (rest !== "") {
    const pattern = PATTERNS.find(([name]) => rest.startsWith(name));
    if (pattern === undefined && /^[A-Za-z09]/.test(rest) && !/^T(?![A-Z])/.test(rest))
      throw unsupported(`the format '${format}'`);
    if (pattern !== undefined && pattern[1] === "") throw unsupported(`the format '${format}'`);
    const [taken, written] = pattern ?? [rest.charAt(0), rest.startsWith("%") ? "%%" : rest.charAt(0)];
    spelled += written;
    rest = rest.slice(taken.length);
  }
  return spelled;
}
