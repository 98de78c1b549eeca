import { type LineParser, unreadable } from "../message";
import { given, requestMessage } from "./request";

/** Host, identity, user, time, request, status and bytes: all of the common format, the beginning of the combined one. */
const COMMON =
  /^(\S+) (\S+) (\S+) \[(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)/;

const patterns = {
  common: new RegExp(`${COMMON.source}\\s*$`),
  /** Referrer and user agent besides. */
  combined: new RegExp(`${COMMON.source} "((?:[^"\\\\]|\\\\.)*)" "((?:[^"\\\\]|\\\\.)*)"\\s*$`),
};

const REQUEST = /^([A-Z]+) (\S+) (HTTP\/\d(?:\.\d)?)$/;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Whether a line is in a format. */
export function isAccessLog(format: keyof typeof patterns, line: string): boolean {
  return patterns[format].test(line);
}

/**
 * Reads access logs in the common format, or in the combined one.
 * @param site origin the pages belong to (`https://example.com`), which the log does not say. @default pages have a path and no address
 * @see https://httpd.apache.org/docs/2.4/logs.html#accesslog
 */
export function accessLogParser(format: keyof typeof patterns, site?: string): LineParser {
  return (line, number, messageId) => {
    const match = patterns[format].exec(line);
    if (match === null)
      return unreadable(messageId, `line ${number} is not in the ${format} log format`, line);
    const [, address = "", identity, user] = match;
    const [, , , , day, month = "", year, clock, hours, minutes, request = "", status, bytes] = match;
    const monthNumber = String(months.indexOf(month) + 1).padStart(2, "0");
    const time = new Date(`${year}-${monthNumber}-${day}T${clock}${hours}:${minutes}`);
    // Date takes 31 February for 3 March.
    if (
      Number.isNaN(time.getTime()) ||
      new Date(`${year}-${monthNumber}-${day}`).getUTCDate() !== Number(day)
    )
      return unreadable(messageId, `line ${number} has no valid time`, line);
    const [, method, target, version] = REQUEST.exec(request) ?? [];
    const rfc1413 = given(identity);
    return requestMessage({
      ...{ messageId, format, time, address, method, target, version, site },
      user: given(user),
      userAgent: given(match[14]),
      referrer: given(match[13]),
      status: Number(status),
      bytes: bytes === "-" ? undefined : Number(bytes),
      more: {
        ...(method === undefined ? { request } : {}),
        ...(rfc1413 === undefined ? {} : { identity: rfc1413 }),
      },
    });
  };
}

/** Reads access logs in the combined format. */
export function combinedParser(site?: string): LineParser {
  return accessLogParser("combined", site);
}
