import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { CopyCommand } from "../sql/copy";
import { SqlError } from "../sql/error";
import { identifier, literal } from "../sql/tokens";
import { type CatalogColumn, type CatalogTable, describe } from "./catalog";
import { brokenFile, diagnose } from "./diagnose";
import { LoadError } from "./load-errors";
import type { ObjectSource } from "./objects";

/** An object as it was brought in. */
export interface Download {
  readonly url: string;
  readonly path: string;
}

const DOWNLOADS_AT_ONCE = 8;

/**
 * Executes COPY in the connection's transaction.
 * @returns the number of rows loaded.
 * @throws {LoadError} when a line does not fit the table; {SqlError} when an object is not there.
 */
export async function runCopy(
  connection: DuckDBConnection,
  copy: CopyCommand,
  objects: ObjectSource,
  copyDir: string,
): Promise<number> {
  const table = await describe(connection, copy.table);
  const columns = chosen(table, copy.columns);
  const folder = mkdtempSync(join(copyDir, "copy-"));
  try {
    const files = await download(await sources(copy, objects), objects, folder, copy);
    if (files.length === 0) return 0;
    try {
      const result = await connection.run(insertion(table, columns, files, copy));
      return result.rowsChanged;
    } catch (error) {
      const detail = await diagnose(files, columns, copy.truncate);
      if (detail === undefined) throw error;
      throw new LoadError(table.name, detail, error);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function chosen(table: CatalogTable, names: readonly string[] | undefined): readonly CatalogColumn[] {
  if (names === undefined) return table.columns;
  return names.map((name) => {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined)
      throw new SqlError(`column "${name}" of relation "${table.name}" does not exist`);
    return column;
  });
}

interface Source {
  readonly url: string;
  readonly mandatory: boolean;
}

async function sources(copy: CopyCommand, objects: ObjectSource): Promise<readonly Source[]> {
  const { bucket, key } = address(copy.from);
  if (!copy.manifest) {
    const keys = await objects.list(bucket, key);
    if (keys.length === 0) throw new SqlError(`The specified S3 prefix '${key}' does not exist`);
    return keys.map((found) => ({ url: `s3://${bucket}/${found}`, mandatory: true }));
  }
  const body = await objects.read(bucket, key);
  if (body === undefined)
    throw new SqlError(
      "Problem reading manifest file - S3ServiceException:The specified key does not exist.",
    );
  return manifestEntries(Buffer.from(body).toString("utf8"), copy.from);
}

/** @see https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html */
function manifestEntries(text: string, from: string): readonly Source[] {
  try {
    const { entries } = JSON.parse(text) as { entries: readonly { url: string; mandatory?: boolean }[] };
    return entries.map(({ url, mandatory }) => {
      address(url);
      return { url, mandatory: mandatory === true };
    });
  } catch (error) {
    throw new SqlError(`The contents of the manifest ${from} are not valid`, { cause: error });
  }
}

async function download(
  sources: readonly Source[],
  objects: ObjectSource,
  folder: string,
  { gzip, table }: CopyCommand,
): Promise<Download[]> {
  const files: Download[] = [];
  const waiting = sources.entries();
  const work = async (): Promise<void> => {
    for (const [i, { url, mandatory }] of waiting) {
      const { bucket, key } = address(url);
      const body = await objects.read(bucket, key);
      if (body === undefined) {
        if (mandatory) throw new SqlError(`The specified S3 prefix '${key}' does not exist`);
        continue;
      }
      const path = join(folder, `${i}.json`);
      await writeFile(path, gzip ? await unpacked(body, url, table.name) : body);
      files.push({ url, path });
    }
  };
  await Promise.all(Array.from({ length: DOWNLOADS_AT_ONCE }, work));
  return files;
}

/** What is in a gzip: unpacked here, since the engine takes half a file for a whole one. */
async function unpacked(body: Uint8Array, url: string, table: string): Promise<Uint8Array> {
  if (body.length === 0) return body;
  try {
    return await promisify(gunzip)(body);
  } catch (error) {
    throw new LoadError(table, brokenFile(url), error);
  }
}

function insertion(
  table: CatalogTable,
  columns: readonly CatalogColumn[],
  files: readonly Download[],
  copy: CopyCommand,
): string {
  const read = columns
    .map(({ name, type }) => `${literal(name)}: ${literal(readAs(type.engine))}`)
    .join(", ");
  const list = files.map(({ path }) => literal(path)).join(", ");
  const source =
    `read_json([${list}], format = 'newline_delimited', compression = 'uncompressed', ` +
    `maximum_object_size = 16777216, columns = {${read}})`;
  const target = table.temporary
    ? identifier(table.name)
    : `${identifier(table.schema)}.${identifier(table.name)}`;
  const names = columns.map(({ name }) => identifier(name)).join(", ");
  return `insert into ${target} (${names}) select ${columns.map((column) => value(column, copy.truncate)).join(", ")} from ${source}`;
}

/** Whole numbers and decimals are read as text: the engine's reader would round them. */
function readAs(engine: string): string {
  return isWhole(engine) || engine.startsWith("decimal") ? "VARCHAR" : engine.toUpperCase();
}

function value({ name, type }: CatalogColumn, truncate: boolean): string {
  const column = identifier(name);
  if (isWhole(type.engine)) return `cast(rs.whole(${column}) as ${type.engine})`;
  if (type.engine.startsWith("decimal")) return `cast(${column} as ${type.engine})`;
  return truncate && type.bytes !== undefined ? `rs.cut(${column}, ${type.bytes})` : column;
}

function isWhole(engine: string): boolean {
  return ["smallint", "integer", "bigint"].includes(engine);
}

function address(url: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(url) ?? [];
  if (bucket === undefined || key === undefined) throw new SqlError(`'${url}' is not an address in S3`);
  return { bucket, key };
}
