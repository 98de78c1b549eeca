import { event, PATIENCE_MS, PipelineWarehouse } from "./harness";

const pipeline = new PipelineWarehouse();
const line = (event_id: string, received_at: string, more: Readonly<Record<string, unknown>> = {}) =>
  event({ event_id, event_time: received_at, received_at, event_type: "track", ...more });
const events = () => pipeline.rows("select event_id, batch_id, received_at from events order by 1, 3");

jest.setTimeout(PATIENCE_MS);
beforeAll(async () => {
  await pipeline.start();
  await pipeline.migrate();
});
beforeEach(() => pipeline.empty());
afterAll(() => pipeline.stop());

describe("the project's loader, on the real engine", () => {
  it("loads once what two loaders load at once", async () => {
    const files = [1, 2, 3].map((n) => pipeline.file(`events/${n}`, line(String(n), "2024-01-01 10:00:00")));
    const ran = await Promise.all([
      pipeline.load(...files),
      pipeline.load(...files.slice(1)),
      pipeline.load(...files.slice(0, 2)),
    ]);
    expect(ran.flatMap(({ refused }) => refused)).toEqual([]);
    expect(ran.map(({ loaded }) => loaded.length).sort()).toEqual([2, 2, 3]);
    expect(await events()).toHaveLength(3);
    expect(await pipeline.rows("select sum(inserted), sum(dropped) from load_counts")).toEqual([[3, 0]]);
    expect(await pipeline.rows("select sum(events) from all_sessions")).toEqual([[null]]);
  });

  it("keeps the earliest copy within a load, and none of what the table has within the window", async () => {
    await pipeline.load(pipeline.file("events/1", line("old", "2024-01-02 00:00:00")));
    await pipeline.load(
      pipeline.file(
        "events/2",
        line("new", "2024-01-02 02:00:00", { batch_id: "late" }),
        line("new", "2024-01-02 01:00:00", { batch_id: "c" }),
        line("new", "2024-01-02 01:00:00", { batch_id: "a" }),
        line("old", "2024-01-02 20:00:00"),
        line("old", "2024-01-01 23:00:00"),
      ),
    );
    expect(await events()).toEqual([
      ["new", "a", "2024-01-02 01:00:00"],
      ["old", "b", "2024-01-02 00:00:00"],
    ]);
    expect(
      await pipeline.rows(
        "select sum(lines_read), sum(inserted), sum(dropped) from load_counts where stream = 'events'",
      ),
    ).toEqual([[6, 2, 4]]);
  });

  it("takes an event that comes again after the window for a new one", async () => {
    await pipeline.load(pipeline.file("events/1", line("1", "2024-01-01 00:00:00")));
    await pipeline.load(pipeline.file("events/2", line("1", "2024-01-02 00:00:01")));
    expect(await events()).toHaveLength(2);
  });

  it("finds the files that cannot be loaded by what COPY says of them, and loads the rest", async () => {
    const files = [1, 2, 3, 4, 5].map((n) =>
      pipeline.file(`events/${n}`, line(String(n), "2024-01-01 10:00:00")),
    );
    pipeline.file("events/3", line("3", "2024-01-01 10:00:00", { geo_country: "Germany" }));
    const { loaded, refused } = await pipeline.load(...files);
    expect(loaded).toHaveLength(4);
    expect(refused).toEqual([
      { file: files[2], reason: expect.stringMatching(/line 1, column geo_country: String length exceeds/) },
    ]);
    expect((await events()).map(([id]) => id)).toEqual(["1", "2", "4", "5"]);
    expect(await pipeline.rows("select object_key, stream from load_failures")).toEqual([
      ["events/3", "events"],
    ]);
  });

  it("finds a file that is gone by halving, and blames no file for what is wrong with all of them", async () => {
    const files = [1, 2, 3, 4].map((n) =>
      pipeline.file(`events/${n}`, line(String(n), "2024-01-01 10:00:00")),
    );
    pipeline.redshift.bucket.objects.delete("events/2");
    const { loaded, refused } = await pipeline.load(...files);
    expect(loaded).toHaveLength(3);
    expect(refused).toEqual([
      { file: files[1], reason: expect.stringMatching(/The specified .* does not exist/) },
    ]);
    const other = pipeline.file("events/5", line("5", "2024-01-01 10:00:00"));
    const deps = { ...pipeline.loadDeps(), copyRoleArn: "arn:aws:iam::000000000000:role/nobody" };
    const { load } = await import("../../../../handlers/load/load");
    await expect(load([other], deps)).rejects.toThrow(/role\/nobody is not associated/);
    expect(await pipeline.rows("select count(*) from load_failures")).toEqual([[1]]);
  });

  it("forgets failures of a file that is loaded after all", async () => {
    const bad = pipeline.file("events/1", line("1", "2024-01-01 10:00:00", { geo_country: "Germany" }));
    await pipeline.load(bad);
    await pipeline.load(pipeline.file("events/1", line("1", "2024-01-01 10:00:00", { geo_country: "DE" })));
    expect(await pipeline.rows("select count(*) from load_failures")).toEqual([[0]]);
    expect(await events()).toHaveLength(1);
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
    pipeline.redshift.bucket.lines("failed/1", failure, failure);
    await pipeline.load({ key: "failed/1", stream: "failed", etag: "e", sizeBytes: 1 });
    expect(await pipeline.rows("select failed_id, payload from failed_events")).toEqual([["f", "{"]]);
  });

  it("loads a file without lines", async () => {
    pipeline.redshift.bucket.put("events/1", Buffer.alloc(0));
    const { gzipSync } = await import("node:zlib");
    pipeline.redshift.bucket.put("events/1", gzipSync(""));
    const { loaded } = await pipeline.load({ key: "events/1", stream: "events", etag: "e", sizeBytes: 1 });
    expect(loaded).toHaveLength(1);
    expect(await pipeline.rows("select object_key from load_ledger")).toEqual([["events/1"]]);
  });
});
