import type { IncomingMessage } from "node:http";
import { ACCOUNT_ID, REGION } from "../../service/aws";
import { sha256, signature } from "../../service/signature";

/** Who has signed a request, as an event says it. */
export interface Caller {
  readonly accessKey: string;
  readonly userArn: string;
}

/** How far a request's time may be from this machine's, ms. */
const MOST_SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** The secret of an access key; undefined if nobody has it. */
export type SecretOf = (accessKey: string) => string | undefined;

/** The account's root, whose credentials every tool of this machine uses. */
export const rootSecret: SecretOf = (accessKey) =>
  accessKey === (process.env.AWS_ACCESS_KEY_ID ?? "test")
    ? (process.env.AWS_SECRET_ACCESS_KEY ?? "test")
    : undefined;

/**
 * Who has signed a request to a URL of type AWS_IAM, or why nobody has, in AWS's words.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export function callerOf(
  request: IncomingMessage,
  body: Buffer,
  secretOf: SecretOf,
  now: number,
): Caller | { readonly refused: string } {
  const { authorization = "", "x-amz-date": time = "" } = request.headers;
  const [, accessKey = "", scope = "", names = "", given] = AUTHORIZATION.exec(authorization) ?? [];
  if (given === undefined) return { refused: "Forbidden" };
  const secret = secretOf(accessKey);
  if (secret === undefined) return { refused: "The security token included in the request is invalid." };
  const date = String(time).slice(0, 8);
  const parts = {
    ...{ method: request.method ?? "GET", ...target(request.url ?? "/") },
    headers: names.split(";").map((name) => [name, headerValue(request, name)] as const),
    payload: String(request.headers["x-amz-content-sha256"] ?? sha256(body)),
  };
  const matches =
    scope === `${date}/${REGION}/lambda/aws4_request` &&
    names.split(";").includes("host") &&
    (parts.payload === sha256(body) || parts.payload === "UNSIGNED-PAYLOAD") &&
    signature(parts, String(time), scope, secret) === given;
  if (!matches)
    return {
      refused:
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret " +
        "Access Key and signing method. Consult the service documentation for details.",
    };
  if (Math.abs(now - parseTime(String(time))) > MOST_SKEW_MS)
    return { refused: `Signature expired: ${time} is not within 5 minutes of now` };
  return { accessKey, userArn: `arn:aws:iam::${ACCOUNT_ID}:root` };
}

/** Path and query as they are signed: each segment encoded once more, parameters sorted. */
function target(url: string): { path: string; query: string } {
  const mark = url.indexOf("?");
  const path = (mark < 0 ? url : url.slice(0, mark)).split("/").map(encode).join("/");
  const parameters = mark < 0 || mark === url.length - 1 ? [] : url.slice(mark + 1).split("&");
  const query = parameters
    .map((parameter) => {
      const [name = "", ...value] = parameter.split("=");
      return `${encode(decode(name))}=${encode(decode(value.join("=")))}`;
    })
    .sort();
  return { path, query: query.join("&") };
}

function headerValue({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim().replace(/ +/g, " ");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `YYYYMMDDTHHMMSSZ` as Unix time in ms. */
function parseTime(time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
