import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SqlError } from "../../sql/error";
import type { CopyCommand } from "../../sql/statements/copy";
import type { CatalogColumn, CatalogRelation } from "../catalog/catalog";
import { target } from "../statements/changes";
import type { StatementContext } from "../statements/context";
import { columnar } from "./columnar";
import { lineByLine, read } from "./line-by-line";
import { type Body, failed, type Load, type Loaded } from "./load";
import { type LineError, recordLoadErrors } from "./load-errors";
import { isPlain, natively } from "./native";
import { bodyOf, type CopySource, sourcesOf } from "./sources";
import { Unloadable } from "./values";

const DOWNLOADS_AT_ONCE = 8;

/**
 * Executes COPY in the session's transaction.
 * @returns the number of rows loaded.
 * @throws {LoadError} when more lines than may do not fit the table; {SqlError} when an object is not there.
 */
export async function runCopy(context: StatementContext, copy: CopyCommand): Promise<number> {
  const relation = target(context, copy.table);
  context.access.mustMay(relation, ["insert"]);
  const client = context.session.context;
  const role = client.roleOf(copy.role);
  if (role === undefined) throw new SqlError(`The requested role ${copy.role} is not associated to cluster`);
  const objects = client.objects(role);
  const columns = chosen(relation, copy);
  const folder = mkdtempSync(join(client.copyDir, "copy-"));
  try {
    const load: Load = { context, copy, relation, columns, objects, folder };
    const sources = await sourcesOf(copy, objects);
    const { rows, errors } = await loaded(load, sources);
    await remember(load, sources.length, rows, errors);
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The columns that are loaded: numbers that the warehouse gives are not, unless that is asked for. */
function chosen(relation: CatalogRelation, copy: CopyCommand): readonly CatalogColumn[] {
  const { columns: names, explicitIds } = copy;
  if (names === undefined)
    return relation.columns.filter(
      ({ identity }) => identity === undefined || identity.byDefault || explicitIds,
    );
  return names.map((name) => {
    const column = relation.columns.find((candidate) => candidate.name === name);
    if (column === undefined)
      throw new SqlError(`column "${name}" of relation "${relation.name}" does not exist`);
    if (column.identity !== undefined && !column.identity.byDefault && !explicitIds)
      throw new SqlError("cannot set an identity column to a value");
    return column;
  });
}

async function loaded(load: Load, sources: readonly CopySource[]): Promise<Loaded> {
  const bodies = await downloaded(load, sources);
  if (load.copy.format.kind === "parquet") return { rows: await columnar(load, bodies), errors: [] };
  if (!isPlain(load, bodies)) return await lineByLine(load, bodies);
  try {
    return { rows: await natively(load, bodies), errors: [] };
  } catch (error) {
    await read(load, bodies, () => undefined); // says which line is wrong
    throw error;
  }
}

async function downloaded(load: Load, sources: readonly CopySource[]): Promise<Body[]> {
  const bodies: (Body | undefined)[] = [];
  const waiting = sources.entries();
  const work = async (): Promise<void> => {
    for (const [i, source] of waiting) {
      try {
        const bytes = await bodyOf(source, load.objects, load.copy);
        bodies[i] = bytes === undefined ? undefined : { url: source.url, bytes };
      } catch (error) {
        if (!(error instanceof Unloadable)) throw error;
        throw failed(load, [{ file: source.url, line: 0, raw: "", ...error.fault }], error);
      }
    }
  };
  await Promise.all(Array.from({ length: DOWNLOADS_AT_ONCE }, work));
  return bodies.filter((body) => body !== undefined);
}

/** What is told of a load that went well: of lines that were passed over too. */
async function remember(
  { context, relation, copy }: Load,
  files: number,
  rows: number,
  errors: readonly LineError[],
): Promise<void> {
  const { connection, context: client } = context.session;
  if (errors.length > 0)
    await recordLoadErrors(
      connection,
      client.user,
      errors.map((error) => ({ ...error, table: relation.name })),
    );
  await connection.run(
    `insert into rs.load_history select $user, $id, 'completed', $table, cast(now() as timestamp), cast(now() as timestamp),
       $source, $rows, $files, $errors`,
    {
      user: client.user,
      id: Date.now(),
      table: relation.name,
      source: copy.from,
      rows,
      files,
      errors: errors.length,
    },
  );
}
