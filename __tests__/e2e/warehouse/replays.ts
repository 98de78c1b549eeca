import { gunzipSync } from "node:zlib";
import { rawInsert } from "../../../handlers/event/lake";
import type { StoredItem } from "../../../handlers/event/stored/item";
import { linesOf } from "../../../handlers/replay/raw";
import { type ReplayDeps, replay } from "../../../handlers/replay/replay";
import { readReplaySql } from "../../../handlers/replay/statements";
import type { RawTask } from "../../../handlers/replay/task";
import { linesOfItem } from "../../../handlers/transform/transform";
import { message, post, receivedAt, settings } from "../../handlers/collect/requests";
import { enrichAll } from "../../handlers/enrich/events";
import { imageOf, noPlan } from "../../handlers/transform/records";
import { type PipelineWarehouse, sqlFolder } from "./harness";

/** What a replay does, on a warehouse that is empty before each. */
export function replayTests(pipeline: PipelineWarehouse): void {
  const { bucket } = pipeline.redshift;
  let runs = 0;
  const deps = (): ReplayDeps => ({
    warehouse: pipeline.replayer(),
    waiting: pipeline.waiting,
    random: Math.random,
    now: () => new Date("2026-11-20T08:00:00Z"),
    sql: readReplaySql(sqlFolder),
    bucket: "lake",
    copyRoleArn: pipeline.loadDeps().copyRoleArn,
    deduplicationHours: 24,
    settings,
    enrich: enrichAll,
    rules: noPlan,
    readLines: (key) => linesOf(chunksOf(gunzipSync(bucket.objects.get(key) ?? ""))),
    readText: async (key) => Buffer.from(bucket.objects.get(key) ?? "").toString(),
    write: async (key, lines) => bucket.lines(key, ...lines),
    runId: `replay-${++runs}`,
  });

  const span = { from: "2026-11-01T00:00:00.000Z", until: "2026-11-02T00:00:00.000Z" };
  const RAW = "raw/dt=2026-11-01/hour=10/1.gz";
  const raw = (more: Partial<RawTask> = {}): RawTask => ({
    ...span,
    task: "raw",
    keys: [RAW],
    replace: false,
    dryRun: false,
    ...more,
  });

  /** Stores items: raw lines of all of them, and loads what the transform makes of those for which `delivers`. */
  const store = async (
    items: readonly StoredItem[],
    delivers: (item: StoredItem) => boolean = () => true,
  ) => {
    bucket.lines(RAW, ...items.map((item) => JSON.stringify(rawInsert(item))));
    const lines = items.filter(delivers).map((item) => linesOfItem(item, enrichAll, noPlan));
    bucket.lines("events/1", ...lines.flatMap(({ events }) => events));
    bucket.lines("failed/1", ...lines.flatMap(({ failed }) => failed));
    const file = { etag: "e", sizeBytes: 1 };
    await pipeline.load(
      { ...file, key: "events/1", stream: "events" },
      { ...file, key: "failed/1", stream: "failed" },
    );
  };
  const loadFiles = (keys: readonly string[]) =>
    pipeline.load(
      ...keys.map((key) => ({
        key,
        stream: key.startsWith("failed/") ? ("failed" as const) : ("events" as const),
        etag: "e",
        sizeBytes: 1,
      })),
    );
  const items = (...messages: readonly unknown[]): readonly StoredItem[] => post({ batch: messages }).items;
  const visit = (id: string, more: object = {}) =>
    message({
      type: "page",
      messageId: id,
      anonymousId: id,
      context: { page: { url: `https://example.com/${id}?utm_source=news` } },
      ...more,
    });
  const ids = async (): Promise<unknown[]> =>
    (await pipeline.rows("select event_id from events order by 1")).map(([id]) => id);
  const all = () => pipeline.rows("select * from events order by event_id, received_at");
  const mismatches = () =>
    pipeline.rows(
      `select stream, received_hour from (
         select stream, received_hour, inserted as ledger, 0 as held from load_counts
         union all
         select 'events', date_trunc('hour', received_at), 0, 1 from events
         union all
         select 'failed', date_trunc('hour', received_at), 0, 1 from failed_events
       ) as counted group by 1, 2 having sum(ledger) <> sum(held)`,
    );

  describe("a replay, on the real engine", () => {
    it("brings exactly what is missing, and nothing the next time", async () => {
      await store(items(visit("a"), visit("b"), visit("c"), "bad"));
      const before = await all();
      await pipeline.redshift.sql("delete from events where event_id = 'b'");
      await pipeline.redshift.sql("delete from failed_events");
      expect(await mismatches()).toHaveLength(2);
      const [minute, half] = ["2026-11-01T10:00:09.000Z", "2026-11-01T10:00:10.001Z"];
      // Half of an hour tells nothing of it: whole ones are compared.
      expect(await replay({ task: "settle", from: minute, until: half }, deps())).toMatchObject({
        settled: 2,
      });
      expect(await mismatches()).toEqual([]);

      const dry = await replay(raw({ dryRun: true }), deps());
      expect(dry).toMatchObject({ items: 4, events: 3, missing_events: 1, missing_failed: 1, files: [] });
      const done = await replay(raw(), deps());
      expect(done).toMatchObject({
        events: 3,
        failed: 1,
        missing_events: 1,
        missing_failed: 1,
        problems: [],
      });
      expect(done.files).toEqual([
        expect.stringMatching(/^failed\/dt=2026-11-20\/hour=08\/replay-[0-9a-f]{32}\.gz$/),
        expect.stringMatching(/^events\/dt=2026-11-20\/hour=08\/replay-[0-9a-f]{32}\.gz$/),
      ]);
      // Before they are loaded, the same files are written again.
      expect((await replay(raw(), deps())).files).toEqual(done.files);
      await loadFiles(done.files);
      expect(await all()).toEqual(before);
      expect(await mismatches()).toEqual([]);
      expect(await replay(raw(), deps())).toMatchObject({ missing_events: 0, missing_failed: 0, files: [] });
      expect(await replay({ ...span, task: "settle" }, deps())).toMatchObject({ settled: 0 });
    });

    it("does not take a later copy, outside of the window, for an event's own", async () => {
      await store(items(visit("a")));
      const later = post(
        { batch: [visit("a"), visit("z")] },
        { receivedAt: new Date("2026-11-03T12:00:00Z") },
      );
      const key = "raw/dt=2026-11-03/hour=12/2.gz";
      bucket.lines(key, ...later.items.map((item) => JSON.stringify(rawInsert(item))));
      const wide = raw({ keys: [RAW, key], until: "2026-11-10T00:00:00.000Z" });
      await loadFiles((await replay(wide, deps())).files);
      expect(await ids()).toEqual(["a", "a", "z"]);
      await pipeline.redshift.sql("delete from events where received_at < '2026-11-02'");
      await loadFiles((await replay(wide, deps())).files);
      expect(await ids()).toEqual(["a", "a", "z"]);
    });

    it("reads nothing outside its span, and tells what it cannot read", async () => {
      await store(items(visit("a")), () => false);
      const lines = [...items(visit("b"))].map((item) => rawInsert(item));
      bucket.lines(
        RAW,
        ...lines.map((line) => ({ ...line, received_at: "2026-11-02T00:00:00.000Z" })),
        ...lines.map((line) => ({ ...line, codec: 9, body: "AAAA" })),
        "{torn",
        "null",
      );
      const done = await replay(raw(), deps());
      expect(done).toMatchObject({ events: 0, unreadable: 3, files: [] });
      expect(done.problems.join("\n")).toMatch(
        /body codec 9 is not known[\s\S]*line 3 is no line of the raw lake/,
      );
    });

    it("renews what is there and nothing else, each once", async () => {
      await store(items(visit("a"), visit("b"), visit("c")));
      const before = await all();
      await pipeline.redshift.sql(
        "update events set page_host = 'wrong', is_bot = true where event_id <> 'c'",
      );
      await pipeline.redshift.sql("delete from events where event_id = 'c'");
      expect(await replay(raw({ replace: true, dryRun: true }), deps())).toMatchObject({ renewed: 2 });
      const done = await replay(raw({ replace: true }), deps());
      expect(done).toMatchObject({ renewed: 2, missing_events: 1 });
      await loadFiles(done.files);
      expect(await all()).toEqual(before);
      expect(await replay(raw({ replace: true }), deps())).toMatchObject({ renewed: 3, files: [] });
      expect(await all()).toEqual(before);
    });

    it("builds sessions anew from events as they are now", async () => {
      await store(items(visit("a"), visit("b")));
      const before = await pipeline.rows("select * from all_sessions order by session_id");
      expect(before).toHaveLength(2);
      await pipeline.redshift.sql("delete from all_sessions where session_id = 'a'");
      await replay({ task: "sessions" }, deps());
      expect(await pipeline.rows("select * from all_sessions order by session_id")).toEqual(before);
    });

    it("clears what is derived from events only where there are none", async () => {
      await store(items(visit("a"), "bad"));
      await expect(replay({ task: "clear" }, deps())).rejects.toThrow(/the warehouse is not empty/);
      await pipeline.redshift.sql("delete from events");
      await expect(replay({ task: "clear" }, deps())).rejects.toThrow(/the warehouse is not empty/);
      expect(await pipeline.rows("select count(*) from load_ledger")).toEqual([[2]]);
      await pipeline.redshift.sql("delete from failed_events");
      await replay({ task: "clear" }, deps());
      for (const table of ["load_ledger", "load_counts", "all_sessions", "identity_links"])
        expect([table, await pipeline.rows(`select count(*) from ${table}`)]).toEqual([table, [[0]]]);
    });

    it("makes an empty warehouse whole from the raw lake alone", async () => {
      const known = visit("known", { type: "identify", userId: "u" });
      await store(items(visit("a"), known, visit("b", { anonymousId: "known" }), "bad", "worse"));
      const held = async () =>
        Promise.all(
          [
            "select * from events order by event_id",
            "select * from failed_events order by failed_id",
            "select * from all_sessions order by session_id",
            "select * from identities order by id",
            "select * from users order by user_id",
            "select stream, received_hour, sum(inserted), sum(dropped) from load_counts group by 1, 2 order by 1",
          ].map((sql) => pipeline.rows(sql)),
        );
      const before = await held();
      expect(before.map((rows) => rows.length)).toEqual([3, 2, 2, 1, 1, 2]);
      await pipeline.redshift.sql("delete from events", "delete from failed_events");
      await replay({ task: "clear" }, deps());
      bucket.objects.delete("events/1");
      bucket.objects.delete("failed/1");
      await loadFiles((await replay(raw(), deps())).files);
      expect(await held()).toEqual(before);
    });

    it("brings records in that were given up, retries and poison among them", async () => {
      const [first, second] = items(visit("a"), visit("b"));
      if (first === undefined || second === undefined) throw new Error("nothing was stored");
      const record = (eventName: string, item: StoredItem) => ({
        eventName,
        dynamodb: { SequenceNumber: "7", NewImage: imageOf(item) },
      });
      const key = "aws/lambda/m/s/1";
      const payload = {
        Records: [record("INSERT", first), record("MODIFY", second), record("INSERT", second)],
      };
      bucket.put(key, JSON.stringify({ version: "1.0", payload: JSON.stringify(payload) }));
      const done = await replay({ task: "undelivered", key, dryRun: false }, deps());
      expect(done).toMatchObject({ items: 3, events: 2, missing_events: 2, unreadable: 0 });
      await loadFiles(done.files);
      expect(await ids()).toEqual(["a", "b"]);
      const rawFiles = [...bucket.objects.keys()].filter((name) => name.startsWith("raw/"));
      expect(rawFiles).toEqual([expect.stringMatching(/^raw\/dt=2026-11-01\/hour=10\/replay-/)]);
      const lines = gunzipSync(bucket.objects.get(rawFiles[0] ?? "") ?? "")
        .toString()
        .trim()
        .split("\n");
      expect(lines.map((line) => JSON.parse(line).op)).toEqual(["INSERT", "MODIFY", "INSERT"]);

      const poison = { Records: [{ eventName: "INSERT", dynamodb: { SequenceNumber: "9", NewImage: {} } }] };
      bucket.put("aws/lambda/m/s/2", JSON.stringify({ payload: JSON.stringify(poison) }));
      bucket.put("aws/lambda/m/s/3", "no JSON");
      const unreadable = { unreadable: 1, files: [] };
      for (const name of ["aws/lambda/m/s/2", "aws/lambda/m/s/3"])
        expect(await replay({ task: "undelivered", key: name, dryRun: false }, deps())).toMatchObject(
          unreadable,
        );
    });
  });

  describe("a replay of rejected events, on the real engine", () => {
    const task = { ...span, task: "failed", keys: [RAW], dryRun: false } as const;

    it("brings in those that the collector takes now, under their rejections' ids, and those alone", async () => {
      const before = items("bad", message({ messageId: "m", anonymousId: null }));
      // What has no identity was rejected; as if the collector had been mended, it now has one.
      const mended = before.map((item) =>
        typeof item.body === "string"
          ? { ...item, body: item.body.replaceAll('\\"anonymousId\\":null', '\\"anonymousId\\":\\"known\\"') }
          : item,
      );
      await store(before);
      bucket.lines(RAW, ...mended.map((item) => JSON.stringify(rawInsert(item))));
      expect(await replay({ ...task, reason: "not_an_object" }, deps())).toMatchObject({
        recovered: 0,
        still_failing: 1,
      });
      const done = await replay(task, deps());
      expect(done).toMatchObject({ recovered: 1, still_failing: 1, missing_events: 1, unreadable: 0 });
      await loadFiles(done.files);
      expect(
        await pipeline.rows(
          `select events.event_id, events.anonymous_id, cast(events.received_at as varchar(32)), failed_events.reason
           from events inner join failed_events on failed_events.failed_id = events.batch_id`,
        ),
      ).toEqual([["m", "known", "2026-11-01 10:00:10", "missing_identity"]]);
      expect(receivedAt.toISOString()).toBe("2026-11-01T10:00:10.000Z");
      // Its raw line makes it an event like any other, and a second replay finds nothing to do.
      const again = [...bucket.objects.keys()].filter((name) => name.startsWith("raw/"));
      expect(again).toHaveLength(2);
      expect(await replay(raw({ keys: again }), deps())).toMatchObject({ events: 1, files: [] });
      expect(await replay(task, deps())).toMatchObject({ recovered: 1, missing_events: 0, files: [] });
    });

    it("leaves verdicts of the transform as they are, but for a replay of what it rejected", async () => {
      const [item] = items(visit("a"));
      if (item === undefined) throw new Error("nothing was stored");
      await store([item], () => false);
      const { failedIdOf } = await import("../../../handlers/event/failure");
      bucket.lines("failed/2", {
        failed_id: failedIdOf("web", "a"),
        batch_id: "b",
        received_at: "2026-11-01 10:00:10.000",
        source: "web",
        protocol: "segment",
        stage: "transform",
        reason: "line_too_large",
        message: "too large",
        payload: "{}",
        payload_encoding: "text",
      });
      await loadFiles(["failed/2"]);
      expect(await replay(raw(), deps())).toMatchObject({ kept: 1, missing_events: 0, files: [] });
      expect(await replay({ ...task, reason: "too_deep" }, deps())).toMatchObject({ recovered: 0 });
      const done = await replay({ ...task, reason: "line_too_large" }, deps());
      expect(done).toMatchObject({ recovered: 1, missing_events: 1 });
      await loadFiles(done.files);
      expect(await pipeline.rows("select event_id, batch_id from events")).toEqual([
        ["a", failedIdOf("web", "a")],
      ]);
    });
  });
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}
