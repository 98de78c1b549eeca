import type { TypeName } from "../sql/types";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Hours east of UTC by the abbreviations that Redshift's users write. */
const ZONES: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  z: 0,
  zulu: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  akst: -9,
  akdt: -8,
  hst: -10,
  wet: 0,
  bst: 1,
  cet: 1,
  cest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  ist: 5.5,
  jst: 9,
  aest: 10,
  aedt: 11,
};

interface Parts {
  date?: readonly [year: number, month: number, day: number];
  clock?: string;
  /** Minutes east of UTC. */
  zone?: number;
}

/**
 * Reads a date, a time or both as Redshift does: month before day, years of two digits from 1970 to 2069.
 * @returns the value in ISO 8601, as the type has it, in UTC where the type has a zone; undefined for what is none.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_Date_and_time_literals.html
 */
export function parseTime(text: string, type: TypeName): string | undefined {
  const parts = partsOf(text.trim());
  if (parts === undefined) return undefined;
  const { date, clock = "00:00:00", zone } = parts;
  if (type === "time") return parts.clock;
  if (type === "timetz") return parts.clock === undefined ? undefined : `${shiftClock(clock, zone ?? 0)}+00`;
  if (date === undefined || !exists(date)) return undefined;
  const day = date.map((part, i) => String(part).padStart(i === 0 ? 4 : 2, "0")).join("-");
  if (type === "date") return day;
  if (type === "timestamptz") return shift(day, clock, zone ?? 0);
  return `${day} ${clock}`;
}

function partsOf(text: string): Parts | undefined {
  const found: Parts = {};
  let rest = text;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const match = pattern.exec(rest);
    if (match === null) return undefined;
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`.trim();
    return match;
  };
  const clock =
    take(/(?:^|[ T])(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?(?:\s*(am|pm))?/i) ??
    take(/(?:T|\d{8} )(\d{2})(\d{2})(\d{2})(\.\d+)?$/i);
  if (clock !== undefined) {
    if (/^\d{8} /.test(clock[0])) rest = `${clock[0].slice(0, 8)} ${rest}`.trim();
    const read = clockOf(clock);
    if (read === undefined) return undefined;
    found.clock = read;
    const zone = take(/(?:^|\s)([+-])(\d{1,2})(?::?(\d{2}))?$/) ?? undefined;
    if (zone !== undefined)
      found.zone = (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3] ?? 0));
    else {
      const named = take(/(?:^|\s)([a-z]{1,5})$/i);
      if (named !== undefined) {
        const hours = ZONES[(named[1] ?? "").toLowerCase()];
        if (hours === undefined) return undefined;
        found.zone = hours * 60;
      }
    }
  }
  if (rest !== "") {
    const date = dateOf(rest.replace(/T$/, "").trim());
    if (date === undefined) return undefined;
    found.date = date;
  }
  return found.date === undefined && found.clock === undefined ? undefined : found;
}

function clockOf([, hours = "", minutes = "", seconds = "00", fraction = "", half = ""]: RegExpExecArray):
  | string
  | undefined {
  let hour = Number(hours);
  if (half !== "") {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  }
  if (hour > 24 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return `${String(hour).padStart(2, "0")}:${minutes}:${seconds}${fraction.slice(0, 7)}`;
}

function dateOf(text: string): readonly [number, number, number] | undefined {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (iso !== null) return [Number(iso[1]), Number(iso[2]), Number(iso[3])];
  const numeric = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(text);
  if (numeric !== null) return [yearOf(numeric[3] ?? ""), Number(numeric[1]), Number(numeric[2])];
  const short = /^(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (short !== null) return [yearOf(short[1] ?? ""), Number(short[2]), Number(short[3])];
  const named = /^([a-z]+)[-\s]+(\d{1,2})[-,\s]+(\d{4}|\d{2})$/i.exec(text) ?? undefined;
  if (named !== undefined) return withMonth(named[1] ?? "", named[2] ?? "", named[3] ?? "");
  const dayFirst = /^(\d{1,2})[-\s]([a-z]+)[-,\s]+(\d{4}|\d{2})$/i.exec(text);
  if (dayFirst !== null) return withMonth(dayFirst[2] ?? "", dayFirst[1] ?? "", dayFirst[3] ?? "");
  const yearFirst = /^(\d{4})[-\s]([a-z]+)[-\s](\d{1,2})$/i.exec(text);
  if (yearFirst !== null) return withMonth(yearFirst[2] ?? "", yearFirst[3] ?? "", yearFirst[1] ?? "");
  const ordinal = /^(\d{4})\.?(\d{3})$/.exec(text);
  if (ordinal === null) return undefined;
  const day = new Date(Date.UTC(Number(ordinal[1]), 0, Number(ordinal[2])));
  return [day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate()];
}

function withMonth(name: string, day: string, year: string): readonly [number, number, number] | undefined {
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase());
  return month < 0 ? undefined : [yearOf(year), month + 1, Number(day)];
}

function yearOf(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

function exists([year, month, day]: readonly [number, number, number]): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year > 0;
}

/** A moment of a zone, as UTC has it. */
function shift(day: string, clock: string, minutesEast: number): string {
  const [whole = "", fraction = ""] = clock.split(".");
  const moment = new Date(`${day}T${whole}Z`);
  moment.setUTCMinutes(moment.getUTCMinutes() - minutesEast);
  return `${moment.toISOString().slice(0, 19).replace("T", " ")}${fraction === "" ? "" : `.${fraction}`}+00`;
}

function shiftClock(clock: string, minutesEast: number): string {
  return shift("2000-01-02", clock, minutesEast).slice(11).replace("+00", "");
}
