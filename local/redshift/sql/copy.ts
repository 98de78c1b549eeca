import { Cursor, type ObjectName } from "./cursor";
import { syntaxError, unsupported } from "./error";
import { splitCommas, type Token } from "./tokens";

/** A COPY of JSON lines from S3, as far as it is executed here. */
export interface CopyCommand {
  readonly table: ObjectName;
  /** @default all of the table's */
  readonly columns?: readonly string[];
  /** `s3://bucket/key`: of the manifest, or the prefix of the objects. */
  readonly from: string;
  readonly manifest: boolean;
  readonly gzip: boolean;
  /** Cuts what is too long for its column. @default false: the load fails */
  readonly truncate: boolean;
  /** `default` is the namespace's default role. */
  readonly role: string;
}

const ELSEWHERE =
  "csv parquet orc avro delimiter fixedwidth shapefile bzip2 lzop zstd encrypted null acceptanydate acceptinvchars blanksasnull dateformat emptyasnull encoding escape explicit_ids fillrecord ignoreblanklines ignoreheader noload removequotes roundec trimblanks credentials access_key_id readratio ssh serializetojson".split(
    " ",
  );

/**
 * Parses COPY, the cursor behind the word COPY.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
 */
export function copyCommand(cursor: Cursor): CopyCommand {
  const table = cursor.objectName();
  const columns = cursor.sees("(") ? columnNames(cursor.parenthesized()) : undefined;
  cursor.expect("from");
  const source = cursor.next();
  if (source.kind !== "string") throw syntaxError(source.text, "COPY reads from a quoted s3:// address");
  if (!/^s3:\/\/[^/]+\/./.test(source.text)) {
    if (/^(emr|dynamodb|ssh):\/\//.test(source.text)) throw unsupported(`COPY from ${source.text}`);
    throw syntaxError(`'${source.text}'`, "COPY reads from s3://bucket/key");
  }
  const options = { json: false, manifest: false, gzip: false, truncate: false, role: "" };
  while (!cursor.done) option(cursor, options);
  const { json, role, ...rest } = options;
  if (role === "") throw cursor.error("COPY needs credentials: IAM_ROLE 'arn'");
  if (!json) throw unsupported("COPY of other than JSON 'auto'");
  return { table, ...(columns === undefined ? {} : { columns }), from: source.text, role, ...rest };
}

interface Options {
  json: boolean;
  manifest: boolean;
  gzip: boolean;
  truncate: boolean;
  role: string;
}

function option(cursor: Cursor, options: Options): void {
  if (cursor.takes("iam_role")) options.role = cursor.takes("default") ? "default" : cursor.string();
  else if (cursor.takes("manifest")) options.manifest = true;
  else if (cursor.takes("gzip")) options.gzip = true;
  else if (cursor.takes("truncatecolumns")) options.truncate = true;
  else if (cursor.takes("timeformat")) automatic(cursor, "TIMEFORMAT");
  else if (cursor.takes("maxerror")) {
    cursor.takes("as");
    if (cursor.integer() !== 0) throw unsupported("COPY with MAXERROR above 0");
  } else if (cursor.takes("region")) {
    cursor.takes("as");
    cursor.string();
  } else if (cursor.takes("statupdate") || cursor.takes("compupdate")) {
    if (!cursor.takes("on") && !cursor.takes("off") && !cursor.takes("true") && !cursor.takes("preset"))
      cursor.takes("false");
  } else if (cursor.sees("format") || cursor.sees("json")) format(cursor, options);
  else if (ELSEWHERE.some((word) => cursor.sees(word)))
    throw unsupported(`COPY with ${cursor.next().text.toUpperCase()}`);
  else throw cursor.error();
}

function format(cursor: Cursor, options: Options): void {
  if (cursor.takes("format")) cursor.takes("as");
  if (!cursor.takes("json")) throw unsupported(`COPY of ${cursor.next().text.toUpperCase()}`);
  cursor.takes("as");
  if (cursor.peek()?.kind === "string") automatic(cursor, "JSON");
  options.json = true;
}

function automatic(cursor: Cursor, what: string): void {
  cursor.takes("as");
  const value = cursor.string();
  if (value.toLowerCase() !== "auto") throw unsupported(`COPY with ${what} '${value}'`);
}

function columnNames(tokens: readonly Token[]): string[] {
  return splitCommas(tokens).map((part) => {
    const cursor = new Cursor(part);
    const name = cursor.name();
    cursor.end();
    return name;
  });
}
