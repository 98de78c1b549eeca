import { formatterOf } from "../../service/time-zone";

/** A date and time on a wall clock, as the UTC moment that reads the same, in milliseconds. */
export type WallTime = number;

const DAY_MS = 86_400_000;

/** Whether the name is a time zone of the IANA database. */
export function isTimeZone(zone: string): boolean {
  try {
    return /^[A-Za-z]/.test(zone) && formatterOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** What a clock in the zone shows at a moment. Whole seconds. */
export function wallTimeAt(momentMs: number, zone: string): WallTime {
  const parts = new Map<string, number>();
  for (const { type, value } of formatterOf(zone).formatToParts(momentMs)) parts.set(type, Number(value));
  const part = (name: string): number => parts.get(name) ?? 0;
  return Date.UTC(
    ...([part("year"), part("month") - 1, part("day")] as const),
    ...([part("hour"), part("minute"), part("second")] as const),
  );
}

/**
 * The first moment at which a clock in the zone shows this time; undefined when it never does, because the
 * clock is put forward over it.
 */
export function momentOf(wall: WallTime, zone: string): number | undefined {
  const moments = offsetsAround(wall, zone)
    .map((offsetMs) => wall - offsetMs)
    .filter((moment) => wallTimeAt(moment, zone) === wall);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

/** As `momentOf`; a time that the clock is put forward over is as much later as the clock jumps. */
export function momentAtOrAfter(wall: WallTime, zone: string): number {
  return momentOf(wall, zone) ?? wall - Math.min(...offsetsAround(wall, zone));
}

/** The zone's offsets a day before and after: there is at most one change of the clock in between. */
function offsetsAround(wall: WallTime, zone: string): number[] {
  return [wall - DAY_MS, wall + DAY_MS].map((moment) => wallTimeAt(moment, zone) - moment);
}
