import { event, type PipelineWarehouse } from "./harness";

/** What the models say of events. */
export function modelTests(pipeline: PipelineWarehouse): void {
  let files = 0;
  const load = (...lines: readonly object[]) => pipeline.load(pipeline.file(`events/${++files}`, ...lines));

  describe("identities", () => {
    const link = (day: number, more: Readonly<Record<string, unknown>>) =>
      event({
        event_time: `2026-03-${String(day).padStart(2, "0")} 10:00:00`,
        event_type: "identify",
        ...more,
      });
    const alias = (day: number, previous_id: string, user_id: string) =>
      link(day, { event_type: "alias", previous_id, user_id });
    const identities = () => pipeline.rows("select id, id_type, user_id from identities order by 1, 2");

    it("are of the user who was seen last with them, whatever came first", async () => {
      await load(link(3, { anonymous_id: "a", user_id: "late" }));
      await load(
        link(1, { anonymous_id: "a", user_id: "early" }),
        link(2, { anonymous_id: "b", user_id: "b's" }),
      );
      expect(await identities()).toEqual([
        ["a", "anonymous", "late"],
        ["b", "anonymous", "b's"],
      ]);
    });

    it("follow aliases to their end, over as many loads as they took", async () => {
      const steps = Array.from({ length: 20 }, (_, n) => alias(2, `u${n}`, `u${n + 1}`));
      await load(...steps.filter((_, n) => n % 3 === 1));
      await load(link(1, { anonymous_id: "a", user_id: "u0" }), ...steps.filter((_, n) => n % 3 !== 1));
      const known = new Map((await identities()).map(([id, type, user]) => [`${id} ${type}`, user]));
      expect(known.get("a anonymous")).toBe("u20");
      expect(known.get("u0 user")).toBe("u20");
      expect(known.get("u19 user")).toBe("u20");
      expect(known.has("u20 user")).toBe(false);
    });

    it("are one user in a circle of aliases, and the last alias of an id holds", async () => {
      await load(alias(1, "a", "b"), alias(2, "b", "c"), alias(3, "c", "a"), alias(4, "tail", "b"));
      await load(alias(5, "x", "y"), alias(6, "x", "z"));
      expect((await identities()).filter(([, type]) => type === "user")).toEqual([
        ["a", "user", "a"],
        ["b", "user", "a"],
        ["c", "user", "a"],
        ["tail", "user", "a"],
        ["x", "user", "z"],
      ]);
    });

    it("do not take an anonymous id for the user id that is spelled the same", async () => {
      await load(
        link(1, { anonymous_id: "7", user_id: "someone" }),
        event({ event_time: "2026-03-01 11:00:00", user_id: "7" }),
      );
      expect(await pipeline.rows("select visitor_id, user_id from sessions")).toEqual([["7", "7"]]);
    });
  });

  describe("users", () => {
    it("have the sessions they had before they were known, and those under former ids", async () => {
      await load(
        event({
          event_time: "2026-03-01 10:00:00",
          anonymous_id: "a",
          page_path: "/landing",
          referrer_medium: "search",
        }),
        event({
          event_time: "2026-03-02 10:00:00",
          anonymous_id: "a",
          event_type: "identify",
          user_id: "old",
        }),
        event({ event_time: "2026-03-03 10:00:00", anonymous_id: "b", user_id: "new", event_type: "screen" }),
        event({ event_time: "2026-03-04 10:00:00", event_type: "alias", previous_id: "old", user_id: "new" }),
        event({ event_time: "2026-03-05 10:00:00", event_type: "identify", user_id: "silent" }),
      );
      expect(
        await pipeline.rows(
          `select user_id, cast(first_seen_at as varchar(32)), cast(last_seen_at as varchar(32)), sessions, visitors,
           views, first_landing_path, first_referrer_medium from users order by 1`,
        ),
      ).toEqual([
        ["new", "2026-03-01 10:00:00", "2026-03-04 10:00:00", 2, 2, 2, "/landing", "search"],
        ["silent", "2026-03-05 10:00:00", "2026-03-05 10:00:00", 0, 0, 0, null, null],
      ]);
      expect(
        await pipeline.rows("select visitor_id, user_id, session_number from sessions order by 1"),
      ).toEqual([
        ["a", "new", 1],
        ["b", "new", 1],
      ]);
    });
  });

  describe("bots and internal traffic", () => {
    const rules = {
      internalTraffic: {
        hosts: ["Staging.example.com"],
        networks: ["10.0.0.0/8", "192.0.2.0/23", "10.1.0.0/16", "2001:db8::/32", "2001:db9:1::/48"],
        users: ["tester"],
      },
    };
    const visit = (anonymous_id: string, more: Readonly<Record<string, unknown>>) =>
      event({
        event_time: "2026-03-01 10:00:00",
        anonymous_id,
        page_host: "example.com",
        page_path: "/",
        ...more,
      });
    const traffic = () => pipeline.rows("select visitor_id, traffic from marked_events order by 1");

    afterEach(() => pipeline.migrate());

    it("are marked by host, network and user, and left out of the models", async () => {
      await pipeline.migrate(rules);
      await load(
        visit("host", { page_host: "staging.example.com" }),
        visit("user", { user_id: "tester" }),
        visit("v4 low", { ip_network: "10.0.0.0/24" }),
        visit("v4 high", { ip_network: "10.255.255.0/24" }),
        visit("v4 23", { ip_network: "192.0.3.0/24" }),
        visit("v6", { ip_network: "2001:db8:ffff::/48" }),
        visit("v6 zero", { ip_network: "2001:db8::/48" }),
        visit("v6 exact", { ip_network: "2001:db9:1::/48" }),
        visit("bot", { is_bot: true }),
        visit("x v4 beside", { ip_network: "192.0.4.0/24" }),
        visit("x v4 eleven", { ip_network: "11.0.0.0/24" }),
        visit("x v6 beside", { ip_network: "2001:db9:2::/48" }),
        visit("x none", {}),
      );
      const marked = new Map((await traffic()).map(([visitor, mark]) => [visitor, mark]));
      const people = [...marked].filter(([, mark]) => mark === "people").map(([visitor]) => visitor);
      expect(people).toEqual(["x none", "x v4 beside", "x v4 eleven", "x v6 beside"]);
      expect(marked.get("bot")).toBe("bot");
      expect(await pipeline.rows("select count(*) from sessions")).toEqual([[4]]);
      expect(await pipeline.rows("select traffic, count(*) from all_sessions group by 1 order by 1")).toEqual(
        [
          ["bot", 1],
          ["internal", 8],
          ["people", 4],
        ],
      );
      expect(await pipeline.rows("select views, visitors from pages")).toEqual([[4, 4]]);
      expect(
        await pipeline.rows(
          "select visitors, new_visitors, sessions, views, events, bot_events, internal_events from daily",
        ),
      ).toEqual([[4, 4, 4, 4, 4, 1, 8]]);
      expect(await pipeline.rows("select count(*) from users")).toEqual([[0]]);
    });

    it("are evaluated again, for what was loaded before too, when the rules change", async () => {
      await load(visit("a", { user_id: "tester" }), visit("b", {}));
      expect(await pipeline.rows("select visitor_id from sessions order by 1")).toEqual([["a"], ["b"]]);
      await pipeline.migrate(rules);
      expect(await traffic()).toEqual([
        ["a", "internal"],
        ["b", "people"],
      ]);
      expect(await pipeline.rows("select visitor_id from sessions")).toEqual([["b"]]);
      await pipeline.migrate();
      expect(await pipeline.rows("select visitor_id from sessions order by 1")).toEqual([["a"], ["b"]]);
    });
  });

  describe("days", () => {
    it("are those of the environment's time zone", async () => {
      await load(
        ...["2026-03-28 22:59:59", "2026-03-28 23:00:00", "2026-03-29 22:00:00"].map((event_time) =>
          event({ event_time, anonymous_id: event_time, page_host: "h", page_path: "/" }),
        ),
      );
      const days = async () => [
        await pipeline.rows("select cast(day as varchar(10)), views from pages order by 1"),
        await pipeline.rows("select cast(day as varchar(10)), sessions from daily order by 1"),
      ];
      const utc = [
        ["2026-03-28", 2],
        ["2026-03-29", 1],
      ];
      expect(await days()).toEqual([utc, utc]);
      // Summer time begins on the 29th: its day has 23 hours.
      expect(await pipeline.migrate({ timeZone: "Europe/Berlin" })).toMatchObject({ settings: "changed" });
      const berlin = [
        ["2026-03-28", 1],
        ["2026-03-29", 1],
        ["2026-03-30", 1],
      ];
      expect(await days()).toEqual([berlin, berlin]);
      await pipeline.migrate();
    });
  });
}
