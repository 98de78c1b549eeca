import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SqlError } from "../../sql/error";
import { identifier, literal } from "../../sql/tokens";
import { engineType } from "../../sql/types";
import { linesOf, textOf } from "./lines";
import { type Body, failed, type Load, type Loaded } from "./load";
import type { LineError } from "./load-errors";
import { type JsonPaths, jsonPaths, recordOf } from "./records";
import { address } from "./sources";
import { Unloadable } from "./values";

/**
 * Reads every line.
 * @param accept gets those that fit.
 * @returns those that do not.
 * @throws {LoadError} when there are more of them than may be.
 */
export async function read(
  load: Load,
  bodies: readonly Body[],
  accept: (record: unknown[]) => void,
): Promise<LineError[]> {
  const { copy, columns } = load;
  const paths = await pathsOf(load);
  const errors: LineError[] = [];
  const refuse = (file: string, number: number, raw: string, error: unknown): void => {
    if (!(error instanceof Unloadable)) throw error;
    errors.push({ file, line: number, raw, ...error.fault });
    if (errors.length > copy.maxError) throw failed(load, errors, error);
  };
  for (const { url, bytes } of bodies) {
    let text: string;
    try {
      text = textOf(bytes, copy);
    } catch (error) {
      refuse(url, 0, "", error);
      continue;
    }
    for (const line of linesOf(text, copy)) {
      if (line.raw.trim() === "" && (copy.ignoreBlankLines || copy.format.kind === "json")) continue;
      try {
        accept(recordOf(line, columns, copy, paths));
      } catch (error) {
        refuse(url, line.number, line.raw, error);
      }
    }
  }
  return errors;
}

async function pathsOf({ copy, objects, columns }: Load): Promise<JsonPaths | undefined> {
  if (copy.format.kind !== "json" || typeof copy.format.by === "string") return undefined;
  const { pathsFile } = copy.format.by;
  const { bucket, key } = address(pathsFile);
  const body = await objects.read(bucket, key);
  if (body === undefined) throw new SqlError(`The specified key does not exist: ${pathsFile}`);
  const paths = jsonPaths(Buffer.from(body).toString("utf8"), pathsFile);
  if (paths.length !== columns.length)
    throw new SqlError(
      `Number of jsonpaths and the number of columns should match. JSONPath size: ${paths.length}, Number of columns in table or column list: ${columns.length}`,
    );
  return paths;
}

/** Loads the lines that fit, each read here. */
export async function lineByLine(load: Load, bodies: readonly Body[]): Promise<Loaded> {
  const { context, columns, relation, folder, copy } = load;
  const path = join(folder, "records.json");
  const lines: string[] = [];
  const errors = await read(load, bodies, (record) => {
    lines.push(`${JSON.stringify(Object.fromEntries(record.map((value, i) => [`c${i}`, value])))}\n`);
  });
  if (copy.noLoad || lines.length === 0) return { rows: 0, errors };
  await writeFile(path, lines);
  const types = columns
    .map(({ type }, i) => `c${i}: '${type.name === "super" ? "JSON" : "VARCHAR"}'`)
    .join(", ");
  const values = columns.map(({ type }, i) => `cast(c${i} as ${engineType(type)})`).join(", ");
  const names = columns.map(({ name }) => identifier(name)).join(", ");
  const source = `read_json(${literal(path)}, format = 'newline_delimited', compression = 'uncompressed', maximum_object_size = 16777216, columns = {${types}})`;
  const sql = `insert into ${relation.sql} (${names}) select ${values} from ${source}`;
  return { rows: (await context.session.connection.run(sql)).rowsChanged, errors };
}
