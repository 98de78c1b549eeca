import { Cursor, type ObjectName } from "../cursor";
import { SqlError, syntaxError, unsupported } from "../error";
import { roleOf, s3Address } from "./s3";

/** How the files of a COPY are written. */
export type CopyFormat =
  /** JSON objects: by name, in either case, by paths of a file, or each whole into one SUPER. */
  | {
      readonly kind: "json";
      readonly by: "auto" | "auto ignorecase" | "noshred" | { readonly pathsFile: string };
    }
  | { readonly kind: "csv"; readonly quote: string }
  | { readonly kind: "delimited" }
  | { readonly kind: "parquet" };

/** A COPY from S3. */
export interface CopyCommand {
  readonly table: ObjectName;
  /** @default all of the table's */
  readonly columns?: readonly string[];
  /** `s3://bucket/key`: of the manifest, or the prefix of the objects. */
  readonly from: string;
  readonly manifest: boolean;
  readonly gzip: boolean;
  readonly role: string;
  readonly format: CopyFormat;
  readonly delimiter: string;
  /** A field that is this is null. */
  readonly nullText: string;
  readonly ignoreHeader: number;
  readonly ignoreBlankLines: boolean;
  readonly blanksAsNull: boolean;
  readonly emptyAsNull: boolean;
  readonly trimBlanks: boolean;
  readonly removeQuotes: boolean;
  readonly escape: boolean;
  readonly fillRecord: boolean;
  readonly acceptAnyDate: boolean;
  /** What takes the place of characters that are none. @default they are an error */
  readonly replacement?: string;
  /** Cuts what is too long for its column. */
  readonly truncate: boolean;
  /** `auto`, `epochsecs`, `epochmillisecs`, or a format. */
  readonly timeFormat: string;
  readonly dateFormat: string;
  /** Lines that may fail. */
  readonly maxError: number;
  /** Checks the files and loads nothing. */
  readonly noLoad: boolean;
  /** Rounds decimals, instead of cutting them. */
  readonly round: boolean;
  readonly explicitIds: boolean;
  /** Takes nested values of columnar files into SUPER. */
  readonly serializeToJson: boolean;
}

type Draft = { -readonly [Member in keyof CopyCommand]: CopyCommand[Member] };

const ELSEWHERE =
  "orc avro fixedwidth shapefile bzip2 lzop zstd encrypted credentials access_key_id master_symmetric_key readratio ssh comprows ignoreallerrors".split(
    " ",
  );

/**
 * COPY, the cursor behind the word.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
 */
export function copyCommand(cursor: Cursor): CopyCommand {
  const table = cursor.objectName();
  const columns = cursor.sees("(") ? new Cursor(cursor.parenthesized()).names() : undefined;
  cursor.expect("from");
  const options: Draft = {
    table,
    from: s3Address(cursor, "COPY reads from"),
    manifest: false,
    gzip: false,
    role: "",
    format: { kind: "delimited" },
    delimiter: "",
    nullText: "\\N",
    ignoreHeader: 0,
    ignoreBlankLines: false,
    blanksAsNull: false,
    emptyAsNull: false,
    trimBlanks: false,
    removeQuotes: false,
    escape: false,
    fillRecord: false,
    acceptAnyDate: false,
    truncate: false,
    timeFormat: "auto",
    dateFormat: "auto",
    maxError: 0,
    noLoad: false,
    round: false,
    explicitIds: false,
    serializeToJson: false,
  };
  if (columns !== undefined) options.columns = columns;
  while (!cursor.done) option(cursor, options);
  return checked(options);
}

function checked(options: Draft): CopyCommand {
  const { format } = options;
  if (options.role === "") throw new SqlError("COPY needs credentials: IAM_ROLE 'arn'");
  if (format.kind === "csv" && (options.escape || options.removeQuotes))
    throw new SqlError("CSV is not compatible with ESCAPE and REMOVEQUOTES");
  if (format.kind === "json" && (options.delimiter !== "" || options.escape || options.removeQuotes))
    throw new SqlError("JSON is not compatible with DELIMITER, ESCAPE and REMOVEQUOTES");
  if (format.kind === "parquet" && (options.gzip || options.maxError > 0))
    throw new SqlError("PARQUET is not compatible with GZIP and MAXERROR");
  if (format.kind !== "parquet" && options.serializeToJson)
    throw new SqlError("SERIALIZETOJSON goes with PARQUET and ORC alone");
  if (options.delimiter === "") options.delimiter = format.kind === "csv" ? "," : "|";
  return options;
}

function option(cursor: Cursor, options: Draft): void {
  if (format(cursor, options) || flag(cursor, options)) return;
  if (cursor.takes("iam_role")) options.role = roleOf(cursor);
  else if (cursor.takes("delimiter")) options.delimiter = text(cursor);
  else if (cursor.takes("null")) options.nullText = text(cursor);
  else if (cursor.takes("ignoreheader")) options.ignoreHeader = number(cursor);
  else if (cursor.takes("maxerror")) options.maxError = number(cursor);
  else if (cursor.takes("timeformat")) options.timeFormat = text(cursor);
  else if (cursor.takes("dateformat")) options.dateFormat = text(cursor);
  else if (cursor.takes("acceptinvchars")) {
    cursor.takes("as");
    options.replacement = cursor.peek()?.kind === "string" ? cursor.string() : "?";
  } else if (cursor.takes("encoding")) {
    cursor.takes("as");
    const name = cursor.next().text;
    if (!/^utf-?8$/i.test(name)) throw unsupported(`COPY with ENCODING ${name}`);
  } else if (cursor.takes("region")) text(cursor);
  else if (cursor.takes("statupdate") || cursor.takes("compupdate")) {
    for (const word of ["on", "off", "true", "false", "preset"]) if (cursor.takes(word)) return;
  } else if (ELSEWHERE.some((word) => cursor.sees(word)))
    throw unsupported(`COPY with ${cursor.next().text.toUpperCase()}`);
  else throw cursor.error();
}

const FLAGS: Readonly<
  Record<string, keyof { [Name in keyof Draft as Draft[Name] extends boolean ? Name : never]: true }>
> = {
  manifest: "manifest",
  gzip: "gzip",
  truncatecolumns: "truncate",
  ignoreblanklines: "ignoreBlankLines",
  blanksasnull: "blanksAsNull",
  emptyasnull: "emptyAsNull",
  trimblanks: "trimBlanks",
  removequotes: "removeQuotes",
  escape: "escape",
  fillrecord: "fillRecord",
  acceptanydate: "acceptAnyDate",
  noload: "noLoad",
  roundec: "round",
  explicit_ids: "explicitIds",
  serializetojson: "serializeToJson",
};

function flag(cursor: Cursor, options: Draft): boolean {
  const word = cursor.peek()?.kind === "word" ? (cursor.peek()?.text ?? "") : "";
  const name = Object.hasOwn(FLAGS, word) ? FLAGS[word] : undefined;
  if (name === undefined) return false;
  cursor.next();
  options[name] = true;
  return true;
}

function format(cursor: Cursor, options: Draft): boolean {
  const explicit = cursor.takes("format");
  if (explicit) cursor.takes("as");
  if (cursor.takes("csv")) {
    let quote = '"';
    if (cursor.takes("quote")) quote = text(cursor);
    options.format = { kind: "csv", quote };
  } else if (cursor.takes("json")) {
    cursor.takes("as");
    options.format = {
      kind: "json",
      by: cursor.peek()?.kind === "string" ? jsonBy(cursor.string()) : "auto",
    };
  } else if (cursor.takes("parquet")) options.format = { kind: "parquet" };
  else if (explicit) throw unsupported(`COPY of ${cursor.next().text.toUpperCase()}`);
  else return false;
  return true;
}

function jsonBy(option: string): Extract<CopyFormat, { kind: "json" }>["by"] {
  const lower = option.toLowerCase();
  if (lower === "auto" || lower === "auto ignorecase" || lower === "noshred") return lower;
  if (!/^s3:\/\/[^/]+\/./.test(option))
    throw syntaxError(`'${option}'`, "JSON takes 'auto', 'auto ignorecase', 'noshred' or s3://bucket/key");
  return { pathsFile: option };
}

function text(cursor: Cursor): string {
  cursor.takes("as");
  return cursor.string();
}

function number(cursor: Cursor): number {
  cursor.takes("as");
  return cursor.integer();
}
