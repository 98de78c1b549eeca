import { DAYS, MONTHS, piecesOf } from "./time-format";

/**
 * TO_TIMESTAMP and TO_DATE: reads what TO_CHAR writes. What is out of range goes over into the next unit, unless it
 * must not.
 * @returns `2024-01-31 10:00:00.000000`
 * @throws RangeError for what does not fit the format.
 */
export function parseFormatted(text: string, format: string, strict: boolean): string {
  const read = {
    year: 1,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    micros: 0,
    pm: undefined as boolean | undefined,
    dayOfYear: 0,
  };
  let rest = text.trimStart();
  const number = (width: number): number => {
    const found = new RegExp(`^\\s*(\\d{1,${width}})`).exec(rest);
    if (found === null) throw new RangeError(`invalid value "${rest}" for the format "${format}"`);
    rest = rest.slice(found[0].length);
    return Number(found[1]);
  };
  const name = (names: readonly string[], length?: number): number => {
    const lower = rest.trimStart().toLowerCase();
    const at = names.findIndex((each) => lower.startsWith(each.slice(0, length).toLowerCase()));
    const found = names[at];
    if (found === undefined) throw new RangeError(`invalid value "${rest}" for the format "${format}"`);
    rest = rest.trimStart().slice(found.slice(0, length).length);
    return at;
  };
  for (const piece of piecesOf(format)) {
    switch (piece.toUpperCase()) {
      case "FM":
        break;
      case "YYYY":
        read.year = number(4);
        break;
      case "YYY":
      case "YY":
      case "Y": {
        const short = number(piece.length);
        read.year = piece.length === 2 ? short + (short < 70 ? 2000 : 1900) : short + 2000;
        break;
      }
      case "MONTH":
        read.month = name(MONTHS) + 1;
        break;
      case "MON":
        read.month = name(MONTHS, 3) + 1;
        break;
      case "MM":
        read.month = number(2);
        break;
      case "DAY":
        name(DAYS);
        break;
      case "DY":
        name(DAYS, 3);
        break;
      case "DDD":
        read.dayOfYear = number(3);
        break;
      case "DD":
        read.day = number(2);
        break;
      case "HH24":
      case "HH12":
      case "HH":
        read.hour = number(2);
        break;
      case "MI":
        read.minute = number(2);
        break;
      case "SS":
        read.second = number(2);
        break;
      case "MS":
      case "US": {
        const digits = /^\d+/.exec(rest)?.[0] ?? "";
        rest = rest.slice(digits.length);
        read.micros = Number(digits.padEnd(6, "0").slice(0, 6));
        break;
      }
      case "AM":
      case "PM":
        read.pm = name(["AM", "PM"]) === 1;
        break;
      case "TZ":
        rest = rest.replace(/^[A-Za-z]+/, "");
        break;
      default:
        rest = rest.slice(piece.startsWith('"') ? piece.length - 2 : 1);
    }
  }
  return momentOf(read, text, strict);
}

function momentOf(
  read: {
    year: number;
    month: number;
    day: number;
    hour: number;
    minute: number;
    second: number;
    micros: number;
    pm: boolean | undefined;
    dayOfYear: number;
  },
  text: string,
  strict: boolean,
): string {
  const hour = read.pm === undefined ? read.hour : (read.hour % 12) + (read.pm ? 12 : 0);
  const days = read.dayOfYear > 0 ? read.dayOfYear : read.day;
  const moment = new Date(Date.UTC(2000, 0, 1, hour, read.minute, read.second));
  const last = new Date(Date.UTC(2000, read.month, 0));
  last.setUTCFullYear(read.year, read.month, 0);
  const wrong = read.month < 1 || read.month > 12 || read.minute > 59 || read.second > 59 || hour > 24;
  const beyond = hour > 23 || (read.dayOfYear === 0 && (read.day < 1 || read.day > last.getUTCDate()));
  if (wrong || (strict && beyond)) throw new RangeError(`date/time field value out of range: ${text}`);
  moment.setUTCFullYear(read.year, read.dayOfYear > 0 ? 0 : read.month - 1, days + (hour > 23 ? 1 : 0));
  const iso = moment.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${String(read.micros).padStart(6, "0")}`;
}
