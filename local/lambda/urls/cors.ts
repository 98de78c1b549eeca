import type { IncomingHttpHeaders } from "node:http";
import type { Cors } from "@aws-sdk/client-lambda";

/** Whether a request is a browser's preflight. */
export function isPreflight(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  return (
    method === "OPTIONS" &&
    headers.origin !== undefined &&
    headers["access-control-request-method"] !== undefined
  );
}

/**
 * The headers that a URL with a CORS configuration adds to every answer to an allowed origin; they replace the
 * function's own. With credentials a wildcard allows every origin by its name: browsers refuse the wildcard then.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
 */
export function corsHeaders(cors: Cors, headers: IncomingHttpHeaders): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined || !allows(cors.AllowOrigins, origin)) return {};
  const any = cors.AllowOrigins?.includes("*") === true && cors.AllowCredentials !== true;
  return {
    "access-control-allow-origin": any ? "*" : origin,
    ...(any ? {} : { vary: "Origin" }),
    ...(cors.AllowCredentials ? { "access-control-allow-credentials": "true" } : {}),
    ...list("access-control-expose-headers", cors.ExposeHeaders),
  };
}

/** The headers of the URL's own answer to a preflight. */
export function preflightHeaders(cors: Cors, headers: IncomingHttpHeaders): Record<string, string> {
  const allowed = corsHeaders(cors, headers);
  if (Object.keys(allowed).length === 0) return {};
  return {
    ...allowed,
    ...list("access-control-allow-headers", cors.AllowHeaders),
    ...list("access-control-allow-methods", cors.AllowMethods),
    ...(cors.MaxAge === undefined ? {} : { "access-control-max-age": String(cors.MaxAge) }),
  };
}

function list(name: string, values: readonly string[] | undefined): Record<string, string> {
  return values === undefined || values.length === 0 ? {} : { [name]: values.join(",") };
}

/** An entry is `*`, an origin, or an origin with a wildcard in its place of a subdomain or port. */
function allows(origins: readonly string[] | undefined, origin: string): boolean {
  return (origins ?? []).some((allowed) => {
    if (allowed === "*" || allowed === origin) return true;
    const [before, after] = allowed.split("*");
    return (
      after !== undefined &&
      origin.length >= allowed.length - 1 &&
      origin.startsWith(before ?? "") &&
      origin.endsWith(after)
    );
  });
}
