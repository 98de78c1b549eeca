import { createHash } from "node:crypto";
import { type LineParser, unreadable } from "./message";

/**
 * A line of the combined log format: host, identity, user, time, request, status, bytes, referrer, user agent.
 * @see https://httpd.apache.org/docs/2.4/logs.html#combined
 */
const COMBINED =
  /^(\S+) (\S+) (\S+) \[(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"\s*$/;

const REQUEST = /^([A-Z]+) (\S+) (HTTP\/\d(?:\.\d)?)$/;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What a browser loads for a page rather than a person looks at. */
const ASSET = /\.(?:avif|css|eot|gif|ico|jpe?g|js|map|mjs|otf|png|svg|ttf|webp|woff2?)$/i;

/**
 * Reads access logs in the combined format. A successful GET of something a person looks at is a page view,
 * anything else a tracked "Request"; the visitor is a hash of address and user agent.
 * @param site origin the pages belong to (`https://example.com`), which the log does not say. @default pages have a path and no address
 */
export function combinedParser(site?: string): LineParser {
  return (line, number, messageId) => {
    const match = COMBINED.exec(line);
    if (match === null)
      return unreadable(messageId, `line ${number} is not in the combined log format`, line);
    const [
      ,
      address = "",
      ,
      user = "-",
      day,
      month = "",
      year,
      clock,
      hours,
      minutes,
      request = "",
      status,
      bytes,
    ] = match;
    const monthNumber = String(months.indexOf(month) + 1).padStart(2, "0");
    const time = new Date(`${year}-${monthNumber}-${day}T${clock}${hours}:${minutes}`);
    if (Number.isNaN(time.getTime())) return unreadable(messageId, `line ${number} has no valid time`, line);

    const [, method, target, version] = REQUEST.exec(request) ?? [];
    const referrer = given(match[13]);
    const userAgent = given(match[14]);
    const [path, search] = split(target ?? "");
    const code = Number(status);
    const viewed = method === "GET" && (code < 300 || code === 304) && !ASSET.test(path);
    return {
      messageId,
      ...(viewed ? { type: "page" } : { type: "track", event: "Request" }),
      anonymousId: createHash("sha256")
        .update(`${address}\n${userAgent ?? ""}`)
        .digest("hex")
        .slice(0, 32),
      ...(user === "-" ? {} : { userId: user }),
      timestamp: time.toISOString(),
      properties: {
        ...(method === undefined ? { request } : { method, target, version }),
        status: code,
        ...(bytes === "-" ? {} : { bytes: Number(bytes) }),
      },
      context: {
        ip: address,
        ...(userAgent === undefined ? {} : { userAgent }),
        page: {
          ...(path === "" ? {} : { path }),
          ...(search === "" ? {} : { search }),
          ...(site === undefined || !path.startsWith("/") ? {} : { url: `${site}${target}` }),
          ...(referrer === undefined ? {} : { referrer }),
        },
        library: { name: "import", version: "combined" },
      },
    };
  };
}

function given(field: string | undefined): string | undefined {
  return field === undefined || field === "-" || field === "" ? undefined : field;
}

function split(target: string): [path: string, search: string] {
  const mark = target.indexOf("?");
  return mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark)];
}
