import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Case } from "../harness/case";
import { newFiles } from "../harness/made-up-events";
import { benchWarehouse, seconds } from "./support";

const EVENTS = 200_000;

export default {
  summary:
    "Events a second that the loader's statements load through the Data API, from notification to commit; the limit is DuckDB's own reader of the same files into a table of text",
  unit: "events/s",
  target: { of: "value", bound: "at least", is: 60_000 },
  async prepare(bench) {
    const warehouse = await benchWarehouse(bench);
    const folder = bench.folder();
    let run = 0;
    return async () => {
      run += 1;
      const files = await newFiles(warehouse, `run${run}`, { events: EVENTS, after: 0 });
      const value = EVENTS / (await seconds(() => warehouse.load(files)));
      const { rows } = await warehouse.query("select count(*) from events");
      if (Number(rows[0]?.[0]) !== EVENTS)
        throw new Error(`${EVENTS} events must be there, got ${rows[0]?.[0]}`);
      const paths = await Promise.all(
        files.map(async ({ key }, at) => {
          const path = join(folder, `${at}.json.gz`);
          writeFileSync(path, await warehouse.read(key));
          return path;
        }),
      );
      await warehouse.empty();
      return { value, limit: EVENTS / (await read(join(folder, `run${run}.duckdb`), paths)) };
    };
  },
} satisfies Case;

/** How long the engine takes alone, in seconds. */
async function read(database: string, paths: readonly string[]): Promise<number> {
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  const list = paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(", ");
  try {
    return await seconds(() =>
      connection.run(
        `create table events as select * from read_json([${list}], format = 'newline_delimited', auto_detect = true)`,
      ),
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
