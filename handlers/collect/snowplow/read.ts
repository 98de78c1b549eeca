import type { Json } from "../../event/event";
import { cleanJson, isObject, type JsonObject, TOO_DEEP } from "../../event/json";
import { isPlain } from "../decode/columns";
import type { Problem } from "../protocol";
import { parse } from "../request/body";
import { quoteLongNumbers } from "../request/numbers";
import type { Reading } from "./fields";

/** A parameter's text, read; undefined when it cannot be read so. */
export function readAs(reading: Reading, text: string): Json | undefined {
  switch (reading) {
    case "text":
      return text;
    case "integer":
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
    case "number":
      return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && String(Number(text)).length <= 17
        ? Number(text)
        : undefined;
    case "boolean":
      return text === "1" || text === "true" ? true : text === "0" || text === "false" ? false : undefined;
    case "size": {
      const size = /^(\d{1,9})x(\d{1,9})$/.exec(text);
      return size === null ? undefined : { width: Number(size[1]), height: Number(size[2]) };
    }
  }
}

/** Milliseconds since 1970 as the protocol writes them; what is none is left as it is, to be refused. */
export function readTime(value: Json | undefined): Json | undefined {
  return typeof value === "string" && /^\d{11,15}$/.test(value) ? Number(value) : value;
}

/** Self-describing JSON: what it holds and the schema it follows, `iglu:<vendor>/<name>/<format>/<version>`. */
export interface SelfDescribing {
  readonly schema: string;
  readonly data: Json;
}

/**
 * Reads a parameter that is JSON, in base64 (`encoded`) or plain.
 * @param name of the parameter, for the refusal.
 */
export function readJson(
  name: string,
  value: Json,
  encoded: boolean,
  exactNumbers: boolean,
): SelfDescribing | Problem {
  const refusal: Problem = { reason: "invalid_object", detail: name };
  if (!isPlain(value)) return selfDescribing(value) ?? refusal;
  const text = encoded ? Buffer.from(String(value), "base64").toString("utf8") : String(value);
  const read = parse(exactNumbers ? quoteLongNumbers(text) : text);
  if ("problem" in read) return refusal;
  const json = read.isClean ? read.json : cleanJson(read.json);
  if (json === TOO_DEEP) return { reason: "too_deep", detail: name };
  return selfDescribing(json) ?? refusal;
}

/** Self-describing JSON, if it is any. */
export function selfDescribing(json: Json | undefined): SelfDescribing | undefined {
  if (!isObject(json)) return undefined;
  const { schema, data } = json;
  return typeof schema === "string" && data !== undefined ? { schema, data } : undefined;
}

/** The name in a schema's address. */
export function nameOf(schema: string): string {
  return /^iglu:[^/]+\/([^/]+)\//.exec(schema)?.[1] ?? schema;
}

/** Data as an object: what is none stands under `data`. */
export function objectOf(data: Json): JsonObject {
  return isObject(data) ? data : { data };
}
