import { gzipSync } from "node:zlib";
import { LocalRedshift, ROLE } from "./support";

const redshift = new LocalRedshift();
const { bucket } = redshift;
beforeAll(async () => {
  await redshift.start();
  await redshift.deploy();
});
beforeEach(async () => {
  bucket.objects.clear();
  await redshift.sql("drop table if exists staged");
  await redshift.sql(`create table staged (
    id varchar(4), at timestamp, n integer, price decimal(8, 2), kept boolean, extra super)`);
});
afterAll(() => redshift.stop());

const copy = (from: string, options = "gzip manifest"): string =>
  `copy staged from 's3://lake/${from}' iam_role '${ROLE}' format as json 'auto' ${options} timeformat 'auto' compupdate off statupdate off`;

async function refused(...lines: readonly (string | object)[]): Promise<unknown[] | undefined> {
  bucket.lines("events/1.gz", ...lines);
  bucket.manifest("m.json", "events/1.gz");
  const ran = await redshift.sql("insert into staged (id) values ('old')", copy("m.json"));
  expect(ran.status).toBe("FAILED");
  expect(ran.error).toMatch(/Load into table 'staged' failed/);
  expect(await redshift.rows("select count(*) from staged")).toEqual([[0]]);
  const details = await redshift.rows(
    "select line_number, column_name, error_code, error_message from sys_load_error_detail order by query_id desc limit 1",
  );
  return details[0];
}

describe("COPY of JSON lines", () => {
  it("loads the files of a manifest, by name, typed by the table", async () => {
    bucket.lines(
      "events/1.gz",
      { id: "a", at: "2024-01-31 10:00:00.123", n: 1, price: "12.345", kept: true, extra: { k: [1] } },
      { kept: false, other: 1, n: "7", ID: "no" },
    );
    bucket.lines("events/2.gz", { id: 5, at: "2024-01-31T10:00:00Z", extra: null, price: 1.5 });
    bucket.manifest("m.json", "events/1.gz", "events/2.gz");
    const ran = await redshift.sql(copy("m.json"));
    expect(ran).toMatchObject({ status: "FINISHED", described: { ResultRows: 3, HasResultSet: false } });
    expect(await redshift.rows("select id, at, n, price, kept, extra from staged order by id")).toEqual([
      ["5", "2024-01-31 10:00:00", null, "1.50", null, null],
      ["a", "2024-01-31 10:00:00.123", 1, "12.34", true, '{"k":[1]}'],
      [null, null, 7, null, false, null],
    ]);
  });

  it("loads what a prefix names, plain or gzip, and only the columns that are asked for", async () => {
    bucket.put("plain/1.json", '{"id":"a","n":1}\n\n{"id":"b","n":2}');
    const statement = copy("plain/", "").replace("copy staged", "copy staged (id)");
    expect((await redshift.sql(statement)).error).toBeUndefined();
    expect(await redshift.rows("select id, n from staged order by id")).toEqual([
      ["a", null],
      ["b", null],
    ]);
  });

  it("loads nothing of an empty file", async () => {
    bucket.put("empty/1.gz", gzipSync(""));
    expect((await redshift.sql(copy("empty/", "gzip"))).error).toBeUndefined();
  });

  it("cuts at a character's end when it is told to", async () => {
    bucket.lines("events/1.gz", { id: "aäöü" }, { id: "a😀b" });
    expect((await redshift.sql(copy("events/", "gzip truncatecolumns"))).error).toBeUndefined();
    expect(await redshift.rows("select id from staged order by id desc")).toEqual([["aä"], ["a"]]);
  });

  it.each<[string, object | string, unknown[]]>([
    ["a text of too many bytes", { id: "äöü" }, [2, "id", 1204, "String length exceeds DDL length"]],
    [
      "a time that is none",
      { at: "2024-02-31 10:00:00" },
      [2, "at", 1206, expect.stringContaining("Invalid timestamp")],
    ],
    ["a fraction for a whole number", { n: 1.5 }, [2, "n", 1207, expect.stringContaining("Invalid digit")]],
    ["a number that is too large", { n: 3_000_000_000 }, [2, "n", 1207, expect.stringContaining("Overflow")]],
    [
      "a price that is none",
      { price: "cheap" },
      [2, "price", 1207, expect.stringContaining("Invalid digit")],
    ],
    ["a line that is no JSON", '{"id":"a', [2, "", 1216, "Invalid JSON line"]],
  ])("fails on %s, tells where, and loads nothing", async (_, line, detail) => {
    expect(await refused({ id: "ok" }, line, { id: "ok" })).toEqual(detail);
  });

  it("fails on a file that is no whole gzip", async () => {
    bucket.put("events/1.gz", gzipSync('{"id":"a"}\n'.repeat(1000)).subarray(0, 40));
    expect((await redshift.sql(copy("events/", "gzip"))).error).toMatch(/events\/1.gz line 0: .*gzip/);
  });

  it("fails when a file of the manifest is missing, or the manifest is, or the role is not the namespace's", async () => {
    bucket.manifest("m.json", "events/gone.gz");
    expect((await redshift.sql(copy("m.json"))).error).toMatch(/'events\/gone.gz' does not exist/);
    expect((await redshift.sql(copy("no.json"))).error).toMatch(/Problem reading manifest file/);
    expect((await redshift.sql(copy("m.json").replace("role/copy", "role/other"))).error).toMatch(
      /role\/other is not associated/,
    );
  });

  it("passes over a file that is missing and not mandatory", async () => {
    bucket.lines("events/1.gz", { id: "a" });
    bucket.put(
      "m.json",
      JSON.stringify({ entries: [{ url: "s3://lake/gone.gz" }, { url: "s3://lake/events/1.gz" }] }),
    );
    expect((await redshift.sql(copy("m.json"))).described.ResultRows).toBe(1);
  });
});
