import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { isObject, type JsonObject } from "../event/json";

/** Segment's limit for a request, held to before and after expansion. */
export const MAX_BODY_BYTES = 500 * 1024;

/** A request's body, read; or why it was not, with what there is of it. */
export type Body =
  | { readonly json: JsonObject; readonly text: string }
  | {
      readonly problem: "unreadable_body" | "body_too_large";
      readonly detail: string;
      /** Text, where it is text. */
      readonly payload: string | Uint8Array;
    };

/**
 * Reads a body whatever its headers claim it is: clients send JSON as text/plain, and gzip as a form.
 * @param body as Lambda hands it over.
 */
export function readBody(body: string | undefined, isBase64Encoded: boolean): Body {
  const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > MAX_BODY_BYTES)
    return { problem: "body_too_large", detail: `it has ${bytes.length} bytes`, payload: payloadOf(bytes) };
  const expanded = isGzip(bytes) ? expand(bytes) : bytes;
  if (!Buffer.isBuffer(expanded)) return expanded;
  const text = expanded.toString("utf8").replace(/^\uFEFF/, "");
  const json = parse(text);
  if (json instanceof SyntaxError)
    return { problem: "unreadable_body", detail: json.message, payload: payloadOf(expanded) };
  if (!isObject(json))
    return { problem: "unreadable_body", detail: "it is not a JSON object", payload: text };
  return { json, text };
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function expand(bytes: Buffer): Buffer | Body {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ERR_BUFFER_TOO_LARGE"
      ? { problem: "body_too_large", detail: "it expands to more than that", payload: bytes }
      : { problem: "unreadable_body", detail: `gzip: ${message}`, payload: bytes };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

function payloadOf(bytes: Buffer): string | Uint8Array {
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes;
}
