import { roman } from "./roman";

export const MONTHS =
  "January February March April May June July August September October November December".split(" ");
export const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

/** What a format is made of: fields, longest first, texts in quotes, and any other character. */
const PIECES =
  /"[^"]*"|FM|TH|th|HH24|HH12|HH|hh24|hh12|hh|MI|mi|SSSS|ssss|SS|ss|MS|ms|US|us|A\.M\.|P\.M\.|a\.m\.|p\.m\.|AM|PM|am|pm|Y,YYY|YYYY|yyyy|YYY|yyy|YY|yy|Y|y|IYYY|IYY|IY|I(?=[^DW]|$)|BC|AD|bc|ad|MONTH|Month|month|MON|Mon|mon|MM|mm|DAY|Day|day|DY|Dy|dy|DDD|ddd|DD|dd|ID|D|d|WW|ww|IW|iw|W|w|CC|cc|J|Q|q|RM|rm|TZ|tz|OF|[\s\S]/g;

/** The pieces of a format. */
export function piecesOf(format: string): string[] {
  return format.match(PIECES) ?? [];
}

/**
 * TO_CHAR of a point in time.
 * @param time `2024-01-31 10:00:00[.ffffff]`, or a time of day alone.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_FORMAT_strings.html
 */
export function formatTime(time: string, format: string): string {
  const [, day = "2000-01-01", clock = "00:00:00", fraction = ""] =
    /^(?:(\d{4,}-\d{2}-\d{2})[ T]?)?(\d{2}:\d{2}:\d{2})?(?:\.(\d+))?/.exec(time) ?? [];
  const moment = new Date(`${day}T${clock}Z`);
  const micros = fraction.padEnd(6, "0").slice(0, 6);
  let plain = false;
  let out = "";
  for (const piece of piecesOf(format)) {
    if (piece === "FM") plain = true;
    else if (piece === "TH" || piece === "th") out += ordinal(out, piece);
    else {
      out += field(piece, moment, micros, plain);
      plain = false;
    }
  }
  return out;
}

function ordinal(written: string, like: string): string {
  const number = Number(/(\d+)$/.exec(written)?.[1] ?? 0);
  const last = number % 10;
  const suffix = number % 100 > 10 && number % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][last] ?? "th");
  return like === "TH" ? suffix.toUpperCase() : suffix;
}

function field(piece: string, moment: Date, micros: string, plain: boolean): string {
  const padded = (value: number, width: number): string =>
    plain ? String(value) : String(value).padStart(width, "0");
  const named = (name: string, width: number): string =>
    plain ? cased(piece, name) : cased(piece, name).padEnd(width);
  const year = moment.getUTCFullYear();
  const hour = moment.getUTCHours();
  switch (piece.toUpperCase()) {
    case "YYYY":
      return padded(year, 4);
    case "Y,YYY":
      return `${Math.floor(year / 1000)},${String(year % 1000).padStart(3, "0")}`;
    case "YYY":
    case "YY":
    case "Y":
      return padded(year % 10 ** piece.length, piece.length);
    case "IYYY":
      return padded(isoWeek(moment).year, 4);
    case "IYY":
    case "IY":
    case "I":
      return padded(isoWeek(moment).year % 10 ** piece.length, piece.length);
    case "BC":
    case "AD":
      return cased(piece, "AD");
    case "MONTH":
      return named(MONTHS[moment.getUTCMonth()] ?? "", 9);
    case "MON":
      return cased(piece, (MONTHS[moment.getUTCMonth()] ?? "").slice(0, 3));
    case "MM":
      return padded(moment.getUTCMonth() + 1, 2);
    case "RM":
      return cased(piece, roman(moment.getUTCMonth() + 1)).padEnd(plain ? 0 : 4);
    case "DAY":
      return named(DAYS[moment.getUTCDay()] ?? "", 9);
    case "DY":
      return cased(piece, (DAYS[moment.getUTCDay()] ?? "").slice(0, 3));
    case "DDD":
      return padded(dayOfYear(moment), 3);
    case "DD":
      return padded(moment.getUTCDate(), 2);
    case "D":
      return String(moment.getUTCDay() + 1);
    case "ID":
      return String(moment.getUTCDay() || 7);
    case "WW":
      return padded(Math.floor((dayOfYear(moment) - 1) / 7) + 1, 2);
    case "IW":
      return padded(isoWeek(moment).week, 2);
    case "W":
      return String(Math.floor((moment.getUTCDate() - 1) / 7) + 1);
    case "CC":
      return padded(Math.ceil(year / 100), 2);
    case "J":
      return String(Math.floor(moment.getTime() / 86_400_000) + 2_440_588);
    case "Q":
      return String(Math.floor(moment.getUTCMonth() / 3) + 1);
    case "HH24":
      return padded(hour, 2);
    case "HH12":
    case "HH":
      return padded(hour % 12 || 12, 2);
    case "MI":
      return padded(moment.getUTCMinutes(), 2);
    case "SSSS":
      return String(hour * 3600 + moment.getUTCMinutes() * 60 + moment.getUTCSeconds());
    case "SS":
      return padded(moment.getUTCSeconds(), 2);
    case "MS":
      return micros.slice(0, 3);
    case "US":
      return micros;
    case "AM":
    case "PM":
      return cased(piece, hour < 12 ? "AM" : "PM");
    case "A.M.":
    case "P.M.":
      return cased(piece, hour < 12 ? "A.M." : "P.M.");
    case "TZ":
      return cased(piece, "UTC");
    case "OF":
      return "+00";
  }
  return piece.startsWith('"') ? piece.slice(1, -1) : piece;
}

/** A name in the case of its field: MONTH, Month, month. */
function cased(piece: string, name: string): string {
  if (piece === piece.toUpperCase()) return name.toUpperCase();
  if (piece === piece.toLowerCase()) return name.toLowerCase();
  return name;
}

function dayOfYear(moment: Date): number {
  return Math.floor((moment.getTime() - Date.UTC(moment.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

/** The week that has the year's first Thursday is its first. */
function isoWeek(moment: Date): { year: number; week: number } {
  const thursday = new Date(moment.getTime() + (4 - (moment.getUTCDay() || 7)) * 86_400_000);
  return { year: thursday.getUTCFullYear(), week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1 };
}
