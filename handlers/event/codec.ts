import { deflateRawSync, inflateRawSync } from "node:zlib";
import { CURRENT_DICTIONARY, dictionaries } from "./dictionary";

/** A row on its way into or out of an item's body. */
export type BodyRow = Readonly<Record<string, unknown>>;

/**
 * An item's body. `codec` 0 is JSON text; any other number is raw deflate (RFC 1951) of that JSON with the
 * preset dictionary of that version.
 */
export type Body =
  | { readonly codec: 0; readonly body: string }
  | { readonly codec: number; readonly body: Uint8Array };

/** DynamoDB bills a write by the started KiB. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const WRITE_UNIT_BYTES = 1024;

/**
 * Writes rows as one body: what all of them share is written once, and the text is compressed when that saves
 * a write unit.
 * @param overheadBytes size of the item around the body.
 */
export function encodeBody(rows: readonly BodyRow[], overheadBytes: number): Body {
  const text = JSON.stringify(factor(rows));
  const plainBytes = overheadBytes + Buffer.byteLength(text);
  if (plainBytes <= WRITE_UNIT_BYTES) return { codec: 0, body: text };
  const packed = deflateRawSync(text, { dictionary: dictionaryOf(CURRENT_DICTIONARY) });
  return writeUnits(overheadBytes + packed.length) < writeUnits(plainBytes)
    ? { codec: CURRENT_DICTIONARY, body: packed }
    : { codec: 0, body: text };
}

/**
 * Reads a body's rows.
 * @throws when the body is not what `encodeBody` wrote, or its dictionary is not known here.
 */
export function decodeBody(codec: number, body: string | Uint8Array): BodyRow[] {
  const text =
    typeof body === "string"
      ? body
      : inflateRawSync(body, { dictionary: dictionaryOf(codec) }).toString("utf8");
  const { common, events } = JSON.parse(text) as { common: BodyRow; events: BodyRow[] };
  return events.map((event) => ({ ...common, ...event }));
}

/** Write units that an item of a size costs. */
export function writeUnits(sizeBytes: number): number {
  return Math.ceil(sizeBytes / WRITE_UNIT_BYTES);
}

/** Takes out what every row holds with the same plain value. A single row stays whole. */
function factor(rows: readonly BodyRow[]): { common: BodyRow; events: BodyRow[] } {
  const [first, ...others] = rows;
  if (first === undefined || others.length === 0) return { common: {}, events: [...rows] };
  const shared = Object.keys(first).filter((name) => {
    const value = first[name];
    return typeof value !== "object" && others.every((other) => other[name] === value);
  });
  const common = pick(first, shared);
  const events = rows.map((row) =>
    pick(
      row,
      Object.keys(row).filter((name) => !Object.hasOwn(common, name)),
    ),
  );
  return { common, events };
}

function pick(row: BodyRow, names: readonly string[]): BodyRow {
  // Without a prototype, `__proto__` is a name like any other.
  const picked: Record<string, unknown> = Object.create(null);
  for (const name of names) picked[name] = row[name];
  return picked;
}

function dictionaryOf(version: number): Buffer {
  const dictionary = dictionaries[version];
  if (dictionary === undefined)
    throw new Error(`body codec ${version} is not known: 0 to ${CURRENT_DICTIONARY} are`);
  return dictionary;
}
