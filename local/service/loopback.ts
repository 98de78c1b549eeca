import type { IncomingHttpHeaders } from "node:http";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Why a request to a control interface of this machine is refused, or undefined if it is not. A page in a browser
 * reaches 127.0.0.1 too, but cannot hide where it comes from, and a name that someone has pointed at 127.0.0.1
 * stands in the Host header.
 */
export function foreignTo(headers: IncomingHttpHeaders): string | undefined {
  const { host = "", origin } = headers;
  if (!LOOPBACK.test(host)) return `the Host header must name this machine (127.0.0.1), got "${host}"`;
  if (origin !== undefined && origin !== `http://${host}`)
    return `a page of another origin cannot use this, and this one is of "${origin}"`;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return `a page of another origin cannot use this (Sec-Fetch-Site: ${String(site)})`;
  return undefined;
}
