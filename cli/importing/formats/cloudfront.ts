import { isIP } from "node:net";
import { withoutAddresses } from "../../../handlers/collect/decode/redact";
import { type LineReader, type Message, unreadable } from "../message";
import { countIn, given, numberIn, requestMessage } from "./request";

/**
 * The fields of a log without a `#Fields` line, in order: those of the older standard logs, and the two that newer
 * ones add unless others are chosen.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html#BasicDistributionFileFormat
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
export const cloudFrontFields: readonly string[] = [
  ...[
    "date",
    "time",
    "x-edge-location",
    "sc-bytes",
    "c-ip",
    "cs-method",
    "cs(Host)",
    "cs-uri-stem",
    "sc-status",
  ],
  ...[
    "cs(Referer)",
    "cs(User-Agent)",
    "cs-uri-query",
    "cs(Cookie)",
    "x-edge-result-type",
    "x-edge-request-id",
  ],
  ...[
    "x-host-header",
    "cs-protocol",
    "cs-bytes",
    "time-taken",
    "x-forwarded-for",
    "ssl-protocol",
    "ssl-cipher",
  ],
  ...["x-edge-response-result-type", "cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port"],
  ...[
    "time-to-first-byte",
    "x-edge-detailed-result-type",
    "sc-content-type",
    "sc-content-len",
    "sc-range-start",
  ],
  ...["sc-range-end", "c-country", "cache-behavior-path-pattern"],
];

const FIELDS_OF_OLDER = cloudFrontFields.indexOf("c-country");

/** Fields that become something else than a property of their name. */
const placed: ReadonlySet<string> = new Set([
  ...["date", "time", "timestamp(ms)", "c-ip", "x-forwarded-for", "cs-method", "cs-uri-stem"],
  ...["cs-uri-query", "cs-protocol-version", "sc-status", "sc-bytes", "cs(Referer)", "cs(User-Agent)"],
  ...["x-host-header", "cs-protocol", "c-country", "x-edge-request-id"],
]);

const numeric: ReadonlySet<string> = new Set([
  ...["cs-bytes", "time-taken", "time-to-first-byte", "c-port", "sc-content-len", "sc-range-start"],
  ...["sc-range-end", "origin-fbl", "origin-lbl", "asn", "fle-encrypted-fields"],
]);

type Entry = ReadonlyMap<string, string>;

/** Whether a line stands in a standard log of CloudFront's, a header included. */
export function isCloudFrontLine(line: string): boolean {
  if (/^#(?:Version: |Fields: .*\bx-edge-)/.test(line)) return true;
  if (line.startsWith("{")) return /"x-edge-(?:location|request-id)"\s*:/.test(line);
  return /^\d{4}-\d{2}-\d{2}\t\d{2}:\d{2}:\d{2}\t[A-Z]{3}\d/.test(line);
}

/** Reads CloudFront's standard logs, older and newer: lines of fields under a `#Fields` header, or JSON. */
export function cloudFrontReader(): LineReader {
  let names: readonly string[] | undefined;
  return (line, number, messageId) => {
    if (line.startsWith("#")) {
      const [, header] = /^#Fields:\s*(.*?)\s*$/.exec(line) ?? [];
      if (header !== undefined) names = header.split(/\s+/);
      return undefined;
    }
    const entry = line.startsWith("{") ? entryInJson(line) : entryIn(line, names);
    if (typeof entry === "string") return unreadable(messageId, `line ${number} ${entry}`, line);
    const time = timeOf(entry);
    if (time === undefined) return unreadable(messageId, `line ${number} has no valid time`, line);
    return messageOf(messageId, time, entry);
  };
}

/** @returns what is wrong with the line, where it is no entry. */
function entryIn(line: string, header: readonly string[] | undefined): Entry | string {
  // A newer log may be set up to have its fields apart by spaces; their contents have none.
  const fields = line.split(line.includes("\t") ? "\t" : " ");
  // In AWS's own example a line ends in a tab.
  if (fields.at(-1) === "") fields.pop();
  const names = header ?? cloudFrontFields;
  const least = header === undefined ? FIELDS_OF_OLDER : header.length;
  if (fields.length < least || fields.length > names.length)
    return header === undefined
      ? `has ${fields.length} fields, and no #Fields line before it says which`
      : `has ${fields.length} fields, its #Fields line names ${names.length}`;
  return new Map(
    fields.flatMap((field, at) => (given(field) === undefined ? [] : [[names[at] ?? "", decoded(field)]])),
  );
}

function entryInJson(line: string): Entry | string {
  try {
    const object = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const texts = Object.entries(object).map(([name, value]): [string, string] => [
      name,
      typeof value === "string" ? decoded(value) : JSON.stringify(value),
    ]);
    return new Map(texts.filter(([, text]) => given(text) !== undefined && text !== "null"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return "is not JSON";
  }
}

function messageOf(messageId: string, time: Date, entry: Entry): Message {
  const scheme = entry.get("cs-protocol");
  const host = entry.get("x-host-header");
  const query = entry.get("cs-uri-query");
  const stem = entry.get("cs-uri-stem");
  const [forwarded, ...proxies] = (entry.get("x-forwarded-for") ?? "")
    .split(/,\s*/)
    .filter((one) => one !== "");
  // Behind a proxy the connection's address is the proxy's.
  const visitor = forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : undefined;
  const address = entry.get("c-ip");
  return requestMessage({
    // "An opaque string that uniquely identifies a request": the same in whichever log it stands.
    messageId: entry.get("x-edge-request-id") ?? messageId,
    ...{ format: "cloudfront", time, address: visitor ?? address },
    userAgent: twiceDecoded(entry.get("cs(User-Agent)")),
    method: entry.get("cs-method"),
    target: stem === undefined ? undefined : query === undefined ? stem : `${stem}?${query}`,
    version: entry.get("cs-protocol-version"),
    site: scheme === undefined || host === undefined ? undefined : `${scheme}://${host}`,
    status: Number(entry.get("sc-status") ?? Number.NaN),
    bytes: countIn(entry.get("sc-bytes")),
    referrer: entry.get("cs(Referer)"),
    country: entry.get("c-country"),
    canBePage: scheme === undefined || scheme.startsWith("http"),
    more: {
      ...others(entry),
      ...(visitor === undefined ? {} : { proxy_ip: address }),
      ...(forwarded === undefined || (visitor !== undefined && proxies.length === 0)
        ? {}
        : { x_forwarded_for: withoutAddresses(entry.get("x-forwarded-for") ?? "") }),
    },
  });
}

/** Fields that are properties of their own name, in snake case: `x-edge-location` as `x_edge_location`. */
function others(entry: Entry): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const [name, value] of entry)
    if (!placed.has(name)) properties[propertyName(name)] = numeric.has(name) ? numberIn(value) : value;
  return properties;
}

/** `cs(Cookie)` as `cs_cookie`. */
function propertyName(field: string): string {
  return field
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replace(/_$/, "");
}

/** When the answer was finished: to the millisecond in newer logs. */
function timeOf(entry: Entry): Date | undefined {
  const exact = entry.get("timestamp(ms)");
  if (exact !== undefined && /^\d{12,14}$/.test(exact)) return new Date(Number(exact));
  const time = new Date(`${entry.get("date")}T${entry.get("time")}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/**
 * A field without the percent-encoding that the log puts on it; where a percent sign encodes nothing, as it is.
 */
function decoded(field: string): string {
  if (!field.includes("%")) return field;
  try {
    return decodeURIComponent(field);
  } catch (error) {
    if (error instanceof URIError) return field;
    throw error;
  }
}

/** A user agent; CloudFront used to encode it twice, which none without a space but with encoded ones can be. */
function twiceDecoded(userAgent: string | undefined): string | undefined {
  return userAgent === undefined || userAgent.includes(" ") || !userAgent.includes("%20")
    ? userAgent
    : decoded(userAgent);
}
