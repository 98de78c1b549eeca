import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import { DuckDBTypeId } from "@duckdb/node-api";
import { SqlError } from "../sql/error";

/** A value: its text, and the Data API's `Field` of it as JSON. */
interface Field {
  /** @default null */
  readonly text?: string;
  readonly json: string;
}

/** A result's column as the Data API's `ColumnMetadata` tells it. */
export interface ResultColumn {
  readonly label: string;
  readonly name: string;
  readonly typeName: string;
  readonly nullable: 1;
  readonly precision: number;
  readonly scale: number;
  readonly length: number;
  readonly isCaseSensitive: boolean;
  readonly isCurrency: false;
  readonly isSigned: boolean;
  readonly schemaName: string;
  readonly tableName: string;
}

/** How a result's rows are written: a page of JSON is an array of records, one of CSV is lines. */
export type ResultFormat = "JSON" | "CSV";

/** Takes a result's pages, in their order. */
export interface PageSink {
  write(page: string): void;
}

/** A query's answer. Its rows are in pages of at most `PAGE_BYTES`, wherever its sink put them. */
export interface ResultSet {
  readonly columns: readonly ResultColumn[];
  readonly format: ResultFormat;
  readonly rows: number;
  readonly sizeBytes: number;
}

const PAGE_BYTES = 1_000_000;
/** @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations */
const ROW_BYTES = 64 * 1024;
const RESULT_BYTES = 500 * 1024 * 1024;

/**
 * Runs a query and writes its answer down.
 * @param names the delimited names of the statement: labels that are kept as they are.
 * @throws {SqlError} when a row or the whole is larger than the Data API hands out.
 */
export async function runQuery(
  connection: DuckDBConnection,
  sql: string,
  names: ReadonlySet<string>,
  format: ResultFormat,
  sink: PageSink,
): Promise<ResultSet> {
  const result = await connection.stream(sql);
  const types = result.columnTypes();
  const columns = result.columnNames().map((name, i) => column(label(name, names), types[i]));
  const pages = new Pages(format, sink);
  for await (const chunk of result.yieldRowsJson())
    for (const row of chunk) pages.add(row.map((value, i) => field(value, types[i])));
  pages.end();
  return { columns, format, rows: pages.rows, sizeBytes: pages.sizeBytes };
}

/** Fills pages with rows, and holds both to the Data API's limits. */
class Pages {
  rows = 0;
  sizeBytes = 0;
  #records: string[] = [];
  #bytes = 0;

  constructor(
    readonly format: ResultFormat,
    readonly sink: PageSink,
  ) {}

  add(fields: readonly Field[]): void {
    let valueBytes = 0;
    for (const { text = "" } of fields) valueBytes += Buffer.byteLength(text);
    if (valueBytes > ROW_BYTES)
      throw new SqlError(`a row of the result is larger than the Data API's limit of ${ROW_BYTES} bytes`);
    const record = this.format === "CSV" ? csvLine(fields) : `[${fields.map(({ json }) => json).join(",")}]`;
    const bytes = Buffer.byteLength(record);
    this.sizeBytes += valueBytes;
    if (this.sizeBytes > RESULT_BYTES)
      throw new SqlError("the result is larger than the Data API's limit of 500 MB");
    if (this.#bytes + bytes > PAGE_BYTES && this.#records.length > 0) this.end();
    this.#records.push(record);
    this.#bytes += bytes;
    this.rows++;
  }

  /** Ends the page. */
  end(): void {
    this.sink.write(this.format === "CSV" ? this.#records.join("") : `[${this.#records.join(",")}]`);
    this.#records = [];
    this.#bytes = 0;
  }
}

/** A row as RFC 4180 writes it. A null is an empty field, an empty text a quoted one. */
function csvLine(fields: readonly Field[]): string {
  const cells = fields.map(({ text }) => {
    if (text === undefined) return "";
    return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(",")}\r\n`;
}

const NULL: Field = { json: '{"isNull":true}' };

function field(value: unknown, type: DuckDBType | undefined): Field {
  if (value === null || value === undefined) return NULL;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  switch (type?.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return { text, json: `{"booleanValue":${text}}` };
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
      return { text, json: `{"longValue":${text}}` };
    case DuckDBTypeId.FLOAT: {
      const short = shortest(Number(value));
      return { text: short, json: `{"doubleValue":${JSON.stringify(Number(short))}}` };
    }
    case DuckDBTypeId.DOUBLE:
      return { text, json: `{"doubleValue":${JSON.stringify(value)}}` };
    default:
      return { text, json: `{"stringValue":${JSON.stringify(text)}}` };
  }
}

/** The shortest text of a 4-byte float that reads back as the same one. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

interface TypeFacts {
  readonly name: string;
  readonly precision: number;
}

const TYPES: ReadonlyMap<DuckDBTypeId, TypeFacts> = new Map([
  [DuckDBTypeId.BOOLEAN, { name: "bool", precision: 1 }],
  [DuckDBTypeId.TINYINT, { name: "int2", precision: 5 }],
  [DuckDBTypeId.SMALLINT, { name: "int2", precision: 5 }],
  [DuckDBTypeId.INTEGER, { name: "int4", precision: 10 }],
  [DuckDBTypeId.BIGINT, { name: "int8", precision: 19 }],
  [DuckDBTypeId.HUGEINT, { name: "int8", precision: 19 }],
  [DuckDBTypeId.FLOAT, { name: "float4", precision: 8 }],
  [DuckDBTypeId.DOUBLE, { name: "float8", precision: 17 }],
  [DuckDBTypeId.DATE, { name: "date", precision: 13 }],
  [DuckDBTypeId.TIMESTAMP, { name: "timestamp", precision: 29 }],
  [DuckDBTypeId.TIMESTAMP_TZ, { name: "timestamptz", precision: 35 }],
  [DuckDBTypeId.INTERVAL, { name: "interval", precision: 0 }],
]);

function column(name: string, type: DuckDBType | undefined): ResultColumn {
  const facts = typeFacts(type);
  const text = facts.typeName === "varchar" || facts.typeName === "super";
  const whole = /^(int|float|numeric)/.test(facts.typeName);
  return {
    label: name,
    name,
    ...facts,
    nullable: 1,
    length: text ? 65_535 : 0,
    isCaseSensitive: text,
    isCurrency: false,
    isSigned: whole,
    schemaName: "",
    tableName: "",
  };
}

function typeFacts(type: DuckDBType | undefined): { typeName: string; precision: number; scale: number } {
  if (type?.typeId === DuckDBTypeId.DECIMAL && "width" in type && "scale" in type)
    return { typeName: "numeric", precision: Number(type.width), scale: Number(type.scale) };
  if (type?.alias === "JSON") return { typeName: "super", precision: 0, scale: 0 };
  const facts = type === undefined ? undefined : TYPES.get(type.typeId);
  return { typeName: facts?.name ?? "varchar", precision: facts?.precision ?? 0, scale: 0 };
}

/**
 * A column's label as Redshift gives it: a name folded to lower case; for an expression without a name, that of
 * its outermost function, `case`, or `?column?`.
 */
export function label(name: string, delimited: ReadonlySet<string>): string {
  const folded = name.toLowerCase();
  if (delimited.has(folded) || /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name)) return folded;
  if (/^case\b/i.test(name)) return "case";
  const call = /^(?:[a-z_]+\.)?"?([a-z_0-9]+)"?\(.*\)$/s.exec(folded)?.[1];
  if (call === undefined) return "?column?";
  return RENAMED[call] ?? call;
}

const RENAMED: Readonly<Record<string, string>> = {
  count_star: "count",
  average: "avg",
  string_agg: "listagg",
  cut: "varchar",
  quantile_cont: "percentile_cont",
  cast: "?column?",
};

/** Redshift's short name of a type that the engine names in full. */
export function typeNameOf(engine: string): string {
  if (engine.startsWith("DECIMAL")) return "numeric";
  return NAMES[engine] ?? "varchar";
}

const NAMES: Readonly<Record<string, string>> = {
  BOOLEAN: "bool",
  SMALLINT: "int2",
  INTEGER: "int4",
  BIGINT: "int8",
  HUGEINT: "int8",
  FLOAT: "float4",
  DOUBLE: "float8",
  DATE: "date",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamptz",
  JSON: "super",
};
