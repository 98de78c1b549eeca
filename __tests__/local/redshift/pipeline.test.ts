import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { type LoadDeps, load } from "../../../handlers/load/load";
import type { LakeFile } from "../../../handlers/load/notification";
import { readLoadSql } from "../../../handlers/load/statements";
import { readSqlFiles } from "../../../handlers/migrate/files";
import { migrate } from "../../../handlers/migrate/migrate";
import { Warehouse } from "../../../handlers/warehouse/warehouse";
import { DATABASE, LocalRedshift, ROLE } from "./support";

const sql = join(__dirname, "..", "..", "..", "sql");
const redshift = new LocalRedshift();
let client: RedshiftDataClient;
let admin: Warehouse;
let runs = 0;

const warehouse = (secretArn?: string) =>
  new Warehouse(
    client,
    { workgroupName: "clickstream", database: DATABASE, ...(secretArn === undefined ? {} : { secretArn }) },
    { remainingMs: () => 30_000, sleep: () => sleep(5) },
  );

const deps = (): LoadDeps => ({
  warehouse: warehouse(),
  put: async (key, body) => redshift.bucket.put(key, body),
  sql: readLoadSql(join(sql, "load")),
  bucket: "lake",
  copyRoleArn: ROLE,
  deduplicationHours: 24,
  runId: `run ${++runs}`,
});

const event = (event_id: string, received_at: string, more: object = {}) => ({
  event_id,
  batch_id: "b",
  event_type: "track",
  event_time: received_at,
  received_at,
  source: "web",
  protocol: "segment",
  schema_version: 1,
  ...more,
});

/** A file of events in the lake. */
function lakeFile(key: string, ...lines: readonly (string | object)[]): LakeFile {
  redshift.bucket.lines(key, ...lines);
  return { key, stream: "events", etag: "e", sizeBytes: 1 };
}

const events = () => redshift.rows("select event_id, batch_id, received_at from events order by 1, 3");

beforeAll(async () => {
  await redshift.start();
  const secretArn = await redshift.deploy();
  client = redshift.client();
  admin = warehouse(secretArn);
  await migrate(admin, readSqlFiles(sql), { "clickstream-load": "loader" }, () => new Date());
});
beforeEach(async () => {
  redshift.bucket.objects.clear();
  for (const table of ["events", "failed_events", "load_ledger", "load_counts"])
    await redshift.sql(`delete from ${table}`);
});
afterAll(async () => {
  client.destroy();
  await redshift.stop();
});

describe("the project's migrations, on the real engine", () => {
  it("are applied once, and make the loader's user", async () => {
    const again = await migrate(admin, readSqlFiles(sql), { "clickstream-load": "loader" }, () => new Date());
    expect(again).toEqual({ applied: [], models: [], users: [] });
    expect(await redshift.rows("select user_name, role_name from svv_user_grants")).toEqual([
      ["IAMR:clickstream-load", "loader"],
    ]);
  });

  it("leave nothing of a file of which a statement fails, and name it", async () => {
    const { migrations, models } = readSqlFiles(sql);
    const bad = {
      name: "V999__fail_badly.sql",
      version: 999,
      checksum: "c",
      sql: "create table half (n integer);\ninsert into half values ('x');",
    };
    await expect(
      migrate(admin, { migrations: [...migrations, bad], models }, {}, () => new Date()),
    ).rejects.toThrow(/V999__fail_badly.sql/);
    expect((await redshift.sql("select * from half")).error).toMatch(/does not exist/);
  });

  it("make models that sessionize", async () => {
    const page = { event_type: "page", anonymous_id: "v", page_path: "/" };
    await load(
      [
        lakeFile(
          "events/1",
          event("1", "2024-01-01 10:00:00", page),
          event("2", "2024-01-01 10:29:00", page),
          event("3", "2024-01-01 11:30:00", page),
          event("4", "2024-01-01 11:31:00", { ...page, is_bot: true }),
        ),
      ],
      deps(),
    );
    expect(
      await redshift.rows(
        "select visitor_id, session_number, duration_seconds, views from sessions order by 2",
      ),
    ).toEqual([
      ["v", 1, 1740, 2],
      ["v", 2, 0, 1],
    ]);
    expect(await redshift.rows("select visitors, views, bot_events from daily_traffic")).toEqual([[1, 3, 1]]);
  });
});

describe("the project's loader, on the real engine", () => {
  it("loads a file that is told of twice once", async () => {
    const file = lakeFile("events/1", event("1", "2024-01-01 10:00:00"));
    expect(await load([file, file], deps())).toMatchObject({ count: 1 });
    expect(await load([file], deps())).toMatchObject({ count: 0, loaded: [file] });
    expect(await events()).toHaveLength(1);
  });

  it("loads once what two loaders load at once", async () => {
    const files = [1, 2, 3].map((n) => lakeFile(`events/${n}`, event(String(n), "2024-01-01 10:00:00")));
    const ran = await Promise.all([
      load(files, deps()),
      load(files.slice(1), deps()),
      load(files.slice(0, 2), deps()),
    ]);
    expect(ran.flatMap(({ refused }) => refused)).toEqual([]);
    expect(await events()).toHaveLength(3);
    expect(await redshift.rows("select count(*), sum(inserted) from load_counts")).toEqual([
      [expect.any(Number), 3],
    ]);
  });

  it("keeps the earliest copy within a load, and none of what the table has within the window", async () => {
    await load([lakeFile("events/1", event("old", "2024-01-02 00:00:00"))], deps());
    await load(
      [
        lakeFile(
          "events/2",
          event("new", "2024-01-02 02:00:00", { batch_id: "late" }),
          event("new", "2024-01-02 01:00:00", { batch_id: "c" }),
          event("new", "2024-01-02 01:00:00", { batch_id: "a" }),
          event("old", "2024-01-02 20:00:00"),
          event("old", "2024-01-01 23:00:00"),
        ),
      ],
      deps(),
    );
    expect(await events()).toEqual([
      ["new", "a", "2024-01-02 01:00:00"],
      ["old", "b", "2024-01-02 00:00:00"],
    ]);
    expect(
      await redshift.rows(
        "select sum(lines_read), sum(inserted), sum(dropped) from load_counts where stream = 'events'",
      ),
    ).toEqual([[6, 2, 4]]);
  });

  it("takes an event that comes again after the window for a new one", async () => {
    await load([lakeFile("events/1", event("1", "2024-01-01 00:00:00"))], deps());
    await load([lakeFile("events/2", event("1", "2024-01-02 00:00:01"))], deps());
    expect(await events()).toHaveLength(2);
  });

  it("finds the file that cannot be loaded, and loads the rest", async () => {
    const files = [1, 2, 3, 4, 5].map((n) =>
      lakeFile(`events/${n}`, event(String(n), "2024-01-01 10:00:00")),
    );
    redshift.bucket.lines("events/3", event("3", "2024-01-01 10:00:00", { geo_country: "Germany" }));
    const { count, refused } = await load(files, deps());
    expect(count).toBe(4);
    expect(refused).toEqual([
      {
        file: files[2],
        reason: expect.stringMatching(/events\/3 line 1 column geo_country: String length exceeds/),
      },
    ]);
    expect((await events()).map(([id]) => id)).toEqual(["1", "2", "4", "5"]);
  });

  it("loads rejected events by their own id", async () => {
    const failure = {
      failed_id: "f",
      batch_id: "b",
      received_at: "2024-01-01 10:00:00",
      source: "web",
      protocol: "segment",
      stage: "collect",
      reason: "unreadable",
      message: "not JSON",
      payload: "{",
      payload_encoding: "text",
    };
    redshift.bucket.lines("failed/1", failure, failure);
    await load([{ key: "failed/1", stream: "failed", etag: "e", sizeBytes: 1 }], deps());
    expect(await redshift.rows("select failed_id, payload from failed_events")).toEqual([["f", "{"]]);
  });
});
