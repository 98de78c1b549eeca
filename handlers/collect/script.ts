import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Answer } from "./protocol";

/** The address of the script for sites without an SDK. */
export const SCRIPT = { method: "GET" } as const;

/** A script, ready to be sent. */
export interface Script {
  readonly code: Buffer;
  readonly gzipped: Buffer;
  /** A strong entity tag, quotes included. */
  readonly etag: string;
}

/** An hour: a new version reaches every visitor within it, and most pages need not ask at all. */
const CACHE_CONTROL = "public, max-age=3600, stale-while-revalidate=86400";

export function scriptOf(code: Buffer): Script {
  const hash = createHash("sha256").update(code).digest("base64url").slice(0, 22);
  return { code, gzipped: gzipSync(code, { level: 9 }), etag: `"${hash}"` };
}

/** Answers with the script, gzipped where that is understood; with 304 to whoever has it already. */
export function scriptAnswer(
  { code, gzipped, etag }: Script,
  headers: Readonly<Record<string, string | undefined>>,
): Answer {
  const caching = { etag, "cache-control": CACHE_CONTROL, vary: "accept-encoding" };
  if (matches(headers["if-none-match"], etag)) return { status: 304, headers: caching };
  const gzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(headers["accept-encoding"] ?? "");
  return {
    status: 200,
    headers: {
      ...caching,
      "content-type": "text/javascript; charset=utf-8",
      "x-content-type-options": "nosniff",
      // A page that isolates itself may load it too.
      "cross-origin-resource-policy": "cross-origin",
      ...(gzip ? { "content-encoding": "gzip" } : {}),
    },
    body: gzip ? gzipped : code,
  };
}

/** Whether one of the tags is this one; a proxy that compresses makes a tag weak. */
function matches(tags: string | undefined, etag: string): boolean {
  return (tags ?? "").split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
