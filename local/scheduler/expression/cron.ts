import { momentOf, type WallTime, wallTimeAt } from "./zone";

/** The calendar's day, as a day field sees it. */
interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

type DayRule = (day: Day) => boolean;

/** A parsed `cron(minutes hours day-of-month month day-of-week year)`. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly onDay: DayRule;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** No zone puts its clock back by more. */
const LARGEST_SHIFT_MS = 3 * HOUR_MS;
const LAST_YEAR = 2199;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Reads the six fields of a cron expression; undefined if they are not valid.
 * Minutes 0–59, hours 0–23, day of month 1–31, month 1–12 or JAN–DEC, day of week 1–7 or SUN–SAT, year
 * 1970–2199; `, - * /` anywhere, `? L W` in the day of the month, `? L #` in the day of the week. One of the
 * two day fields has to be `?`, and only one.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function parseCron(text: string): Cron | undefined {
  const [minute, hour, dayOfMonth, month, dayOfWeek, year, ...more] = text.trim().split(/\s+/);
  if (year === undefined || more.length > 0) return undefined;
  const minutes = parseSet(String(minute), 0, 59);
  const hours = parseSet(String(hour), 0, 23);
  const months = parseSet(String(month), 1, 12, MONTHS);
  const years = parseSet(year, 1970, LAST_YEAR);
  const onDay =
    dayOfWeek === "?"
      ? parseDayOfMonth(String(dayOfMonth))
      : dayOfMonth === "?"
        ? parseDayOfWeek(String(dayOfWeek))
        : undefined;
  if (!minutes || !hours || !months || !years || !onDay) return undefined;
  return { minutes, hours, months, years, onDay };
}

/**
 * The first moment after `afterMs` at which the expression is due in the zone; undefined if there is none. A
 * time that the clock skips is skipped; one that it shows twice counts the first time only.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 */
export function nextCron(cron: Cron, afterMs: number, zone: string): number | undefined {
  const wall = wallTimeAt(afterMs, zone);
  const start = new Date(wall);
  const date = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()));
  while (date.getUTCFullYear() <= LAST_YEAR) {
    const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    if (!cron.years.has(day.year)) date.setUTCFullYear(day.year + 1, 0, 1);
    else if (!cron.months.has(day.month)) date.setUTCMonth(day.month, 1);
    else {
      if (cron.onDay(day)) {
        const moment = nextOnDay(cron, date.getTime(), wall - LARGEST_SHIFT_MS, afterMs, zone);
        if (moment !== undefined) return moment;
      }
      date.setUTCDate(day.day + 1);
    }
  }
  return undefined;
}

/** @param earliest wall times before this one are past, wherever the zone has put its clock. */
function nextOnDay(
  cron: Cron,
  midnight: WallTime,
  earliest: WallTime,
  afterMs: number,
  zone: string,
): number | undefined {
  for (const hour of cron.hours)
    for (const minute of cron.minutes) {
      const wall = midnight + hour * HOUR_MS + minute * MINUTE_MS;
      const moment = wall < earliest ? undefined : momentOf(wall, zone);
      if (moment !== undefined && moment > afterMs) return moment;
    }
  return undefined;
}

function parseDayOfMonth(field: string): DayRule | undefined {
  if (field === "L") return (day) => day.day === lastDay(day);
  const weekdayNear = /^(\d{1,2})W$/.exec(field)?.[1];
  if (weekdayNear !== undefined) {
    const wanted = Number(weekdayNear);
    if (wanted < 1 || wanted > 31) return undefined;
    return (day) => wanted <= lastDay(day) && day.day === nearestWeekday({ ...day, day: wanted });
  }
  const days = parseSet(field, 1, 31);
  return days && ((day) => days.has(day.day));
}

function parseDayOfWeek(field: string): DayRule | undefined {
  if (field === "L") return (day) => weekday(day) === 7;
  const last = /^(.+)L$/.exec(field)?.[1];
  if (last !== undefined) {
    const wanted = parseValue(last, 1, 7, WEEKDAYS);
    return wanted === undefined ? undefined : (day) => weekday(day) === wanted && day.day + 7 > lastDay(day);
  }
  const [, name, nth] = /^(.+)#([1-5])$/.exec(field) ?? [];
  if (name !== undefined) {
    const wanted = parseValue(name, 1, 7, WEEKDAYS);
    return wanted === undefined
      ? undefined
      : (day) => weekday(day) === wanted && Math.ceil(day.day / 7) === Number(nth);
  }
  const days = parseSet(field, 1, 7, WEEKDAYS);
  return days && ((day) => days.has(weekday(day)));
}

/** The values of a field, in order; undefined if it is not valid. */
function parseSet(
  field: string,
  min: number,
  max: number,
  names: readonly string[] = [],
): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const [range = "", step, ...more] = part.split("/");
    const [from = "", to, ...beyond] = range.split("-");
    if (more.length > 0 || beyond.length > 0) return undefined;
    const first = from === "*" ? min : parseValue(from, min, max, names);
    const open = from === "*" || step !== undefined;
    const last = to === undefined ? (open ? max : first) : parseValue(to, min, max, names);
    const stride = step === undefined ? 1 : parseValue(step, 1, max);
    if (first === undefined || last === undefined || stride === undefined || first > last) return undefined;
    if (from === "*" && to !== undefined) return undefined;
    for (let value = first; value <= last; value += stride) values.add(value);
  }
  return new Set([...values].sort((a, b) => a - b));
}

function parseValue(
  text: string,
  min: number,
  max: number,
  names: readonly string[] = [],
): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + 1 : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** 1 for Sunday to 7 for Saturday. */
function weekday({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function lastDay({ year, month }: Day): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The weekday nearest to a day, in the same month. */
function nearestWeekday(day: Day): number {
  if (weekday(day) === 7) return day.day === 1 ? 3 : day.day - 1;
  if (weekday(day) === 1) return day.day === lastDay(day) ? day.day - 2 : day.day + 1;
  return day.day;
}
