import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { Database } from "../../../local/redshift/engine/database";
import { LocalRedshift, ROLE } from "./support";

/** A DuckDB client that knows nothing of this project: it reads, and says what it has read. */
const CLIENT = `
  const { DuckDBInstance } = require("@duckdb/node-api");
  (async () => {
    const instance = await DuckDBInstance.create(process.argv[1], { access_mode: "READ_ONLY" });
    const connection = await instance.connect();
    const answer = await connection.runAndReadAll(process.argv[2]);
    console.log(JSON.stringify(answer.getRowsJson()));
  })();
`;

async function read(file: string, sql: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", CLIENT, file, sql]);
  return JSON.parse(stdout);
}

describe("the warehouse's file", () => {
  const folder = mkdtempSync(join(tmpdir(), "warehouse-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is read by any DuckDB client once the warehouse has stopped", async () => {
    const redshift = new LocalRedshift();
    await redshift.start();
    await redshift.deploy();
    await redshift.sql(
      "create table events (event_id varchar(10) not null, event_time timestamp, properties super)",
    );
    await redshift.sql(
      "create view days as select date_trunc('day', event_time) as day, count(*) as events from events group by 1",
    );
    redshift.bucket.lines("e", {
      event_id: "a",
      event_time: "2024-01-02 03:04:05",
      properties: { plan: "gold" },
    });
    await redshift.sql(`copy events from 's3://lake/e' iam_role '${ROLE}' json 'auto' gzip`);
    const file = join(redshift.folder, "warehouse.duckdb");
    await redshift.restart(async () => {
      expect(
        await read(file, "select event_id, event_time, properties ->> 'plan' from public.events"),
      ).toEqual([["a", "2024-01-02 03:04:05", "gold"]]);
      expect(await read(file, "select day, events from public.days")).toEqual([["2024-01-02 00:00:00", "1"]]);
    });
    expect(await redshift.rows("select events from days")).toEqual([[1]]);
    await redshift.stop();
  });

  it("of older code is brought up, with what it holds", async () => {
    const path = mkdtempSync(join(folder, "older-"));
    const first = await Database.open(path);
    const before = await first.connect();
    await before.run("create table public.kept as select 1 as n");
    for (const later of ["layout", "load_history"]) await before.run(`drop table rs.${later}`);
    before.closeSync();
    first.close();
    const second = await Database.open(path);
    const connection = await second.connect();
    const rows = await connection.runAndReadAll(
      "select n, (select count(*) from rs.load_history) from public.kept",
    );
    expect(rows.getRowsJson()).toEqual([[1, "0"]]);
    connection.closeSync();
    second.close();
  });

  it("of newer code, and what is no such file, are refused with what to do", async () => {
    const newer = mkdtempSync(join(folder, "newer-"));
    const database = await Database.open(newer);
    const connection = await database.connect();
    await connection.run("insert into rs.layout values (1000)");
    connection.closeSync();
    database.close();
    await expect(Database.open(newer)).rejects.toThrow(/version 1000, made by newer code .* npm run reset/s);

    const other = mkdtempSync(join(folder, "other-"));
    writeFileSync(
      join(other, "warehouse.duckdb"),
      "this is no database, and long enough to be looked at ".repeat(500),
    );
    await expect(Database.open(other)).rejects.toThrow(/cannot be opened: .*npm run reset/s);
    // an instance that a failed opening leaves behind would keep the file locked
    const free = await DuckDBInstance.create(join(newer, "warehouse.duckdb"));
    free.closeSync();
  });
});
