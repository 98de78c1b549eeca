/** What both the warehouse's TIMESTAMP and four-digit ISO 8601 take, in milliseconds since 1970. */
const EARLIEST = Date.parse("0001-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/** Below this a number is more likely seconds than milliseconds: not a time that can be read without a guess. */
const SMALLEST_MILLISECONDS = 1e11;

const DAY_MS = 86_400_000;

/** Midnights of days that were read, and days that were written: times lie in few, and Date is slow to tell. */
const midnights = new Map<string, number>();
const days = new Map<number, string>();

/** As many days as are remembered. */
const MAX_DAYS = 512;

const twoDigits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, "0"));

/** As JavaScript writes it. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const ISO_8601 =
  /^(\d{4}-\d\d-(\d\d))(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * Reads a time as clients send it: ISO 8601 text, UTC where it names no zone, or a number of milliseconds
 * since 1970.
 * @returns milliseconds since 1970, or undefined for anything that is not a time the warehouse can hold.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === "number")
    return Math.abs(value) >= SMALLEST_MILLISECONDS && isStorable(value) ? Math.trunc(value) : undefined;
  if (typeof value !== "string") return undefined;
  // Nearly every client writes this form, and most days are in every month: it needs no taking apart.
  if (CANONICAL.test(value) && value.slice(8, 10) <= "28") {
    const time = parseCanonical(value);
    return isStorable(time) ? time : undefined;
  }
  const match = ISO_8601.exec(value);
  if (match === null) return undefined;
  const [, date = "", day, minute = "00:00", second = "00", fraction = "", zone = "Z"] = match;
  const midnight = Date.parse(`${date}T00:00:00.000Z`);
  // Date.parse takes 31 February for 3 March.
  if (Number(day) > 28 && new Date(midnight).getUTCDate() !== Number(day)) return undefined;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const time = Date.parse(`${date}T${minute}:${second}.${milliseconds}${zoneOf(zone)}`);
  return isStorable(time) ? time : undefined;
}

/** Reads a time like `parseTime`. @returns `YYYY-MM-DDTHH:MM:SS.mmmZ`, undefined for what is no time. */
export function canonicalTime(value: unknown): string | undefined {
  const time = parseTime(value);
  if (time === undefined) return undefined;
  return typeof value === "string" && CANONICAL.test(value) ? value : formatTime(time);
}

/** A storable number of milliseconds since 1970 as `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function formatTime(time: number): string {
  const number = Math.floor(time / DAY_MS);
  const day = remembered(days, number, () => new Date(number * DAY_MS).toISOString().slice(0, 10));
  const rest = time - number * DAY_MS;
  const hour = twoDigits[Math.floor(rest / 3_600_000)];
  const minute = twoDigits[Math.floor(rest / 60_000) % 60];
  const second = twoDigits[Math.floor(rest / 1_000) % 60];
  const milliseconds = Math.floor(rest % 1_000);
  return `${day}T${hour}:${minute}:${second}.${milliseconds < 100 ? "0" : ""}${twoDigits[milliseconds] ?? milliseconds}Z`;
}

/** Whether a number of milliseconds since 1970 is a time that the warehouse can hold. */
export function isStorable(time: number): boolean {
  return time >= EARLIEST && time <= LATEST;
}

/** `+02`, `+0200`, `z` as Date.parse takes them. */
function zoneOf(zone: string): string {
  if (zone === "Z" || zone === "z") return "Z";
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** The time of a text in the canonical form; NaN for an hour, minute or day that there is not. */
function parseCanonical(text: string): number {
  const day = text.slice(0, 10);
  const midnight = remembered(midnights, day, () => Date.parse(`${day}T00:00:00.000Z`));
  const hour = digitsAt(text, 11);
  const minute = digitsAt(text, 14);
  const second = digitsAt(text, 17);
  // Midnight may be written as the hour 24 of the day before: Date.parse knows when.
  if (hour > 23) return Date.parse(text);
  if (minute > 59 || second > 59) return Number.NaN;
  const milliseconds = digitsAt(text, 20) * 10 + text.charCodeAt(22) - 48;
  return midnight + ((hour * 60 + minute) * 60 + second) * 1_000 + milliseconds;
}

function remembered<Key, Value extends string | number>(
  memory: Map<Key, Value>,
  key: Key,
  find: () => Value,
): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= MAX_DAYS) memory.clear();
  const value = find();
  memory.set(key, value);
  return value;
}

function digitsAt(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
