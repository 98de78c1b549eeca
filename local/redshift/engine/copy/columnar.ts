import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SqlError } from "../../sql/error";
import { identifier, literal } from "../../sql/tokens";
import { engineType } from "../../sql/types";
import type { Body, Load } from "./load";

/** Columnar files hold typed columns: they are taken in their order. */
export async function columnar(
  { context, columns, relation, folder, copy }: Load,
  bodies: readonly Body[],
): Promise<number> {
  let rows = 0;
  for (const [i, { url, bytes }] of bodies.entries()) {
    const path = join(folder, `${i}.parquet`);
    await writeFile(path, bytes);
    const { connection } = context.session;
    const found = await connection.runAndReadAll(`describe select * from read_parquet(${literal(path)})`);
    const given = found.getRowsJson().map(([name]) => String(name));
    if (given.length !== columns.length)
      throw new SqlError(
        `Spectrum Scan Error: ${url} has ${given.length} columns, and the table has ${columns.length}`,
      );
    if (copy.noLoad) continue;
    const names = columns.map(({ name }) => identifier(name)).join(", ");
    const values = columns.map(({ name, type }, at) => {
      const value = identifier(given[at] ?? "");
      if (type.name !== "super") return `cast(${value} as ${engineType(type)})`;
      if (!copy.serializeToJson)
        throw new SqlError(`Spectrum Scan Error: column ${name} of type SUPER takes SERIALIZETOJSON alone`);
      return `to_json(${value})`;
    });
    const sql = `insert into ${relation.sql} (${names}) select ${values.join(", ")} from read_parquet(${literal(path)})`;
    rows += (await connection.run(sql)).rowsChanged;
  }
  return rows;
}
