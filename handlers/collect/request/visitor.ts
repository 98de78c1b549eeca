import type { ColumnName } from "../../event/columns";
import { cleanText } from "../../event/text";
import { networkOf } from "../address";
import type { Source } from "../env";
import { visitorHeaders, type Way } from "./edge";

/** What a request itself tells of the visitor: columns that an event takes where it says nothing of its own. */
export type VisitorColumns = { readonly [column in ColumnName]?: string };

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Columns that a request's headers and address tell. Only a browser's request comes from the visitor; a
 * server's says where that server stands.
 * @param sourceIp address that the connection came from: behind an edge, the edge's.
 * @param way how it came here: what the edge adds is believed of the edge alone.
 */
export function visitorOf(
  headers: Headers,
  sourceIp: string | undefined,
  source: Source,
  way: Way,
): VisitorColumns {
  if (source.kind !== "browser") return {};
  const userAgent = headers["user-agent"];
  // Snowplow's trackers ask so that neither the address nor what it tells be kept.
  if (headers["sp-anonymous"] !== undefined) return clean({ user_agent: userAgent });
  if (way === "direct") return clean({ user_agent: userAgent, ip_network: networkOf(sourceIp) });
  if (way === "unknown-edge") return clean({ user_agent: userAgent });
  return clean({
    user_agent: userAgent,
    ip_network: networkOf(edgeAddress(headers[visitorHeaders.address])),
    geo_country: headers[visitorHeaders.country],
    geo_region: headers[visitorHeaders.region],
    geo_city: decoded(headers[visitorHeaders.city]),
  });
}

function clean(columns: { [column in ColumnName]?: string | undefined }): VisitorColumns {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, value]) => (value ? [[name, cleanText(value)]] : [])),
  );
}

/** The address in CloudFront-Viewer-Address, which ends in a port: `198.51.100.10:46532`, `2001:db8::1:46532`. */
function edgeAddress(header: string | undefined): string | undefined {
  return header?.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

/** CloudFront percent-encodes a city's name. */
function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
