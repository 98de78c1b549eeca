import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { bindWhole, type OutputColumn } from "../../sql/bind/queries/query";
import { SqlError } from "../../sql/error";
import type { UnloadCommand } from "../../sql/statements/unload";
import { identifier, literal } from "../../sql/tokens";
import { fullName } from "../../sql/types";
import type { ObjectSource } from "../copy/objects";
import { address } from "../copy/sources";
import { mustRead, type StatementContext } from "../statements/context";
import { lineItems } from "./lines";

/** A file that is to be written: its name behind the prefix, its bytes and rows. */
interface Part {
  readonly name: string;
  readonly body: Buffer;
  readonly rows: number;
}

/** Lines of a file, before it is closed. */
const ROWS_A_FILE = 1_000_000;

/**
 * Executes UNLOAD: runs its query with its user's rights, and writes the rows into S3 as its role.
 * @returns the number of rows.
 * @throws {SqlError} when something is there already and may not be replaced.
 */
export async function runUnload(context: StatementContext, unload: UnloadCommand): Promise<number> {
  const bound = bindWhole(unload.query, context.environment);
  mustRead(context);
  const client = context.session.context;
  const role = client.roleOf(unload.role);
  if (role === undefined)
    throw new SqlError(`The requested role ${unload.role} is not associated to cluster`);
  const objects = client.objects(role);
  const { bucket, key } = address(unload.to);
  await makeRoom(objects, bucket, key, unload);
  const folder = mkdtempSync(join(client.copyDir, "unload-"));
  try {
    const parts = await written(context, bound, unload, folder);
    for (const { name, body } of parts) await objects.write(bucket, key + name, body);
    if (unload.manifest !== "none")
      await objects.write(bucket, `${key}manifest`, manifestOf(parts, unload, bound.columns));
    return parts.reduce((total, { rows }) => total + rows, 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeRoom(
  objects: ObjectSource,
  bucket: string,
  key: string,
  unload: UnloadCommand,
): Promise<void> {
  const there = await objects.list(bucket, key);
  if (unload.clean) await objects.remove(bucket, there);
  else if (there.length > 0 && !unload.overwrite)
    throw new SqlError(
      "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.",
    );
}

interface BoundQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

async function written(
  context: StatementContext,
  bound: BoundQuery,
  unload: UnloadCommand,
  folder: string,
): Promise<Part[]> {
  const { connection } = context.session;
  const names = bound.columns.map(({ name }) => name);
  const unknown = unload.partition.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new SqlError(`Partition column "${unknown}" does not exist in the query`);
  if (unload.partition.length === names.length && !unload.include)
    throw new SqlError("UNLOAD needs a column beside those of its partition");
  const source = `(${bound.sql}) as source(${names.map(identifier).join(", ")})`;
  await connection.run(
    `create or replace temp table "__unload" as select ${names.map(identifier).join(", ")} from ${source}`,
  );
  try {
    const partitions = await partitionsOf(context, unload);
    const parts: Part[] = [];
    for (const { path, where } of partitions) {
      const columns = bound.columns.filter(({ name }) => unload.include || !unload.partition.includes(name));
      const rows = {
        sql: `select ${columns.map(({ name }) => identifier(name)).join(", ")} from temp.main."__unload"${where}`,
        columns,
      };
      const files =
        unload.format === "parquet"
          ? await parquet(context, rows, folder)
          : await lines(context, rows, unload);
      for (const [i, file] of files.entries()) parts.push({ ...file, name: path + nameOf(i, unload) });
    }
    return parts;
  } finally {
    await connection.run('drop table if exists temp.main."__unload"').catch(() => undefined);
  }
}

interface Partition {
  readonly path: string;
  readonly where: string;
}

/** A folder for each combination of the partition's values, as Hive names them. */
async function partitionsOf(
  { session }: StatementContext,
  { partition }: UnloadCommand,
): Promise<Partition[]> {
  if (partition.length === 0) return [{ path: "", where: "" }];
  const columns = partition.map(identifier);
  const found = await session.connection.runAndReadAll(
    `select distinct ${columns.map((column) => `cast(${column} as varchar)`).join(", ")} from temp.main."__unload" order by all`,
  );
  return found.getRowsJson().map((values) => ({
    path: `${partition.map((name, i) => `${name}=${values[i] === null ? "__HIVE_DEFAULT_PARTITION__" : encodeURIComponent(String(values[i]))}`).join("/")}/`,
    where: ` where ${columns.map((column, i) => (values[i] === null ? `${column} is null` : `cast(${column} as varchar) = ${literal(String(values[i]))}`)).join(" and ")}`,
  }));
}

/** `0000_part_00`, as a slice of the warehouse names its files. */
function nameOf(index: number, { parallel, format, gzip, extension, partition }: UnloadCommand): string {
  const number = String(index).padStart(parallel ? 4 : 3, "0");
  const name = parallel || partition.length > 0 ? `${number.padStart(4, "0")}_part_00` : number;
  const ending = extension ?? { parquet: "parquet", csv: "", json: "", text: "" }[format];
  const kind = ending === "" ? "" : `.${ending}`;
  return `${name}${kind}${gzip && extension === undefined ? ".gz" : ""}`;
}

async function lines(
  { session }: StatementContext,
  { sql, columns }: BoundQuery,
  unload: UnloadCommand,
): Promise<Omit<Part, "name">[]> {
  const { header, row } = lineItems(columns, unload);
  const result = await session.connection.stream(sql);
  const files: Omit<Part, "name">[] = [];
  let pieces: string[] = header === undefined ? [] : [header];
  let [bytes, rows] = [0, 0];
  const close = (): void => {
    const text = Buffer.from(pieces.join(""));
    files.push({ body: unload.gzip ? gzipSync(text) : text, rows });
    pieces = header === undefined ? [] : [header];
    [bytes, rows] = [0, 0];
  };
  for await (const chunk of result.yieldRowsJson())
    for (const values of chunk) {
      const line = row(values);
      if (rows > 0 && (bytes + line.length > unload.maxFileBytes || rows >= ROWS_A_FILE)) close();
      pieces.push(line);
      bytes += line.length;
      rows++;
    }
  if (rows > 0 || (files.length === 0 && header !== undefined)) close();
  return files;
}

async function parquet(
  { session }: StatementContext,
  { sql }: BoundQuery,
  folder: string,
): Promise<Omit<Part, "name">[]> {
  const into = join(folder, "rows.parquet");
  const made = await session.connection.run(
    `copy (${sql}) to ${literal(into)} (format parquet, compression snappy)`,
  );
  const files = statSync(into).isDirectory()
    ? readdirSync(into).map((name) => relative(folder, join(into, name)))
    : ["rows.parquet"];
  return files.map((name) => ({ body: readFileSync(join(folder, name)), rows: made.rowsChanged }));
}

/** @see https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html */
function manifestOf(parts: readonly Part[], unload: UnloadCommand, columns: readonly OutputColumn[]): Buffer {
  const verbose = unload.manifest === "verbose";
  const entries = parts.map(({ name, body, rows }) => ({
    url: unload.to + name,
    ...(verbose ? { meta: { content_length: body.length, record_count: rows } } : {}),
  }));
  const total = (of: (part: Part) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  const detail = {
    schema: { elements: columns.map(({ name, type }) => ({ name, type: { base: fullName(type) } })) },
    meta: { content_length: total(({ body }) => body.length), record_count: total(({ rows }) => rows) },
    author: { name: "Amazon Redshift", version: "1.0.0" },
  };
  return Buffer.from(JSON.stringify(verbose ? { entries, ...detail } : { entries }, null, 2));
}
