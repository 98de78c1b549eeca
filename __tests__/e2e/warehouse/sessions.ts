import fc from "fast-check";
import { event, type PipelineWarehouse } from "./harness";
import { type Activity, sessionize } from "./sessionize";

/** What becomes of sessions. */
export function sessionTests(pipeline: PipelineWarehouse): void {
  const MINUTE = 60_000;
  const START = Date.parse("2026-03-01T00:00:00Z");
  const at = (minutes: number) =>
    new Date(START + minutes * MINUTE).toISOString().slice(0, 23).replace("T", " ");

  /** What the warehouse has of sessions, as `sessionize` writes it. */
  async function stored(): Promise<unknown[][]> {
    return pipeline.rows(
      `select visitor_id, traffic, session_id, cast(started_at as varchar(32)), cast(ended_at as varchar(32)),
       last_event_id, events, views, user_id, landing_path, exit_path, browser_name
     from all_sessions order by 1, 2, 4`,
    );
  }

  /** An activity as a line of the lake. */
  const lineOf = (activity: Activity) =>
    event({
      ...activity,
      event_time: at(activity.minute),
      received_at: at(20_000 + activity.receivedMinute),
      minute: undefined,
      receivedMinute: undefined,
      load: undefined,
    });

  /** Many visitors at once, for a load costs a test much and a visitor little. */
  const visitors = Array.from({ length: 80 }, (_, n) => `v${String(n).padStart(2, "0")}`);

  const activities = fc
    .array(
      fc.record({
        anonymous_id: fc.option(fc.constantFrom(...visitors), { nil: undefined, freq: 20 }),
        user_id: fc.constantFrom(undefined, undefined, "u1", "u2"),
        event_type: fc.constantFrom("page", "track", "screen", "identify"),
        is_bot: fc.constantFrom(undefined, false, false, true),
        // pauses of exactly 30 minutes, and of one more, are frequent
        minute: fc.oneof(
          fc.integer({ min: 0, max: 12 }).map((n) => n * 15),
          fc.integer({ min: 0, max: 200 }),
        ),
        receivedMinute: fc.integer({ min: 0, max: 600 }),
        page_path: fc.constantFrom("/", "/a", "/b", undefined),
        browser_name: fc.constantFrom("Firefox", "Chrome"),
        load: fc.integer({ min: 0, max: 3 }),
      }),
      { minLength: 1_000, maxLength: 1_000 },
    )
    .map((list) =>
      list
        .map((each, n) => ({ ...each, event_id: `e${String(n).padStart(4, "0")}` }))
        .filter(({ anonymous_id, user_id }) => anonymous_id !== undefined || user_id !== undefined),
    );

  describe("sessions", () => {
    it("are the same in whatever order and in however many loads the events arrive", async () => {
      await fc.assert(
        fc.asyncProperty(activities, async (list) => {
          await pipeline.empty();
          for (const load of [0, 1, 2, 3]) {
            const lines = list.filter((each) => each.load === load).map(lineOf);
            await pipeline.load(pipeline.file(`events/${load}`, ...lines));
          }
          expect(await stored()).toEqual(sessionize(list, 30, at));
        }),
        { numRuns: 1, endOnFailure: true },
      );
    });

    it("join when a late event comes between them, and are told apart by how long they pause", async () => {
      const page = { anonymous_id: "v", event_type: "page" };
      await pipeline.load(
        pipeline.file(
          "events/1",
          event({ ...page, event_id: "1", event_time: at(0), page_path: "/first" }),
          event({ ...page, event_id: "2", event_time: at(60), page_path: "/last" }),
          event({ ...page, event_id: "3", event_time: at(120) }),
        ),
      );
      expect(await pipeline.rows("select session_id, events from all_sessions order by started_at")).toEqual([
        ["1", 1],
        ["2", 1],
        ["3", 1],
      ]);
      await pipeline.load(pipeline.file("events/2", event({ ...page, event_id: "4", event_time: at(30) })));
      expect(
        await pipeline.rows(
          "select session_id, events, landing_path, exit_path from all_sessions order by started_at",
        ),
      ).toEqual([
        ["1", 3, "/first", "/last"],
        ["3", 1, null, null],
      ]);
    });

    it("are built anew when the environment sets another pause, and split then", async () => {
      const page = { anonymous_id: "v" };
      await pipeline.load(
        pipeline.file("events/1", ...[0, 20, 40].map((minute) => event({ ...page, event_time: at(minute) }))),
      );
      const counts = () => pipeline.rows("select events from all_sessions order by started_at");
      expect(await counts()).toEqual([[3]]);
      expect(await pipeline.migrate({ sessionMinutes: 10 })).toMatchObject({ settings: "sessions rebuilt" });
      expect(await counts()).toEqual([[1], [1], [1]]);
      await pipeline.load(pipeline.file("events/2", event({ ...page, event_time: at(30) })));
      expect(await counts()).toEqual([[1], [3]]);
      expect(await pipeline.migrate()).toMatchObject({ settings: "sessions rebuilt" });
      expect(await counts()).toEqual([[4]]);
      expect(await pipeline.migrate()).toMatchObject({ settings: "unchanged" });
    });

    it("have the columns that an event as a session of its own has, in their order", async () => {
      const columns = async (relation: string) =>
        (await pipeline.redshift.sql(`select * from ${relation} where 1 = 0`)).columns;
      expect(await columns("activity")).toEqual(await columns("all_sessions"));
    });
  });
}
