import { withoutAddresses } from "../../../handlers/collect/decode/redact";
import { type LineParser, type Message, unreadable } from "../message";
import { countIn, given, numberIn, requestMessage } from "./request";

/**
 * The fields of an entry, in order, as AWS names them. More may come behind them: "you should ignore any fields at
 * the end that you were not expecting"; here they are kept, as `further`.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-format
 */
export const albFields = [
  "type",
  "time",
  "elb",
  "client:port",
  "target:port",
  "request_processing_time",
  "target_processing_time",
  "response_processing_time",
  "elb_status_code",
  "target_status_code",
  "received_bytes",
  "sent_bytes",
  "request",
  "user_agent",
  "ssl_cipher",
  "ssl_protocol",
  "target_group_arn",
  "trace_id",
  "domain_name",
  "chosen_cert_arn",
  "matched_rule_priority",
  "request_creation_time",
  "actions_executed",
  "redirect_url",
  "error_reason",
  "target:port_list",
  "target_status_code_list",
  "classification",
  "classification_reason",
  "conn_trace_id",
  "transformed_host",
  "transformed_uri",
  "request_transform_status",
] as const;

type AlbField = (typeof albFields)[number];

/** Older logs end sooner, but not before the user agent. */
const LEAST_FIELDS = albFields.indexOf("user_agent") + 1;

/** Fields that become something else than a property of their name. */
const placed: ReadonlySet<AlbField> = new Set([
  ...(["client:port", "target:port", "target:port_list", "elb_status_code", "sent_bytes"] as const),
  ...(["request", "user_agent", "request_creation_time", "time"] as const),
]);

const numeric: ReadonlySet<AlbField> = new Set([
  ...(["request_processing_time", "target_processing_time", "response_processing_time"] as const),
  ...(["target_status_code", "received_bytes", "matched_rule_priority"] as const),
]);

const ENTRY = /^(?:https?|h2|grpcs|wss?) \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+Z \S+ /;

/** A field, in quotes or not; what is between quotes may hold quotes, but none before a space. */
const FIELD = /(?:"(.*?)"|(\S+))(?: |$)/g;

/** `GET https://example.com:443/path?query HTTP/1.1` */
const REQUEST = /^([A-Z]+) (?:(https?|wss?):\/\/([^/?\s]*))?(\S*) (HTTP\/\d(?:\.\d)?)$/;

const standardPorts: Readonly<Record<string, string>> = {
  http: ":80",
  https: ":443",
  ws: ":80",
  wss: ":443",
};

/** Whether a line is an entry of an Application Load Balancer's access log. */
export function isAlbEntry(line: string): boolean {
  return ENTRY.test(line);
}

/** Reads the access logs of Application Load Balancers. */
export const albParser: LineParser = (line, number, messageId) => {
  const fields = ENTRY.test(line) ? fieldsIn(line) : [];
  if (fields.length < LEAST_FIELDS)
    return unreadable(messageId, `line ${number} is no entry of an Application Load Balancer's log`, line);
  const entry = new Map(albFields.map((name, at) => [name, given(fields[at])]));
  // The log's own time is that of the answer, for a WebSocket that of its end.
  const time = new Date(entry.get("request_creation_time") ?? entry.get("time") ?? "");
  if (Number.isNaN(time.getTime())) return unreadable(messageId, `line ${number} has no valid time`, line);
  return messageOf(messageId, time, entry, fields.slice(albFields.length));
};

function messageOf(
  messageId: string,
  time: Date,
  entry: ReadonlyMap<AlbField, string | undefined>,
  further: readonly string[],
): Message {
  const [address, clientPort] = hostAndPort(entry.get("client:port"));
  const [targetIp, targetPort] = hostAndPort(entry.get("target:port"));
  const request = entry.get("request") ?? "";
  const [, method, scheme, host, path, version] = REQUEST.exec(request) ?? [];
  const kind = entry.get("type") ?? "";
  const list = entry.get("target:port_list");
  return requestMessage({
    ...{ messageId, format: "alb", time, address, method, version },
    userAgent: entry.get("user_agent"),
    target: method === undefined ? undefined : path === "" ? "/" : path,
    site: scheme === undefined || host === undefined ? undefined : originOf(scheme, host),
    status: Number(entry.get("elb_status_code") ?? Number.NaN),
    bytes: countIn(entry.get("sent_bytes")),
    referrer: undefined,
    canBePage: kind === "http" || kind === "https" || kind === "h2",
    more: {
      ...(method === undefined && request !== "" ? { request } : {}),
      ...others(entry),
      ...(clientPort === undefined ? {} : { client_port: clientPort }),
      ...(targetIp === undefined ? {} : { target_ip: targetIp, target_port: targetPort }),
      // With one target the list repeats it.
      ...(list === undefined || list === entry.get("target:port")
        ? {}
        : { target_ips: list.split(" ").map((one) => hostAndPort(one)[0]) }),
      ...(entry.get("request_creation_time") === undefined ? {} : { responded_at: entry.get("time") }),
      ...(further.length === 0 ? {} : { further: further.map(withoutAddresses) }),
    },
  });
}

/** Fields that are properties of their own name. */
function others(entry: ReadonlyMap<AlbField, string | undefined>): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const [name, value] of entry)
    if (value !== undefined && !placed.has(name))
      properties[name] = numeric.has(name) ? numberIn(value) : value;
  return properties;
}

function fieldsIn(line: string): string[] {
  return Array.from(line.matchAll(FIELD), ([, quoted, bare]) => quoted ?? bare ?? "");
}

/** An address and its port: `192.0.2.1:2817`, `2001:db8::1:2817`, `[2001:db8::1]:2817`. */
function hostAndPort(text: string | undefined): [host: string | undefined, port: number | undefined] {
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(text ?? "") ?? [];
  return [host?.replace(/^\[(.*)\]$/, "$1"), port === undefined ? undefined : Number(port)];
}

/** The origin as a browser shows it: without the scheme's own port. */
function originOf(scheme: string, host: string): string {
  const port = standardPorts[scheme] ?? "";
  return `${scheme}://${host.endsWith(port) ? host.slice(0, -port.length) : host}`;
}
