import type { DuckDBConnection } from "@duckdb/node-api";
import type { OutputColumn } from "../sql/bind/queries/query";
import { SqlError } from "../sql/error";
import { type DataType, isNumber, isText } from "../sql/types";

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
  readonly nullable: 0 | 1;
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
 * @param columns what it answers, in Redshift's types.
 * @throws {SqlError} when a row or the whole is larger than the Data API hands out.
 */
export async function runQuery(
  connection: DuckDBConnection,
  sql: string,
  columns: readonly OutputColumn[],
  { format, sink }: { readonly format: ResultFormat; readonly sink: PageSink },
): Promise<ResultSet> {
  const result = await connection.stream(shown(sql, columns));
  const pages = new Pages(format, sink);
  for await (const chunk of result.yieldRowsJson())
    for (const row of chunk) pages.add(row.map((value, i) => field(value, columns[i]?.type ?? TEXT)));
  pages.end();
  return { columns: columns.map(described), format, rows: pages.rows, sizeBytes: pages.sizeBytes };
}

const TEXT: DataType = { name: "varchar" };

/** Values that the engine hands out in a form of its own, as Redshift writes them. */
const SHOWN: Partial<Record<DataType["name"], (column: string) => string>> = {
  varbyte: (column) => `lower(hex(${column}))`,
  interval: (column) => `cast(${column} as varchar)`,
  time: (column) => `cast(${column} as varchar)`,
  timetz: (column) => `cast(${column} as varchar)`,
};

function shown(sql: string, columns: readonly OutputColumn[]): string {
  if (!columns.some(({ type }) => SHOWN[type.name] !== undefined)) return sql;
  const items = columns.map(({ type }, i) => SHOWN[type.name]?.(`c${i}`) ?? `c${i}`);
  return `select ${items.join(", ")} from (${sql}) as answer(${columns.map((_, i) => `c${i}`).join(", ")})`;
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

function field(value: unknown, { name, bytes = 0 }: DataType): Field {
  if (value === null || value === undefined) return NULL;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  switch (name) {
    case "bool":
      return { text, json: `{"booleanValue":${text}}` };
    case "int2":
    case "int4":
    case "int8":
      return { text, json: `{"longValue":${text}}` };
    case "float4": {
      const short = shortest(Number(value));
      return { text: short, json: `{"doubleValue":${JSON.stringify(Number(short))}}` };
    }
    case "float8":
      return { text, json: `{"doubleValue":${JSON.stringify(value)}}` };
    case "bpchar":
      return textField(text.padEnd(bytes));
    default:
      return textField(text);
  }
}

function textField(text: string): Field {
  return { text, json: `{"stringValue":${JSON.stringify(text)}}` };
}

/** The shortest text of a 4-byte float that reads back as the same one. */
function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

/** Digits of a type's values, and of them behind the point. */
const DIGITS: Partial<Record<DataType["name"], readonly [precision: number, scale: number]>> = {
  bool: [1, 0],
  int2: [5, 0],
  int4: [10, 0],
  int8: [19, 0],
  float4: [8, 8],
  float8: [17, 17],
  date: [13, 0],
  time: [15, 6],
  timetz: [21, 6],
  timestamp: [29, 6],
  timestamptz: [35, 6],
};

/**
 * What the Data API tells of a column.
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-calling.html#data-api-calling-cli-get-statement-result
 */
export function described({ name, type, origin }: OutputColumn): ResultColumn {
  const textual = isText(type) || type.name === "super";
  const [precision, scale] = DIGITS[type.name] ?? [type.precision ?? type.bytes ?? 0, type.scale ?? 0];
  return {
    label: name,
    name,
    typeName: type.name === "unknown" ? "varchar" : type.name,
    nullable: origin?.notNull === true ? 0 : 1,
    precision,
    scale,
    length: 0,
    isCaseSensitive: textual,
    isCurrency: false,
    isSigned: isNumber(type),
    schemaName: origin?.schema ?? "",
    tableName: origin?.table ?? "",
  };
}
