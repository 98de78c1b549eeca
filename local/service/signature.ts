import { createHash, createHmac } from "node:crypto";

/** Where and for what a signature holds: `<date>/<region>/<service>/aws4_request`. */
export type Scope = string;

/** What is signed of a request; names of headers in lower case. */
export interface SignedParts {
  readonly method: string;
  /** Encoded as it is to be signed. */
  readonly path: string;
  /** Sorted and encoded as it is to be signed. */
  readonly query: string;
  /** The signed ones, sorted by name. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Hash of the body, or what stands for it. */
  readonly payload: string;
}

/**
 * The signature of a request, version 4.
 * @param time `YYYYMMDDTHHMMSSZ`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signature(parts: SignedParts, time: string, scope: Scope, secret: string): string {
  const names = parts.headers.map(([name]) => name);
  const canonical = [
    ...[
      parts.method,
      parts.path,
      parts.query,
      ...parts.headers.map(([name, value]) => `${name}:${value}`),
      "",
    ],
    ...[names.join(";"), parts.payload],
  ].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>(
      (previous, part) => createHmac("sha256", previous).update(part).digest(),
      `AWS4${secret}`,
    );
  return createHmac("sha256", key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`)
    .digest("hex");
}

/** In hexadecimal. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
