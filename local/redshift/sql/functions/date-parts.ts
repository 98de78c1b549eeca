import { SqlError } from "../error";

/** A date part, by its one name. */
export type Part =
  | "millennium"
  | "century"
  | "decade"
  | "year"
  | "quarter"
  | "month"
  | "week"
  | "day"
  | "dow"
  | "doy"
  | "hour"
  | "minute"
  | "second"
  | "millisecond"
  | "microsecond"
  | "epoch"
  | "timezone"
  | "timezone_hour"
  | "timezone_minute";

const SPELLINGS: Readonly<Record<Part, string>> = {
  millennium: "millennium millennia mil mils",
  century: "century centuries c cent cents",
  decade: "decade decades dec decs",
  epoch: "epoch",
  year: "year years y yr yrs",
  quarter: "quarter quarters qtr qtrs",
  month: "month months mon mons",
  week: "week weeks w",
  dow: "dayofweek dow dw weekday",
  doy: "dayofyear doy dy yearday",
  day: "day days d",
  hour: "hour hours h hr hrs",
  minute: "minute minutes m min mins",
  second: "second seconds s sec secs",
  millisecond: "millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon",
  microsecond: "microsecond microseconds microsec microsecs microsecon us usec usecs usecond useconds",
  timezone: "timezone",
  timezone_hour: "timezone_hour",
  timezone_minute: "timezone_minute",
};

const PARTS = new Map(
  Object.entries(SPELLINGS).flatMap(([part, names]) =>
    names.split(" ").map((name) => [name, part as Part] as const),
  ),
);

/**
 * A date part's one name.
 * @throws {SqlError} for what is none.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
 */
export function datePart(name: string): Part {
  const part = PARTS.get(name.toLowerCase());
  if (part === undefined) throw new SqlError(`timestamp units "${name}" not recognized`);
  return part;
}
