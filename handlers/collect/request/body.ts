import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { Json } from "../../event/event";
import { holdsLongNumber, quoteLongNumbers } from "./numbers";

/** A body that was read as JSON. */
export interface ReadBody {
  readonly json: Json;
  /** The JSON as it was sent, expanded. */
  readonly text: string;
  /** Bytes of the text. */
  readonly sizeBytes: number;
  /**
   * Whether no text in it can need cleaning: NUL and halves of surrogate pairs come into JSON by `\u` escapes
   * alone, because as bytes neither is valid.
   */
  readonly isClean: boolean;
}

/** Why a body was not read, with what there is of it. */
export interface BodyProblem {
  readonly problem: "unreadable_body" | "body_too_large";
  readonly detail: string;
  /** Text, where it is text. */
  readonly payload: string | Uint8Array;
}

/** Gzip begins so; its base64 begins with the text that a mobile client's compressed body is. */
const GZIP = { first: 0x1f, second: 0x8b, base64: "H4sI" };

/** The least that is set aside for an expanded body: a wrong size at the end of a gzip stream costs no more. */
const LEAST_CHUNK = 1024;

/**
 * Reads a body whatever its headers claim it is: clients send JSON as text/plain, gzip as a form, and base64 of
 * gzip as JSON.
 * @param body as Lambda hands it over.
 * @param limitBytes what a body may have, before and after expansion.
 */
export function readBody(
  body: string | undefined,
  isBase64Encoded: boolean,
  limitBytes: number,
): ReadBody | BodyProblem {
  if (!isBase64Encoded && body?.startsWith(GZIP.base64) !== true) {
    const text = body ?? "";
    const sizeBytes = Buffer.byteLength(text);
    return sizeBytes > limitBytes ? tooLarge(sizeBytes, limitBytes, text) : parse(text, sizeBytes);
  }
  const bytes = Buffer.from(body ?? "", "base64");
  if (bytes.length > limitBytes) return tooLarge(bytes.length, limitBytes, payloadOf(bytes));
  if (isGzip(bytes)) {
    const expanded = expand(bytes, limitBytes);
    return Buffer.isBuffer(expanded) ? parseBytes(expanded) : expanded;
  }
  // A body in base64 of base64: what the client sent compressed, Lambda took for no text.
  const text = bytes.toString("latin1", 0, GZIP.base64.length);
  return text === GZIP.base64 ? readBody(bytes.toString("latin1"), false, limitBytes) : parseBytes(bytes);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === GZIP.first && bytes[1] === GZIP.second;
}

function expand(bytes: Buffer, limitBytes: number): Buffer | BodyProblem {
  // A gzip stream ends in the size of what it holds: room for all of it at once saves a third of the time.
  const claimed = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  const chunkSize = Math.min(Math.max(claimed + 1, LEAST_CHUNK), limitBytes + 1);
  try {
    return gunzipSync(bytes, { maxOutputLength: limitBytes, chunkSize });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ERR_BUFFER_TOO_LARGE"
      ? { problem: "body_too_large", detail: `it expands to more than ${limitBytes} bytes`, payload: bytes }
      : { problem: "unreadable_body", detail: `gzip: ${message}`, payload: bytes };
  }
}

function parseBytes(bytes: Buffer): ReadBody | BodyProblem {
  const read = parse(bytes.toString("utf8"), bytes.length);
  return "problem" in read ? { ...read, payload: payloadOf(bytes) } : read;
}

/** Reads JSON. Numbers with more digits than a double has stand in it as text, digit by digit. */
export function parse(sent: string, sizeBytes = Buffer.byteLength(sent)): ReadBody | BodyProblem {
  const text = sent.startsWith("\uFEFF") ? sent.slice(1) : sent;
  try {
    const json = JSON.parse(holdsLongNumber(text) ? quoteLongNumbers(text) : text) as Json;
    return { json, text, sizeBytes, isClean: !text.includes("\\u") };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: "unreadable_body", detail: error.message, payload: text };
  }
}

function tooLarge(sizeBytes: number, limitBytes: number, payload: string | Uint8Array): BodyProblem {
  return {
    problem: "body_too_large",
    detail: `it has ${sizeBytes} bytes, ${limitBytes} are allowed`,
    payload,
  };
}

function payloadOf(bytes: Buffer): string | Uint8Array {
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes;
}
