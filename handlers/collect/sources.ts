import { columns } from "../event/columns";
import { isObject } from "../event/json";
import { fitsBytes } from "../event/text";
import type { Source } from "./env";

/** Sources by write key. */
export type Sources = ReadonlyMap<string, Source>;

/**
 * Reads the sources that a collector serves.
 * @param json `Source[]`.
 * @throws when it is not that, or two sources share a name or a key.
 */
export function readSources(json: string): Sources {
  const list: unknown = JSON.parse(json);
  if (!Array.isArray(list)) throw new Error(`SOURCES must be a list of sources, got ${json}`);
  const sources = new Map<string, Source>();
  const names = new Set<string>();
  for (const source of list) {
    if (!isSource(source))
      throw new Error(
        `a source must have a name of 1 to ${columns.source.type.bytes} bytes, kind "browser" or "server", and writeKeys, and may have validUntil (times by key), allowedOrigins and enabled, got ${JSON.stringify(source)}`,
      );
    if (names.has(source.name)) throw new Error(`two sources are named ${source.name}`);
    names.add(source.name);
    for (const key of source.writeKeys) {
      if (sources.has(key))
        throw new Error(`sources ${sources.get(key)?.name} and ${source.name} share a key`);
      sources.set(key, source);
    }
  }
  return sources;
}

/** Reads how many days items are kept. @throws unless it is a whole number from 1 to 365. */
export function readTtlDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 365)
    throw new Error(`TTL_DAYS must be between 1 and 365, got ${text}`);
  return days;
}

/** Reads a limit in bytes. @throws unless it is a whole number from 1,024 to 6 MiB, which is all that Lambda takes. */
export function readBytes(name: string, text: string): number {
  const bytes = Number(text);
  if (!Number.isInteger(bytes) || bytes < 1_024 || bytes > LAMBDA_BYTES)
    throw new Error(`${name} must be between 1024 and ${LAMBDA_BYTES}, got ${text}`);
  return bytes;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LAMBDA_BYTES = 6 * 1024 * 1024;

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string" && text !== "");
}

function isTimes(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((time) => !Number.isNaN(Date.parse(String(time))));
}

function isSource(value: unknown): value is Source {
  if (!isObject(value)) return false;
  const { name, kind, writeKeys, validUntil, allowedOrigins, enabled } = value;
  return (
    typeof name === "string" &&
    name !== "" &&
    fitsBytes(name, columns.source.type.bytes) &&
    (kind === "browser" || kind === "server") &&
    isTexts(writeKeys) &&
    (validUntil === undefined || isTimes(validUntil)) &&
    (allowedOrigins === undefined || isTexts(allowedOrigins)) &&
    (enabled === undefined || typeof enabled === "boolean")
  );
}
