import { Cursor } from "../cursor";
import { syntaxError, unsupported } from "../error";
import type { Query } from "../syntax/ast";
import { wholeQuery } from "../syntax/query";
import { tokenize } from "../tokens";
import { roleOf, s3Address } from "./s3";

/** An UNLOAD into S3. */
export interface UnloadCommand {
  readonly query: Query;
  /** `s3://bucket/prefix` */
  readonly to: string;
  readonly role: string;
  readonly format: "text" | "csv" | "json" | "parquet";
  readonly delimiter: string;
  readonly nullText: string;
  readonly header: boolean;
  readonly quotes: boolean;
  readonly escape: boolean;
  readonly gzip: boolean;
  readonly manifest: "none" | "plain" | "verbose";
  readonly overwrite: boolean;
  readonly clean: boolean;
  readonly parallel: boolean;
  readonly maxFileBytes: number;
  readonly extension?: string;
  readonly partition: readonly string[];
  /** Whether the partition's columns stand in the files too. */
  readonly include: boolean;
}

const DEFAULT_MAX_BYTES = 6.2 * 1024 ** 3;

/**
 * UNLOAD, the cursor behind the word.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
 */
export function unloadCommand(cursor: Cursor): UnloadCommand {
  cursor.expect("(");
  const query = wholeQuery(new Cursor(tokenize(cursor.string())));
  cursor.expect(")");
  cursor.expect("to");
  const options: Draft = {
    query,
    to: s3Address(cursor, "UNLOAD writes to"),
    role: "",
    format: "text",
    delimiter: "|",
    nullText: "",
    header: false,
    quotes: false,
    escape: false,
    gzip: false,
    manifest: "none",
    overwrite: false,
    clean: false,
    parallel: true,
    maxFileBytes: DEFAULT_MAX_BYTES,
    partition: [],
    include: false,
  };
  let delimited = false;
  while (!cursor.done) delimited = option(cursor, options) || delimited;
  if (options.role === "") throw cursor.error("UNLOAD needs credentials: IAM_ROLE 'arn'");
  if (options.format === "csv" && !delimited) options.delimiter = ",";
  if (options.format === "parquet" && options.gzip)
    throw syntaxError("gzip", "PARQUET is compressed already");
  if (options.partition.length > 0 && options.manifest !== "none" && !options.parallel)
    throw syntaxError("parallel", "PARTITION BY does not go with PARALLEL OFF and MANIFEST");
  return options;
}

type Draft = { -readonly [Member in keyof UnloadCommand]: UnloadCommand[Member] };

/** Reads one option; says whether it was the delimiter. */
function option(cursor: Cursor, options: Draft): boolean {
  if (cursor.takes("iam_role")) options.role = roleOf(cursor);
  else if (cursor.takes("format")) {
    cursor.takes("as");
    options.format = formatOf(cursor);
  } else if (cursor.sees("csv") || cursor.sees("parquet") || cursor.sees("json"))
    options.format = formatOf(cursor);
  else if (cursor.takes("partition", "by")) {
    cursor.expect("(");
    const columns = [cursor.name()];
    while (cursor.takes(",")) columns.push(cursor.name());
    cursor.expect(")");
    options.partition = columns;
    options.include = cursor.takes("include");
  } else if (cursor.takes("manifest")) options.manifest = cursor.takes("verbose") ? "verbose" : "plain";
  else if (cursor.takes("header")) options.header = true;
  else if (cursor.takes("delimiter")) {
    cursor.takes("as");
    options.delimiter = cursor.string();
    return true;
  } else if (cursor.takes("null")) {
    cursor.takes("as");
    options.nullText = cursor.string();
  } else if (cursor.takes("addquotes")) options.quotes = true;
  else if (cursor.takes("escape")) options.escape = true;
  else if (cursor.takes("gzip")) options.gzip = true;
  else if (cursor.takes("allowoverwrite")) options.overwrite = true;
  else if (cursor.takes("cleanpath")) options.clean = true;
  else if (cursor.takes("parallel"))
    options.parallel = !(cursor.takes("off") || cursor.takes("false")) && onOff(cursor);
  else if (cursor.takes("maxfilesize")) {
    cursor.takes("as");
    options.maxFileBytes = sizeOf(cursor);
  } else if (cursor.takes("rowgroupsize")) {
    cursor.takes("as");
    sizeOf(cursor);
  } else if (cursor.takes("region")) {
    cursor.takes("as");
    cursor.string();
  } else if (cursor.takes("extension")) options.extension = cursor.string();
  else if (
    ["bzip2", "zstd", "encrypted", "fixedwidth", "credentials", "kms_key_id", "access_key_id"].some((word) =>
      cursor.sees(word),
    )
  )
    throw unsupported(`UNLOAD with ${cursor.next().text.toUpperCase()}`);
  else throw cursor.error();
  return false;
}

function onOff(cursor: Cursor): boolean {
  if (!cursor.takes("on")) cursor.takes("true");
  return true;
}

function formatOf(cursor: Cursor): "csv" | "json" | "parquet" {
  const format = (["csv", "json", "parquet"] as const).find((word) => cursor.takes(word));
  if (format === undefined) throw unsupported(`UNLOAD as ${cursor.next().text.toUpperCase()}`);
  return format;
}

function sizeOf(cursor: Cursor): number {
  const size = Number(cursor.next().text);
  if (!(size > 0)) throw cursor.error("a size expected");
  if (cursor.takes("gb")) return size * 1024 ** 3;
  cursor.takes("mb");
  return size * 1024 ** 2;
}
