import type { Json } from "./event";
import { cleanText } from "./text";

export type JsonObject = { readonly [key: string]: Json };

/** How deep objects and arrays may nest in what is stored. */
export const MAX_DEPTH = 64;

/** What `cleanJson` answers for a value that nests deeper than `MAX_DEPTH`. */
export const TOO_DEEP = Symbol("nests too deep");

/** Whether a value is an object of JSON: neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A value as the warehouse's SUPER takes it: valid text throughout, numbers that JSON cannot write as text,
 * nothing that is not JSON. What is already clean is returned as it is, not copied.
 */
export function cleanJson(value: unknown, depth = MAX_DEPTH): Json | typeof TOO_DEEP {
  switch (typeof value) {
    case "string":
      return cleanText(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "bigint":
      return String(value);
    case "object":
      if (value === null) return null;
      if (depth === 0) return TOO_DEEP;
      return Array.isArray(value) ? cleanList(value, depth - 1) : cleanObject(value, depth - 1);
    default:
      return null;
  }
}

/**
 * A quick measure of a value: as JSON it takes at most six times as many bytes. Undefined when it nests deeper
 * than `depth`.
 */
export function measure(value: unknown, depth = MAX_DEPTH): number | undefined {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 5;
  if (depth === 0) return undefined;
  let length = 2;
  if (Array.isArray(value)) {
    for (const element of value) {
      const size = measure(element, depth - 1);
      if (size === undefined) return undefined;
      length += size + 1;
    }
    return length;
  }
  for (const name of Object.keys(value)) {
    const size = measure((value as JsonObject)[name], depth - 1);
    if (size === undefined) return undefined;
    length += name.length + size + 4;
  }
  return length;
}

/** JSON text of a parsed value, however deep it nests: JSON.stringify gives up some thousand levels down. */
export function stringifyDeep(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const parts: string[] = [];
  // What is still to be written, the next on top: text as it is, or a value.
  const stack: ({ readonly text: string } | { readonly value: unknown })[] = [{ value }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if ("text" in next) parts.push(next.text);
    else if (typeof next.value !== "object" || next.value === null) parts.push(JSON.stringify(next.value));
    else {
      const isList = Array.isArray(next.value);
      stack.push({ text: isList ? "]" : "}" });
      const members = Object.entries(next.value);
      for (const [index, [name, member]] of members.reverse().entries()) {
        stack.push({ value: member });
        const comma = index === members.length - 1 ? "" : ",";
        stack.push({ text: isList ? comma : `${comma}${JSON.stringify(name)}:` });
      }
      parts.push(isList ? "[" : "{");
    }
  }
  return parts.join("");
}

function cleanList(list: readonly unknown[], depth: number): Json | typeof TOO_DEEP {
  let copy: Json[] | undefined;
  for (const [index, element] of list.entries()) {
    const cleaned = cleanJson(element, depth);
    if (cleaned === TOO_DEEP) return TOO_DEEP;
    if (cleaned === element && copy === undefined) continue;
    copy ??= list.slice(0, index) as Json[];
    copy.push(cleaned);
  }
  return copy ?? (list as readonly Json[]);
}

function cleanObject(object: object, depth: number): Json | typeof TOO_DEEP {
  const names = Object.keys(object);
  let changed = Object.getPrototypeOf(object) !== Object.prototype;
  const members: Json[] = [];
  for (const name of names) {
    const member = (object as JsonObject)[name];
    const cleaned = cleanJson(member, depth);
    if (cleaned === TOO_DEEP) return TOO_DEEP;
    changed ||= cleaned !== member || cleanText(name) !== name;
    members.push(cleaned);
  }
  if (!changed) return object as JsonObject;
  // fromEntries makes a member of `__proto__`, an assignment would make it the prototype.
  return Object.fromEntries(names.map((name, index) => [cleanText(name), members[index] ?? null]));
}
