/** What both the warehouse's TIMESTAMP and four-digit ISO 8601 take, in milliseconds since 1970. */
const EARLIEST = Date.parse("0001-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/** Below this a number is more likely seconds than milliseconds: not a time that can be read without a guess. */
const SMALLEST_MILLISECONDS = 1e11;

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
    const time = Date.parse(value);
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
  return typeof value === "string" && CANONICAL.test(value) ? value : new Date(time).toISOString();
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
