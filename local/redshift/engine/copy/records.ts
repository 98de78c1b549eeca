import { SqlError } from "../../sql/error";
import type { CopyCommand } from "../../sql/statements/copy";
import { isText } from "../../sql/types";
import type { CatalogColumn } from "../catalog/catalog";
import type { Field, Line } from "./lines";
import { lineFault, Unloadable, valueFor } from "./values";

/** What is taken of each record: for each column, the way to its value in JSON. */
export type JsonPaths = readonly (readonly (string | number)[])[];

/** The paths of a JSONPaths file. @throws {SqlError} @see https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html */
export function jsonPaths(text: string, from: string): JsonPaths {
  let paths: unknown;
  try {
    ({ jsonpaths: paths } = JSON.parse(text) as { jsonpaths?: unknown });
  } catch (error) {
    throw new SqlError(`Invalid JSONPath format: ${from} is no JSON`, { cause: error });
  }
  if (!Array.isArray(paths)) throw new SqlError(`Invalid JSONPath format: ${from} has no "jsonpaths"`);
  return paths.map((path) => {
    const steps = [...String(path).matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]|\.([^.[\]]+)/g)];
    if (!String(path).startsWith("$") || steps.map(([step]) => step).join("") !== String(path).slice(1))
      throw new SqlError(`Invalid JSONPath format: ${String(path)}`);
    return steps.map(([, single, double, index, name]) =>
      index === undefined ? (single ?? double ?? name ?? "") : Number(index),
    );
  });
}

/**
 * A line as a record for the engine: a value for each column.
 * @throws {Unloadable} when it does not fit.
 */
export function recordOf(
  { content }: Line,
  columns: readonly CatalogColumn[],
  copy: CopyCommand,
  paths: JsonPaths | undefined,
): unknown[] {
  if (content instanceof Unloadable) throw content;
  const given =
    "json" in content ? members(content.json, columns, copy, paths) : fields(content.fields, columns, copy);
  return columns.map((column, i) => valueFor(column, given[i], copy));
}

function members(
  json: unknown,
  columns: readonly CatalogColumn[],
  { format }: CopyCommand,
  paths: JsonPaths | undefined,
): unknown[] {
  if (format.kind !== "json") return [];
  if (format.by === "noshred") return [json];
  if (paths !== undefined)
    return paths.map((steps) =>
      steps.reduce<unknown>(
        (value, step) => (value as Record<string, unknown> | null | undefined)?.[step],
        json,
      ),
    );
  if (Array.isArray(json)) throw new Unloadable(lineFault(1216, "The line is not a JSON object"));
  const object = json as Record<string, unknown>;
  if (format.by !== "auto ignorecase")
    return columns.map(({ name }) => (Object.hasOwn(object, name) ? object[name] : undefined));
  const lower = new Map(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
  return columns.map(({ name }) => lower.get(name));
}

function fields(
  given: readonly Field[],
  columns: readonly CatalogColumn[],
  { fillRecord, nullText, emptyAsNull, blanksAsNull, format }: CopyCommand,
): (string | null)[] {
  if (given.length > columns.length) throw new Unloadable(lineFault(1202, "Extra column(s) found"));
  if (given.length < columns.length && !fillRecord)
    throw new Unloadable(lineFault(format.kind === "csv" ? 1213 : 1214, "Delimiter not found"));
  return columns.map((column, i) => {
    const field = given[i];
    if (field === undefined) return null;
    const { text, quoted } = field;
    if (text === nullText && !quoted) return null;
    const characters = isText(column.type);
    if (text === "" && (!characters || emptyAsNull)) return null;
    if (blanksAsNull && characters && text !== "" && text.trim() === "") return null;
    return text;
  });
}
