import { blankEvent, type ColumnName } from "../../event/columns";
import type { Json } from "../../event/event";
import { isObject, type JsonObject } from "../../event/json";
import { networkOf } from "../address";

/** Columns before they are fitted. */
export type RawColumns = { [column in ColumnName]?: unknown };

/** JSON that a decoder still adds to. */
export type OpenJson = { [name: string]: Json };

/** Columns with nothing in them. @see blankEvent */
export function blankColumns(): RawColumns {
  return { ...blankEvent };
}

/** Takes what has a column out of a field. @returns what is left of the field, undefined for nothing. */
export type Taker = (value: Json, columns: RawColumns) => Json | undefined;

/** Fields by their names, and what takes them. */
export type Takers = ReadonlyMap<string, Taker>;

/** A field that is one column. */
export function plain(column: ColumnName): Taker {
  return (value, columns) => (take(value, column, columns) ? undefined : value);
}

/** An object, members of which are columns. */
export function members(mapping: Readonly<Record<string, ColumnName>>): Taker {
  const takers: Takers = new Map(Object.entries(mapping).map(([name, column]) => [name, plain(column)]));
  return (value, columns) => (isObject(value) ? takeMembers(value, takers, columns) : (value ?? undefined));
}

/** An address: its network is a column. Whatever stands in its place, nothing of it is left, for it may be one. */
export function takeAddress(value: Json, columns: RawColumns): undefined {
  columns.ip_network ??= networkOf(value);
}

/**
 * Moves what has a column from an object to the columns, unless another value stands there.
 * @returns the rest of the object, undefined when nothing is left.
 */
export function takeMembers(object: JsonObject, takers: Takers, columns: RawColumns): JsonObject | undefined {
  let rest: OpenJson | undefined;
  for (const name of Object.keys(object)) {
    const value = object[name] ?? null;
    const taker = takers.get(name);
    const left = taker === undefined ? value : taker(value, columns);
    if (left === undefined) continue;
    rest ??= {};
    setMember(rest, name, left);
  }
  return rest;
}

/** Puts a value in a column, unless another stands there. @returns whether nothing of it is lost so. */
export function take(value: Json, column: ColumnName, columns: RawColumns): boolean {
  // Null and empty text say nothing: nothing is lost with them.
  if (value === null || value === "") return true;
  if (!isPlain(value) || columns[column] !== undefined) return columns[column] === value;
  columns[column] = value;
  return true;
}

/** Whether a value can stand in a column as it is. */
export function isPlain(value: Json | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Sets a member; an assignment to `__proto__` would set the prototype. */
export function setMember(object: OpenJson, name: string, value: Json): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
