import { parseTime } from "../handlers/event/time";
import { UserError } from "./terminal";

const AGE_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How a point in time may be given to a verb: the words of its help and of its errors. */
export const TIME_FORMS =
  "2026-11-23, 2026-11-23T09:00Z (UTC where it names no zone), or an age: 30m, 24h, 7d";

/**
 * A point in time as a person gives it: ISO 8601, UTC where it names no zone, or how long ago it was.
 * @param option the option that it stands in, for the error.
 * @throws UserError when it is neither.
 */
export function pointInTime(text: string, option: string, now: Date): Date {
  const [, number, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return new Date(now.getTime() - Number(number) * (AGE_MS[unit] ?? 0));
  const time = parseTime(text);
  if (time === undefined)
    throw new UserError(`${option} must be a time such as ${TIME_FORMS}; got "${text}"`);
  return new Date(time);
}
