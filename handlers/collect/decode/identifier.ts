import { hash } from "node:crypto";

/** What stands where an identifier must, and is none. */
export const INVALID = Symbol("neither text nor a number");

/** An identifier as text; undefined for null and empty text, which name nothing. */
export function identifier(value: unknown): string | undefined | typeof INVALID {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (value === undefined || value === null) return undefined;
  return typeof value === "number" ? String(value) : INVALID;
}

/** The identity of an event that names none: the same content is the same event, however often it is sent. */
export function contentId(content: string): string {
  return hash("sha256", content, "hex").slice(0, 32);
}
