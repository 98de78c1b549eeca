import { gzipSync } from "node:zlib";
import { load } from "../../../handlers/load/load";
import { event, type PipelineWarehouse } from "./harness";

/** What the loader does to files, on a warehouse that is empty before each. */
export function loaderTests(pipeline: PipelineWarehouse): void {
  const line = (event_id: string, received_at: string, more: Readonly<Record<string, unknown>> = {}) =>
    event({ event_id, event_time: received_at, received_at, event_type: "track", ...more });
  const events = () => pipeline.rows("select event_id, batch_id, received_at from events order by 1, 3");

  describe("the project's loader, on the real engine", () => {
    it("loads once what two loaders load at once", async () => {
      const files = [1, 2, 3].map((n) =>
        pipeline.file(`events/${n}`, line(String(n), "2024-01-01 10:00:00")),
      );
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
      // What comes again after the window is taken for new.
      await pipeline.load(pipeline.file("events/3", line("new", "2024-01-03 01:00:01", { batch_id: "z" })));
      expect(await events()).toEqual([
        ["new", "a", "2024-01-02 01:00:00"],
        ["new", "z", "2024-01-03 01:00:01"],
        ["old", "b", "2024-01-02 00:00:00"],
      ]);
      expect(
        await pipeline.rows(
          "select sum(lines_read), sum(inserted), sum(dropped) from load_counts where stream = 'events'",
        ),
      ).toEqual([[7, 3, 4]]);
    });

    it("finds the files that cannot be loaded by what COPY says of them, until they are mended, and loads the rest", async () => {
      const files = [1, 2, 3, 4, 5].map((n) =>
        pipeline.file(`events/${n}`, line(String(n), "2024-01-01 10:00:00")),
      );
      pipeline.file("events/3", line("3", "2024-01-01 10:00:00", { geo_country: "Germany" }));
      const { loaded, refused } = await pipeline.load(...files);
      expect(loaded).toHaveLength(4);
      expect(refused).toEqual([
        {
          file: files[2],
          reason: expect.stringMatching(/line 1, column geo_country: String length exceeds/),
        },
      ]);
      expect((await events()).map(([id]) => id)).toEqual(["1", "2", "4", "5"]);
      expect(await pipeline.rows("select object_key, stream from load_failures")).toEqual([
        ["events/3", "events"],
      ]);
      await pipeline.load(pipeline.file("events/3", line("3", "2024-01-01 10:00:00", { geo_country: "DE" })));
      expect(await pipeline.rows("select count(*) from load_failures")).toEqual([[0]]);
    });

    it("finds a file that is gone by halving, and blames no file for what is wrong with all of them", async () => {
      const files = [1, 2].map((n) => pipeline.file(`events/${n}`, line(String(n), "2024-01-01 10:00:00")));
      pipeline.redshift.bucket.objects.delete("events/2");
      const { loaded, refused } = await pipeline.load(...files);
      expect(loaded).toHaveLength(1);
      expect(refused).toEqual([
        { file: files[1], reason: expect.stringMatching(/The specified .* does not exist/) },
      ]);
      const other = pipeline.file("events/5", line("5", "2024-01-01 10:00:00"));
      const deps = { ...pipeline.loadDeps(), copyRoleArn: "arn:aws:iam::000000000000:role/nobody" };
      await expect(load([other], deps)).rejects.toThrow(/role\/nobody is not associated/);
      expect(await pipeline.rows("select count(*) from load_failures")).toEqual([[1]]);
    });

    it("loads rejected events by their own id, and files without lines", async () => {
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
      // What is no column, such as the rest of a payload, is left out.
      pipeline.redshift.bucket.lines("failed/1", failure, { ...failure, whole_payload: "{ and more" });
      pipeline.redshift.bucket.put("events/1", gzipSync(""));
      const file = { etag: "e", sizeBytes: 1 };
      await pipeline.load(
        { ...file, key: "failed/1", stream: "failed" },
        { ...file, key: "events/1", stream: "events" },
      );
      expect(await pipeline.rows("select failed_id, payload from failed_events")).toEqual([["f", "{"]]);
      expect(await pipeline.rows("select count(*) from load_ledger")).toEqual([[2]]);
    });
  });
}
