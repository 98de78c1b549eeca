import { UserError } from "../../terminal";
import { canonicalMessage } from "../formats/canonical";
import { type LineReader, unreadable } from "../message";
import { MapProblem } from "./expect";
import { type CsvMap, checkHeader } from "./map";
import { type Fields, type Splitter, splitter } from "./record";
import { RowProblem } from "./rule";

/** Reads the records of a CSV file as a mapping says. */
export interface CsvReader {
  readonly split: Splitter;
  /** @throws UserError when the file's header does not go with the mapping. */
  readonly read: LineReader;
}

/** What reads one CSV file. */
export function csvReader(map: CsvMap): CsvReader {
  const split = splitter(map.delimiter, map.quote);
  let places = map.header === undefined ? undefined : placesOf(map.header, map);
  const read: LineReader = (record, number, lineId) => {
    const fields = split(record);
    if (places === undefined) {
      places = headerIn(fields, map);
      return undefined;
    }
    const refusal = (why: string) => unreadable(lineId, `line ${number} ${why}`, record);
    if (fields === "open") return refusal("opens a quote and does not close it");
    if ("problem" in fields) return refusal(`is no CSV: ${fields.problem}`);
    const values = withoutEmptyEnd(fields, places.names.length);
    if (values.length !== places.names.length)
      return refusal(`has ${fields.length} fields, there are ${places.names.length} columns`);
    try {
      return canonicalMessage(rowOf(values, places, map), lineId, "csv");
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      return refusal(`cannot be mapped: ${error.message}`);
    }
  };
  return { split, read };
}

/** Where a file's columns stand. */
interface Places {
  readonly names: readonly string[];
  readonly at: ReadonlyMap<string, number>;
  /** Columns that no rule reads: properties of their name. */
  readonly rest: readonly (readonly [name: string, at: number])[];
}

function headerIn(fields: Fields, map: CsvMap): Places {
  try {
    if (fields === "open" || "problem" in fields)
      throw new MapProblem("the first line, the header, is no CSV");
    checkHeader(fields);
    return placesOf(fields, map);
  } catch (error) {
    if (!(error instanceof MapProblem)) throw error;
    throw new UserError(`The file does not go with its mapping: ${error.message}.`);
  }
}

/** @throws MapProblem when the mapping names a column that there is not. */
function placesOf(names: readonly string[], { rules, ignored }: CsvMap): Places {
  const at = new Map(names.map((name, place) => [name, place]));
  const read = new Set([...rules.values()].flatMap(({ columns }) => columns));
  for (const column of [...read, ...ignored])
    if (!at.has(column))
      throw new MapProblem(
        `the mapping names a column "${column}", the file has ${names.map((name) => `"${name}"`).join(", ")}`,
      );
  const rest = [...at].filter(([name]) => name !== "" && !read.has(name) && !ignored.has(name));
  const filled = rest.find(([name]) => rules.has(`properties.${name}`))?.[0];
  if (filled !== undefined)
    throw new MapProblem(
      `the column "${filled}" would be properties.${filled}, which is made of other columns: let a rule read it, or ignore it`,
    );
  return { names, at, rest };
}

/** Some programs end each line but the header in a delimiter. */
function withoutEmptyEnd(fields: readonly string[], length: number): readonly string[] {
  return fields.slice(length).every((field) => field === "") ? fields.slice(0, length) : fields;
}

/** The canonical event that a row is. @throws RowProblem */
function rowOf(
  values: readonly string[],
  { at, rest }: Places,
  { rules, nulls }: CsvMap,
): Record<string, unknown> {
  const valueAt = (place: number): string => {
    const value = values[place] ?? "";
    return nulls.has(value) ? "" : value;
  };
  const row: Record<string, unknown> = {};
  const properties: Record<string, unknown> = {};
  const context: Record<string, unknown> = {};
  for (const [field, rule] of rules) {
    const value = rule.valueOf((column) => valueAt(at.get(column) ?? -1));
    if (value === undefined) continue;
    if (field.startsWith("properties.")) set(properties, field.split(".").slice(1), value);
    else if (field.startsWith("context.")) set(context, field.split(".").slice(1), value);
    else row[field] = value;
  }
  for (const [name, place] of rest) if (valueAt(place) !== "") set(properties, [name], valueAt(place));
  return { ...row, properties, context };
}

/** Sets a member of a member, as deep as the path goes. */
function set(
  object: Record<string, unknown>,
  [name = "", ...deeper]: readonly string[],
  value: unknown,
): void {
  if (deeper.length === 0) {
    // An assignment to `__proto__` would set the prototype.
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  if (!Object.hasOwn(object, name)) set(object, [name], {});
  set(object[name] as Record<string, unknown>, deeper, value);
}
