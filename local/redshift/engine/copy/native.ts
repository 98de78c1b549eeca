import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CopyCommand } from "../../sql/statements/copy";
import { identifier, literal } from "../../sql/tokens";
import { engineType, isWhole } from "../../sql/types";
import type { CatalogColumn } from "../catalog/catalog";
import type { Body, Load } from "./load";

/** Whether the engine's own reader of JSON lines does what is asked. */
export function isPlain({ copy, columns }: Load, bodies: readonly Body[]): boolean {
  const {
    format,
    maxError,
    noLoad,
    acceptAnyDate,
    blanksAsNull,
    emptyAsNull,
    trimBlanks,
    timeFormat,
    dateFormat,
  } = copy;
  const asked =
    noLoad || acceptAnyDate || blanksAsNull || emptyAsNull || trimBlanks || copy.replacement !== undefined;
  const formats = timeFormat.toLowerCase() === "auto" && dateFormat.toLowerCase() === "auto";
  return (
    format.kind === "json" &&
    format.by === "auto" &&
    maxError === 0 &&
    !asked &&
    formats &&
    columns.every(({ type }) => NATIVE.has(type.name)) &&
    bodies.every(isLines)
  );
}

const NATIVE = new Set(
  "int2 int4 int8 numeric float4 float8 bool varchar bpchar date timestamp timestamptz super".split(" "),
);

/** Whether the first object ends with its line: then others do too. */
function isLines({ bytes }: Body): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = head.indexOf(10);
  const first = head
    .subarray(0, end < 0 ? head.length : end)
    .toString("utf8")
    .trim();
  if (first === "") return head.toString("utf8").trim() === "";
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false;
  }
}

/** Loads JSON lines with the engine's own reader: fast, and without a word on which line is wrong. */
export async function natively(
  { context, columns, relation, folder, copy }: Load,
  bodies: readonly Body[],
): Promise<number> {
  const files = await Promise.all(
    bodies.map(async ({ bytes }, i) => {
      const path = join(folder, `${i}.json`);
      await writeFile(path, bytes);
      return literal(path);
    }),
  );
  if (files.length === 0) return 0;
  const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(readAs(type))}`).join(", ");
  const source =
    `read_json([${files.join(", ")}], format = 'newline_delimited', compression = 'uncompressed', ` +
    `maximum_object_size = 16777216, columns = {${types}})`;
  const values = columns.map((column) => nativeValue(column, copy)).join(", ");
  const names = columns.map(({ name }) => identifier(name)).join(", ");
  const sql = `insert into ${relation.sql} (${names}) select ${values} from ${source}`;
  return (await context.session.connection.run(sql)).rowsChanged;
}

/** Whole numbers and decimals are read as text: the engine's reader would round them. */
function readAs(type: CatalogColumn["type"]): string {
  return isWhole(type) || type.name === "numeric" ? "VARCHAR" : engineType(type).toUpperCase();
}

function nativeValue({ name, type }: CatalogColumn, { truncate, round }: CopyCommand): string {
  const column = identifier(name);
  if (isWhole(type)) return `cast(rs.whole(${column}) as ${engineType(type)})`;
  if (type.name === "numeric") {
    const { scale = 0 } = type;
    const pattern = `^([+-]?\\d*${scale === 0 ? "" : `\\.\\d{${scale}}`})${scale === 0 ? "\\." : ""}\\d+$`;
    return `cast(${round ? column : `regexp_replace(${column}, '${pattern}', '\\1')`} as ${engineType(type)})`;
  }
  return truncate && type.bytes !== undefined ? `rs.cut(${column}, ${type.bytes})` : column;
}
