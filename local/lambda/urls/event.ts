import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { ACCOUNT_ID } from "../../service/aws";
import type { Caller } from "./caller";

/** What a URL event says beyond the HTTP request itself. */
export interface EventContext {
  readonly requestId: string;
  /** The address's port, which plays the URL's id. */
  readonly port: number;
  readonly now: Date;
  /** Who has signed the request; nobody, for a public URL. */
  readonly caller?: Caller;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * The event of a request to a function URL, payload format 2.0, as JSON.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-request-payload
 */
export function urlEvent(request: IncomingMessage, body: Buffer, context: EventContext): string {
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQueryString = mark < 0 ? "" : target.slice(mark + 1);
  const sourceIp = (request.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, "");
  const { headers, cookies } = eventHeaders(request.rawHeaders);
  const forwarded = headers["x-forwarded-for"];
  headers["x-forwarded-for"] = forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`;
  headers["x-forwarded-proto"] = "http";
  headers["x-forwarded-port"] = String(context.port);
  headers["x-amzn-trace-id"] ??=
    `Root=1-${Math.floor(context.now.getTime() / 1_000).toString(16)}-${context.requestId.replaceAll("-", "").slice(0, 24)}`;
  const domainName = headers.host ?? `127.0.0.1:${context.port}`;
  return JSON.stringify({
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(rawQueryString === "" ? {} : { queryStringParameters: queryParameters(rawQueryString) }),
    requestContext: {
      accountId: context.caller === undefined ? "anonymous" : ACCOUNT_ID,
      apiId: String(context.port),
      ...(context.caller === undefined
        ? {}
        : { authentication: null, authorizer: authorizer(context.caller) }),
      domainName,
      domainPrefix: domainName.split(".")[0],
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: context.requestId,
      routeKey: "$default",
      stage: "$default",
      time: logTime(context.now),
      timeEpoch: context.now.getTime(),
    },
    ...eventBody(body, headers),
  });
}

function authorizer({ accessKey, userArn }: Caller): object {
  const identity = { accountId: ACCOUNT_ID, callerId: ACCOUNT_ID, userId: ACCOUNT_ID, userArn };
  return { iam: { accessKey, ...identity, cognitoIdentity: null, principalOrgId: null } };
}

/** Names in lower case, repeated ones joined by a comma; cookies are a list of their own. */
export function eventHeaders(rawHeaders: readonly string[]): {
  headers: Record<string, string>;
  cookies: string[];
} {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    if (name === "cookie") cookies.push(...value.split(/;\s*/).filter((cookie) => cookie !== ""));
    else headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  return { headers, cookies };
}

/** Decoded parameters, the values of a repeated one joined by a comma. */
export function queryParameters(rawQueryString: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString))
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  return parameters;
}

/** A body of a textual content type goes as it is, any other (a form included) as base64. */
export function eventBody(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  if (isText(headers["content-type"]) && !isEncoded(headers["content-encoding"]) && isUtf8(body))
    return { body: body.toString("utf8"), isBase64Encoded: false };
  return { body: body.toString("base64"), isBase64Encoded: true };
}

function isText(contentType = ""): boolean {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return (
    type.startsWith("text/") ||
    /^application\/(json|xml|javascript|ecmascript)$/.test(type) ||
    /\+(json|xml)$/.test(type)
  );
}

function isEncoded(contentEncoding = "identity"): boolean {
  return contentEncoding.trim().toLowerCase() !== "identity";
}

/** `12/Mar/2020:19:03:58 +0000`. */
function logTime(now: Date): string {
  const iso = now.toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[now.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
