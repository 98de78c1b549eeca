import { formatterOf } from "../../service/time-zone";

/** A moment on the clock and calendar of one time zone. */
interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly offsetMinutes: number;
  readonly zone: string;
}

const MS_PER_DAY = 86_400_000;

/** Whether the name is a time zone of the IANA database. */
export function isTimeZone(zone: string): boolean {
  try {
    return /^[A-Za-z]/.test(zone) && formatterOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Formats a moment with a pattern of Java's DateTimeFormatter, as Firehose evaluates `!{timestamp:pattern}`.
 * Letters that it knows: y u Y (year, year, week-based year) M L d D E a H h k K m s S w Q q (also as words)
 * V X x Z; text in single quotes and everything that is no letter stands for itself.
 * @throws RangeError naming a letter or character that is not understood.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#timestamp-namespace
 * @see https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html
 */
export function formatTime(pattern: string, momentMs: number, zone: string): string {
  const time = localTime(momentMs, zone);
  let text = "";
  for (const [token] of pattern.matchAll(/'(?:[^']|'')*'?|([A-Za-z])\1*|[^A-Za-z']/g)) {
    if (token.startsWith("'")) text += unquote(token);
    else if (/[A-Za-z]/.test(token)) text += field(token, time);
    else if (/[[\]{}#]/.test(token)) throw new RangeError(`Pattern includes reserved character: '${token}'`);
    else text += token;
  }
  return text;
}

function unquote(token: string): string {
  if (token.length < 2 || !token.endsWith("'"))
    throw new RangeError(`Pattern ends with an incomplete string literal: ${token}`);
  return token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'");
}

function field(token: string, time: LocalTime): string {
  const count = token.length;
  const number = (value: number): string => String(value).padStart(count, "0");
  switch (token[0]) {
    case "y":
    case "u":
      return year(time.year, count);
    case "Y":
      return year(weekOf(time).year, count);
    case "w":
      return number(weekOf(time).week);
    case "M":
    case "L":
      return count < 3 ? number(time.month) : word(time, { month: WIDTHS[count - 3] ?? "long" });
    case "Q":
    case "q":
      return count < 3
        ? number(Math.ceil(time.month / 3))
        : ["Q1", "Q2", "Q3", "Q4"][Math.ceil(time.month / 3) - 1] || "";
    case "d":
      return number(time.day);
    case "D":
      return number(dayOfYear(time));
    case "E":
      return word(time, { weekday: WIDTHS[Math.max(0, count - 3)] ?? "long" });
    case "a":
      return time.hour < 12 ? "AM" : "PM";
    case "H":
      return number(time.hour);
    case "k":
      return number(time.hour === 0 ? 24 : time.hour);
    case "K":
      return number(time.hour % 12);
    case "h":
      return number(time.hour % 12 === 0 ? 12 : time.hour % 12);
    case "m":
      return number(time.minute);
    case "s":
      return number(time.second);
    case "S":
      return String(time.millisecond).padStart(3, "0").padEnd(count, "0").slice(0, count);
    case "V":
      return time.zone;
    case "X":
      return time.offsetMinutes === 0 ? "Z" : offset(time.offsetMinutes, count);
    case "x":
      return offset(time.offsetMinutes, count);
    case "Z":
      return offset(time.offsetMinutes, count < 4 ? 2 : 3);
    default:
      throw new RangeError(`Unknown pattern letter: ${token[0]}`);
  }
}

const WIDTHS = ["short", "long", "narrow"] as const;

function year(value: number, count: number): string {
  return count === 2 ? String(value % 100).padStart(2, "0") : String(value).padStart(count, "0");
}

/** `+hh` with 1 letter (and minutes if there are any), `+hhmm` with 2, `+hh:mm` with more. */
function offset(minutes: number, count: number): string {
  const sign = minutes < 0 ? "-" : "+";
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0");
  const rest = String(Math.abs(minutes) % 60).padStart(2, "0");
  if (count === 1) return rest === "00" ? sign + hours : sign + hours + rest;
  return count === 2 ? sign + hours + rest : `${sign}${hours}:${rest}`;
}

function word(time: LocalTime, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(Date.UTC(time.year, time.month - 1, time.day));
  return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(date);
}

function dayOfYear({ year, month, day }: LocalTime): number {
  return (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 0)) / MS_PER_DAY;
}

/** The week as Java counts it in the United States: from Sunday, the first one holding January 1. */
function weekOf(time: LocalTime): { year: number; week: number } {
  const date = Date.UTC(time.year, time.month - 1, time.day);
  const saturday = new Date(date + (6 - new Date(date).getUTCDay()) * MS_PER_DAY);
  const weekYear = saturday.getUTCFullYear();
  const days = (saturday.getTime() - Date.UTC(weekYear, 0, 1)) / MS_PER_DAY;
  return { year: weekYear, week: Math.floor(days / 7) + 1 };
}

function localTime(momentMs: number, zone: string): LocalTime {
  const parts = new Map<string, number>();
  for (const { type, value } of formatterOf(zone).formatToParts(momentMs)) parts.set(type, Number(value));
  const part = (name: string): number => parts.get(name) ?? 0;
  const [year, month, day] = [part("year"), part("month"), part("day")];
  const [hour, minute, second] = [part("hour"), part("minute"), part("second")];
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  return {
    ...{ year, month, day, hour, minute, second, zone },
    millisecond: momentMs % 1000,
    offsetMinutes: Math.round((asUtc - momentMs) / 60_000),
  };
}
