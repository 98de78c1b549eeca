import { SqlError } from "../error";
import { literal } from "../tokens";

const UNITS: Readonly<Record<string, string>> = {
  y: "year",
  yr: "year",
  yrs: "year",
  year: "year",
  years: "year",
  mon: "month",
  mons: "month",
  month: "month",
  months: "month",
  w: "week",
  week: "week",
  weeks: "week",
  d: "day",
  day: "day",
  days: "day",
  h: "hour",
  hr: "hour",
  hrs: "hour",
  hour: "hour",
  hours: "hour",
  m: "minute",
  min: "minute",
  mins: "minute",
  minute: "minute",
  minutes: "minute",
  s: "second",
  sec: "second",
  secs: "second",
  second: "second",
  seconds: "second",
  ms: "millisecond",
  msec: "millisecond",
  millisecond: "millisecond",
  milliseconds: "millisecond",
  us: "microsecond",
  usec: "microsecond",
  microsecond: "microsecond",
  microseconds: "microsecond",
};

/**
 * An interval literal: `'1 day 2 hours'`, `'1' day`, `'52 weeks'`, `'01:30:00'`.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_interval_literals.html
 */
export function intervalSql(text: string, unit: string | undefined): string {
  const trimmed = text.trim();
  if (unit !== undefined) {
    if (!/^[+-]?\d+(\.\d+)?$/.test(trimmed)) throw wrong(text);
    return `(interval ${literal(`${trimmed} ${unit}`)})`;
  }
  if (/^[+-]?\d+$/.test(trimmed)) return `(interval ${literal(`${trimmed} second`)})`;
  if (/^[+-]?\d+:\d{2}(:\d{2}(\.\d+)?)?$/.test(trimmed)) return `cast(${literal(trimmed)} as interval)`;
  const pieces = [...trimmed.replaceAll(",", " ").matchAll(/([+-]?\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const rest = trimmed
    .replaceAll(",", " ")
    .replaceAll(/([+-]?\d+(?:\.\d+)?)\s*([a-z]+)/gi, "")
    .trim();
  if (pieces.length === 0 || rest !== "") throw wrong(text);
  const parts = pieces.map(([, count = "", name = ""]) => {
    const known = UNITS[name.toLowerCase()];
    if (known === undefined) throw wrong(text);
    return `interval ${literal(`${count} ${known}`)}`;
  });
  return `(${parts.join(" + ")})`;
}

function wrong(text: string): SqlError {
  return new SqlError(`invalid input syntax for type interval: "${text}"`);
}
