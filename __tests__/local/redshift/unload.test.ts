import { gunzipSync } from "node:zlib";
import { LocalRedshift, ROLE } from "./support";

const redshift = new LocalRedshift();
beforeAll(async () => {
  await redshift.start();
  await redshift.deploy();
  await redshift.sql(
    "create table told (id integer, name varchar(20), at timestamp, ok boolean, amount decimal(8, 2), more super)",
  );
  await redshift.sql(
    `insert into told values (1, 'a|b', '2024-01-02 03:04:05.6', true, 1.5, json_parse('{"a":1}')),
       (2, null, null, false, null, null), (3, 'say "x"', '2024-01-02', null, 0, json_parse('[1,2]'))`,
  );
});
afterAll(() => redshift.stop());
beforeEach(() => redshift.bucket.objects.clear());

const unload = async (options: string, query = "select * from told order by id") =>
  (await redshift.sql(`unload ('${query}') to 's3://lake/out/' iam_role '${ROLE}' ${options}`)).error;

/** What there is in the bucket, as texts by key. */
function written(): Record<string, string> {
  return Object.fromEntries(
    [...redshift.bucket.objects].map(([key, body]) => [
      key,
      (key.endsWith(".gz") ? gunzipSync(body) : Buffer.from(body)).toString(),
    ]),
  );
}

describe("UNLOAD writes", () => {
  it.each([
    ["", "1|a|b|2024-01-02 03:04:05.6|t|1.50", "2|||f||"],
    ["delimiter as ';' null as 'none'", "1;a|b;2024-01-02 03:04:05.6;t;1.50", "2;none;none;f;none;none"],
    ["addquotes", '"1"|"a|b"|"2024-01-02 03:04:05.6"|"t"|"1.50"', '"2"|||"f"||'],
    ["escape", "1|a\\|b|2024-01-02 03:04:05.6|t|1.50", "2|||f||"],
    ["csv", "1,a|b,2024-01-02 03:04:05.6,t,1.50", "2,,,f,,"],
    ["format as csv delimiter as '|'", '1|"a|b"|2024-01-02 03:04:05.6|t|1.50', "2|||f||"],
    [
      "json",
      '{"id":1,"name":"a|b","at":"2024-01-02 03:04:05.6","ok":true,"amount":1.50',
      '{"id":2,"name":null,"at":null,"ok":false,"amount":null,"more":null}',
    ],
  ])("as %s: a row a line", async (options, first, second) => {
    expect(await unload(options)).toBeUndefined();
    const lines = (written()["out/0000_part_00"] ?? "").split("\n");
    expect(lines[0]?.startsWith(first)).toBe(true);
    expect(lines[1]).toBe(second);
    expect(lines).toHaveLength(4);
  });

  it("quotes in CSV twice, and a header where it is asked for", async () => {
    await unload("csv header gzip", "select name, id from told where id = 3");
    expect(written()).toEqual({ "out/0000_part_00.gz": 'name,id\n"say ""x""",3\n' });
  });

  it("one file alone, under another name, and the end of a name that it is told", async () => {
    await unload("parallel off", "select id from told where id = 1");
    await unload("csv extension 'csv' allowoverwrite", "select id from told where id = 1");
    expect(written()).toEqual({ "out/000": "1\n", "out/0000_part_00.csv": "1\n" });
  });

  it("a manifest of what it has written, with sizes and columns where that is asked for", async () => {
    await unload("manifest verbose", "select id, name from told where id = 1");
    expect(JSON.parse(written()["out/manifest"] ?? "")).toMatchObject({
      entries: [{ url: "s3://lake/out/0000_part_00", meta: { content_length: 6, record_count: 1 } }],
      schema: { elements: [{ name: "id" }, { name: "name" }] },
    });
  });

  it("a folder for each value of a column, without the column unless that is included", async () => {
    await unload("csv partition by (ok)", "select id, ok from told");
    expect(written()).toEqual({
      "out/ok=true/0000_part_00": "1\n",
      "out/ok=false/0000_part_00": "2\n",
      "out/ok=__HIVE_DEFAULT_PARTITION__/0000_part_00": "3\n",
    });
    await unload("csv partition by (ok) include cleanpath", "select id, ok from told where id = 1");
    expect(written()["out/ok=true/0000_part_00"]).toBe("1,t\n");
  });

  it("Parquet, which COPY reads again, nested values too", async () => {
    await unload("parquet");
    expect(Object.keys(written())).toEqual(["out/0000_part_00.parquet"]);
    await redshift.sql("create table again (like told)");
    const copy = `copy again from 's3://lake/out/' iam_role '${ROLE}' format as parquet`;
    expect((await redshift.sql(copy)).error).toMatch(/more of type SUPER takes SERIALIZETOJSON/);
    expect((await redshift.sql(`${copy} serializetojson`)).error).toBeUndefined();
    expect(
      await redshift.rows("select id, name, at, ok, amount, more from again order by id limit 2"),
    ).toEqual([
      [1, "a|b", "2024-01-02 03:04:05.6", true, "1.50", '{"a":1}'],
      [2, null, null, false, null, null],
    ]);
  });
});

describe("UNLOAD refuses", () => {
  it("to write where there is something, unless it may overwrite or clean", async () => {
    expect(await unload("csv")).toBeUndefined();
    expect(await unload("csv")).toMatch(/destination on S3 is not empty/);
    expect(await unload("csv allowoverwrite")).toBeUndefined();
    expect(await unload("csv cleanpath")).toBeUndefined();
  });

  it.each([
    ["csv addquotes", /ADDQUOTES does not go with CSV/],
    ["parquet header", /HEADER does not go with PARQUET/],
    ["partition by (nope)", /Partition column "nope" does not exist/],
    ["zstd", /ZSTD is not supported by the local warehouse, though Redshift has it/],
    ["encrypted auto", /ENCRYPTED is not supported by the local warehouse, though Redshift has it/],
    ["fixedwidth 'id:3'", /FIXEDWIDTH is not supported by the local warehouse, though Redshift has it/],
  ])("%s", async (options, error) => {
    expect(await unload(options)).toMatch(error);
    expect(written()).toEqual({});
  });

  it("a LIMIT outside, and what is no query", async () => {
    expect(await unload("csv", "select id from told limit 1")).toMatch(/takes no LIMIT/);
    expect(await unload("csv", "delete from told")).toMatch(/In the query to unload/);
  });

  it("a role that the namespace does not have", async () => {
    const to = "to 's3://lake/out/' iam_role 'arn:aws:iam::000000000000:role/nobody'";
    expect((await redshift.sql(`unload ('select 1::integer as a') ${to}`)).error).toMatch(
      /is not associated/,
    );
  });
});
