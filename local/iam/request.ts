import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** What a request's signature says, unverified. */
export interface Signature {
  readonly accessKey: string;
  /** The signing name of the service. */
  readonly service: string;
  readonly region: string;
  readonly sessionToken: string | undefined;
  /** Whether it stands in the URL. */
  readonly presigned: boolean;
}

/** Signature version 4 scopes are key/date/region/service/aws4_request; 4a, of many Regions, leaves the Region out. */
const SCOPE = /^([^/]+)\/\d{8}\/(?:([^/]+)\/)?([^/]+)\/aws4_request$/;

/**
 * A request's signature, from its Authorization header or its URL; undefined when it has none of version 4.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function signatureOf({
  headers,
  url = "/",
}: Pick<IncomingMessage, "headers" | "url">): Signature | undefined {
  const inHeader = /\bCredential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1];
  const query = inHeader === undefined && url.includes("X-Amz-Credential") ? queryOf(url) : undefined;
  const credential = inHeader ?? query?.get("X-Amz-Credential") ?? undefined;
  const [, accessKey, region = "", service] = SCOPE.exec(credential ?? "") ?? [];
  if (accessKey === undefined || service === undefined) return undefined;
  const token = query?.get("X-Amz-Security-Token") ?? one(headers["x-amz-security-token"]);
  return { accessKey, region, service, sessionToken: token ?? undefined, presigned: query !== undefined };
}

/** A signed request, as far as it decides what it needs. */
export interface ApiRequest {
  /** The signing name of the service. */
  readonly service: string;
  readonly method: string;
  /** The path as it was sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Empty when the operation is told by the rest: see `readsBody`. */
  readonly body: Buffer;
  readonly presigned: boolean;
}

/** The request of a message whose body has been read as far as it is needed. */
export function apiRequest(
  { method = "GET", url = "/", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  { service, presigned }: Signature,
  body: Buffer,
): ApiRequest {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  return { service, method, path, query: queryOf(url), headers, body, presigned };
}

/** A header that is there once. */
export function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function queryOf(url: string): URLSearchParams {
  const mark = url.indexOf("?");
  return new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
}
