import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Row, valuesOf } from "../row";
import { CURRENT_DICTIONARY, dictionaries } from "./dictionary";

/** A row on its way into or out of an item's body. What is undefined or null in it is absent. */
export type BodyRow = Row;

/**
 * An item's body. `codec` 0 is JSON text; any other number is raw deflate (RFC 1951) of that JSON with the
 * preset dictionary of that version.
 */
export type Body =
  | { readonly codec: 0; readonly body: string }
  | { readonly codec: number; readonly body: Uint8Array };

/**
 * The JSON of a body: column by column, because names are written once so and like values stand side by side,
 * which takes half the time and space. What all rows hold alike stands once in `common`; a column holds a value
 * for each row, null where it is absent.
 */
export interface Table {
  readonly count: number;
  readonly common: Readonly<Record<string, unknown>>;
  readonly columns: Readonly<Record<string, readonly unknown[]>>;
}

/** How bodies were written before they were tables: row by row. The raw lake may hold such. */
interface Rows {
  readonly common: BodyRow;
  readonly events: readonly BodyRow[];
}

/** DynamoDB bills a write by the started KiB. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const WRITE_UNIT_BYTES = 1024;

/** Level 3 of deflate takes two thirds of the time that level 6, its default, takes for 5 % fewer bytes. */
const LEVEL = 3;

/**
 * Writes rows as one body; the text is compressed when that saves a write unit.
 * @param overheadBytes size of the item around the body.
 * @param names the columns that rows may have. @default all that any row has
 */
export function encodeBody(
  rows: readonly BodyRow[],
  overheadBytes: number,
  names: readonly string[] = namesIn(rows),
): Body {
  const text = JSON.stringify(tableOf(rows, names));
  const bytes = Buffer.from(text);
  const plainBytes = overheadBytes + bytes.length;
  if (plainBytes <= WRITE_UNIT_BYTES) return { codec: 0, body: text };
  const packed = pack(bytes);
  return writeUnits(overheadBytes + packed.length) < writeUnits(plainBytes)
    ? { codec: CURRENT_DICTIONARY, body: packed }
    : { codec: 0, body: text };
}

/**
 * Deflates a text. Making room takes a fifth of the time for a small one when there is as much as for a large one:
 * a window need not be longer than the text with its dictionary, nor the output than half of the text.
 */
function pack(bytes: Buffer): Buffer {
  const dictionary = dictionaryOf(CURRENT_DICTIONARY);
  const isSmall = dictionary.length + bytes.length <= SMALL.bytes;
  return deflateRawSync(bytes, {
    dictionary,
    level: LEVEL,
    chunkSize: Math.min(Math.max(bytes.length >> 1, 1_024), 16_384),
    ...(isSmall ? SMALL.options : {}),
  });
}

/** zlib looks back over all of a window but its last 262 bytes. */
const SMALL = { bytes: 2 ** 13 - 262, options: { windowBits: 13, memLevel: 6 } } as const;

/**
 * Reads a body's rows.
 * @param blank what every row begins with; what the body says of it wins. @default nothing
 * @throws when the body is not what `encodeBody` wrote, or its dictionary is not known here.
 */
export function decodeBody(codec: number, body: string | Uint8Array, blank: BodyRow = {}): BodyRow[] {
  return rowsOf(decodeTable(codec, body), blank);
}

/** Reads a body as the table that it is. @throws like `decodeBody`. */
export function decodeTable(codec: number, body: string | Uint8Array): Table {
  const text =
    typeof body === "string"
      ? body
      : inflateRawSync(body, { dictionary: dictionaryOf(codec), chunkSize: roomFor(body) }).toString("utf8");
  const stored = JSON.parse(text) as Table | Rows;
  if (!("events" in stored)) return stored;
  const rows = stored.events.map((event) => ({ ...stored.common, ...event }));
  return tableOf(rows, namesIn(rows));
}

/**
 * Shows a table's rows one after the other, in one object that is filled anew for each: it has a member for every
 * column of the table, undefined where it is absent. That takes a third of the time of making them.
 * @param shared what every row holds besides; it wins.
 * @param use is given the object, which the next row fills: to keep it is to copy it.
 */
export function eachRow(
  { count, common, columns }: Table,
  shared: BodyRow,
  use: (row: BodyRow, index: number) => void,
): void {
  const lists = Object.entries(columns).filter(([name]) => !Object.hasOwn(shared, name));
  const row: Record<string, unknown> = { ...common };
  for (const [name] of lists) define(row, name, undefined);
  Object.assign(row, shared);
  for (let index = 0; index < count; index += 1) {
    for (const [name, values] of lists) row[name] = values[index] ?? undefined;
    use(row, index);
  }
}

/** Room for the text of most bodies in one piece: making more takes a tenth of the time of inflating a small one. */
function roomFor(body: Uint8Array): number {
  return Math.min(Math.max(body.length * 12, 1_024), 16_384);
}

/** A table's rows, each beginning with what `blank` says; what the table says of it wins. */
export function rowsOf({ count, common, columns }: Table, blank: BodyRow = {}): BodyRow[] {
  const first = { ...blank, ...common };
  const lists = Object.entries(columns);
  // Row by row: an object is filled in a fifth of the time while nothing else is.
  return Array.from({ length: count }, (_, index) => {
    const row: Record<string, unknown> = { ...first };
    for (const [name, values] of lists) {
      const value = values[index];
      if (value !== null && value !== undefined) define(row, name, value);
    }
    return row;
  });
}

/** Write units that an item of a size costs. */
export function writeUnits(sizeBytes: number): number {
  return Math.ceil(sizeBytes / WRITE_UNIT_BYTES);
}

function tableOf(rows: readonly BodyRow[], names: readonly string[]): Table {
  const common: Record<string, unknown> = {};
  const columns: Record<string, readonly unknown[]> = {};
  const lists = rows.map((row) => valuesOf(row, names));
  const [first, ...others] = lists;
  if (first === undefined) return { count: 0, common, columns };
  for (const [index, name] of names.entries()) {
    const value = first[index];
    if (others.length === 0 || isAlike(others, index, value)) {
      if (value !== undefined && value !== null) define(common, name, value);
    } else {
      const values = lists.map((list) => list[index]);
      define(columns, name, values);
    }
  }
  return { count: rows.length, common, columns };
}

/** Whether a column holds the same plain value, or nothing, in all rows. A loop: this is done for every column. */
function isAlike(lists: readonly (readonly unknown[])[], index: number, value: unknown): boolean {
  if (typeof value === "object") return false;
  for (const list of lists) if (list[index] !== value) return false;
  return true;
}

function namesIn(rows: readonly BodyRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** Sets a member; an assignment to `__proto__` would set the prototype. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

function dictionaryOf(version: number): Buffer {
  const dictionary = dictionaries[version];
  if (dictionary === undefined)
    throw new Error(`body codec ${version} is not known: 0 to ${CURRENT_DICTIONARY} are`);
  return dictionary;
}
