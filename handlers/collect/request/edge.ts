import { timingSafeEqual } from "node:crypto";
import { isObject } from "../../event/json";
import type { CollectRequest } from "../protocol";

/** Whose word on the visitor is taken, besides the connection's own address. */
export interface Edge {
  /**
   * What the edge sends in `EDGE_HEADER`; none where the collector's URL is called directly. Several are known
   * while one gives way to another.
   */
  readonly secrets: readonly string[];
  /** Whether events are taken from nobody else. */
  readonly only: boolean;
}

/**
 * The header by which a proxy in front of the collector shows that it is the right one. CloudFront overwrites what
 * a visitor sends under this name.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
 */
export const EDGE_HEADER = "x-clickstream-edge";

/**
 * What the edge adds to a request about the visitor: what is read here, and no more, is asked of CloudFront.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
 */
export const visitorHeaders = {
  address: "cloudfront-viewer-address",
  country: "cloudfront-viewer-country",
  region: "cloudfront-viewer-country-region",
  city: "cloudfront-viewer-city",
} as const;

/** All else that the collector reads of an event's request, by name; Authorization has its own way through CloudFront. */
export const readHeaders = ["origin", "sec-gpc", "sentat", "sp-anonymous", "user-agent"] as const;

/**
 * How a request came here: straight from the visitor, through the edge, or through one that is not known, such as
 * an edge that is yet to learn of a new secret.
 */
export type Way = "direct" | "edge" | "unknown-edge";

/** @param edge @default there is none: what a request says of itself in the edge's name is not believed */
export function wayOf({ headers }: CollectRequest, edge: Edge | undefined): Way {
  const secret = headers[EDGE_HEADER];
  if (secret === undefined) return "direct";
  return edge?.secrets.some((known) => isSame(known, secret)) ? "edge" : "unknown-edge";
}

function isSame(known: string, given: string): boolean {
  const [a, b] = [Buffer.from(known), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Shorter ones could be guessed. */
const LEAST_SECRET = 16;

/**
 * Reads whose word is taken.
 * @param json `{"secrets":["…"],"only":false}`.
 * @throws when it is not that.
 */
export function readEdge(json: string): Edge {
  const edge: unknown = JSON.parse(json);
  if (isObject(edge)) {
    const { secrets, only } = edge;
    if (
      Array.isArray(secrets) &&
      secrets.every((secret) => typeof secret === "string" && secret.length >= LEAST_SECRET) &&
      typeof only === "boolean" &&
      (secrets.length > 0 || !only)
    )
      return { secrets: secrets as string[], only };
  }
  // What is wrong may be a secret: it is not repeated.
  throw new Error(
    `EDGE must have secrets, texts of ${LEAST_SECRET} characters or more, and only, true or false and false without secrets`,
  );
}
