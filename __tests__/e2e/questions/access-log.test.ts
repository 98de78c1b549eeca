import { accessLog, dataFile } from "../../support/data";
import { groups, type Hit, hitsOf, inOrder, readLog, timeText, type Visit, visitsOf } from "./access-log";
import { AskedWarehouse, messagesOf } from "./warehouse";

// Each answer is compared with a count over the raw file that shares no code with the product.
let hits: readonly Hit[];
let views: readonly Hit[];
let visits: readonly Visit[];
const warehouse = new AskedWarehouse();

jest.setTimeout(600_000);
beforeAll(async () => {
  const lines = readLog(await dataFile(accessLog));
  hits = hitsOf(lines);
  views = hits.filter(({ viewed }) => viewed);
  visits = visitsOf(hits);
  expect(await warehouse.start(messagesOf(lines))).toBe(9_999);
});
afterAll(() => warehouse.stop());

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const dayOf = (time: number) => Math.floor(time / DAY_MS) * DAY_MS;
const begin = ({ hits: [first] }: Visit) => first.time;
const end = ({ hits }: Visit) => Math.max(...hits.map(({ time }) => time));
const distinct = (values: readonly unknown[]) => new Set(values).size;
const share = (part: number, whole: number, digits = 1) =>
  whole === 0 ? null : Number(((100 * part) / whole).toFixed(digits));
const by = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();

describe("on an access log of four days", () => {
  it.each([
    ["hour", HOUR_MS],
    ["day", DAY_MS],
  ])("traffic is that of each %s", async (period, ms) => {
    const of = (time: number) => timeText(Math.floor(time / ms) * ms);
    const expected = [...groups(inOrder(hits), ({ time }) => of(time))].map(([text, own]) => [
      text,
      distinct(own.map(({ visitor }) => visitor)),
      visits.filter((visit) => of(begin(visit)) === text).length,
      own.filter(({ viewed }) => viewed).length,
      own.length,
    ]);
    expect(expected.length).toBeGreaterThan(3);
    expect(await warehouse.ask("traffic", `period=${period}`)).toEqual(expected);
  });

  it("traffic is that of the days which are asked for, the last included", async () => {
    const answer = await warehouse.ask("traffic", "from_day=2015-05-18", "to_day=2015-05-19");
    expect(answer.map(([day]) => day)).toEqual(["2015-05-18 00:00:00", "2015-05-19 00:00:00"]);
  });

  it("top pages are those viewed most, with the sessions that begin and end there", async () => {
    const expected = [...groups(views, ({ path }) => path)]
      .sort(([one, a], [other, b]) => b.length - a.length || (one < other ? -1 : 1))
      .map(([path, own]) => [
        null,
        path,
        own.length,
        distinct(own.map(({ visitor }) => visitor)),
        visits.filter(({ hits: [first] }) => first.path === path).length,
        visits.filter(({ hits }) => hits.at(-1)?.path === path).length,
      ]);
    expect(await warehouse.ask("top_pages", "most=25")).toEqual(expected.slice(0, 25));
    expect(await warehouse.ask("top_pages", "most=10000")).toHaveLength(expected.length);
  });

  it("sources are the referrers of the sessions' first requests", async () => {
    const expected = [...groups(visits, ({ hits: [first] }) => first.referrerHost ?? "")].map(
      ([host, own]) => [
        host,
        own.length,
        own.filter(({ number }) => number === 1).length,
        own.filter(({ hits }) => hits.length === 1).length,
      ],
    );
    const answer = await warehouse.ask("sources", "most=10000");
    const summed = [...groups(answer, (row) => String(row[2] ?? ""))].map(([host, rows]) => {
      const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0);
      return [host, sum(6), sum(8), sum(10)];
    });
    expect(by(summed)).toEqual(by(expected));
  });

  it("visitors are new on the day of their first session, and returning on later ones", async () => {
    const expected = [...groups(visits, (visit) => timeText(dayOf(begin(visit))))]
      .sort()
      .map(([day, own]) => {
        const fresh = new Set(own.filter(({ number }) => number === 1).map(({ visitor }) => visitor));
        const all = distinct(own.map(({ visitor }) => visitor));
        const ofNew = own.filter(({ visitor }) => fresh.has(visitor)).length;
        return [day, all, fresh.size, all - fresh.size, own.length, ofNew, own.length - ofNew];
      });
    expect(await warehouse.ask("new_and_returning")).toEqual(expected);
  });

  /** Tries every first step and goes on greedily from it: the soonest next step is never worse than a later one. */
  function furthest(own: readonly Hit[], steps: readonly string[], windowMs: number): number {
    return own.reduce((best, first, from) => {
      let reached = 0;
      for (const hit of own.slice(from))
        if (hit.time - first.time <= windowMs && (hit.viewed ? hit.path : "Request") === steps[reached])
          reached += 1;
      return Math.max(best, reached);
    }, 0);
  }

  it.each([
    [["/", "/blog/tags/puppet", "Request"], 60],
    [["Request", "/", "Request", "/"], 5],
    [["/projects/xdotool/", "/projects/xdotool/", "Request", "/", "Request", "/"], 5_000],
    [["/reset.css", "/nowhere"], 60],
  ])("funnel %j within %i minutes counts who came how far", async (steps, minutes) => {
    const reached = [...groups(hits, ({ visitor }) => visitor).values()].map((own) =>
      furthest(inOrder(own), steps, minutes * 60_000),
    );
    const counts = steps.map((_, at) => reached.filter((far) => far > at).length);
    expect(await warehouse.ask("funnel", `steps=${steps.join(" > ")}`, `minutes=${minutes}`)).toEqual(
      counts.map((count, at) => [
        at + 1,
        steps[at],
        count,
        share(count, counts[0] ?? 0),
        at === 0 ? null : share(count, counts[at - 1] ?? 0),
      ]),
    );
  });

  it.each([
    // 17 May 2015 was a Sunday.
    ["day", dayOf, (from: number, to: number) => (to - from) / DAY_MS],
    [
      "week",
      (time: number) => (time < Date.UTC(2015, 4, 18) ? Date.UTC(2015, 4, 11) : Date.UTC(2015, 4, 18)),
      (from: number, to: number) => (to - from) / DAY_MS / 7,
    ],
    ["month", () => Date.UTC(2015, 4, 1), () => 0],
  ])("retention by %s is who came again", async (period, of, since) => {
    const first = new Map(
      visits.filter(({ number }) => number === 1).map((visit) => [visit.visitor, of(begin(visit))]),
    );
    const came = new Map<string, Set<string>>();
    for (const visit of visits) {
      const cohort = first.get(visit.visitor) ?? 0;
      const key = `${timeText(cohort)}\n${since(cohort, of(begin(visit)))}`;
      came.set(key, (came.get(key) ?? new Set()).add(visit.visitor));
    }
    const expected = [...came].sort().map(([key, visitors]) => {
      const [cohort, periods] = key.split("\n");
      return [
        cohort,
        Number(periods),
        visitors.size,
        share(visitors.size, came.get(`${cohort}\n0`)?.size ?? 0),
      ];
    });
    expect(await warehouse.ask("retention", `period=${period}`)).toEqual(expected);
  });

  it.each([
    ["paths_from", 1],
    ["paths_to", -1],
  ])("%s a page are the three views on that side of the first one", async (question, direction) => {
    const page = "/projects/xdotool/";
    const paths = visits.flatMap(({ hits }) => {
      const seen = hits.filter(({ viewed }) => viewed).map(({ path }) => path);
      const at = seen.indexOf(page);
      return at < 0 ? [] : [[1, 2, 3].map((distance) => seen[at + direction * distance] ?? null)];
    });
    const expected = [...groups(paths, (path) => JSON.stringify(path)).values()].map((same) => [
      ...(same[0] ?? []),
      same.length,
    ]);
    expect(expected.length).toBeGreaterThan(3);
    expect(by(await warehouse.ask(question, `page=${page}`, "most=10000"))).toEqual(by(expected));
  });

  it("attribution gives a conversion to the first, the last, and equal parts to all sessions before it", async () => {
    const goal = "/projects/xdotool/";
    const credit = new Map<string, [number, number, number]>();
    const add = (visit: Visit | undefined, which: 0 | 1 | 2, amount: number) => {
      const host = visit?.hits[0].referrerHost === undefined ? "direct" : "referred";
      const sums = credit.get(host) ?? [0, 0, 0];
      sums[which] += amount;
      credit.set(host, sums);
    };
    const own = groups(visits, ({ visitor }) => visitor);
    for (const visit of visits)
      for (const hit of visit.hits.filter(({ viewed, path }) => viewed && path === goal)) {
        const touches = (own.get(visit.visitor) ?? []).filter(
          (touch) =>
            begin(touch) <= hit.time && (begin(touch) >= hit.time - DAY_MS || touch.number === visit.number),
        );
        add(touches[0], 0, 1);
        add(touches.at(-1), 1, 1);
        for (const touch of touches) add(touch, 2, 1 / touches.length);
      }
    const answer = await warehouse.ask("attribution", `goal=${goal}`, "days=1");
    const summed = groups(answer, ([medium]) =>
      medium === "direct" || medium === null ? "direct" : "referred",
    );
    for (const [host, sums] of credit)
      for (const which of [0, 1, 2] as const)
        expect((summed.get(host) ?? []).reduce((sum, row) => sum + Number(row[5 + which]), 0)).toBeCloseTo(
          sums[which],
          1,
        );
    expect(summed.size).toBe(credit.size);
  });

  it("session quality is that of the sessions that began on a day", async () => {
    const answer = await warehouse.ask("session_quality");
    const days = [...groups(visits, (visit) => timeText(dayOf(begin(visit))))].sort();
    expect(answer).toHaveLength(days.length);
    for (const [at, [day, own]] of days.entries()) {
      const seconds = own
        .map((visit) => (end(visit) - begin(visit)) / 1_000)
        .sort((one, other) => one - other);
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      const middle = (own.length - 1) / 2;
      const median = ((seconds[Math.floor(middle)] ?? 0) + (seconds[Math.ceil(middle)] ?? 0)) / 2;
      const [period, sessions, events, viewed, average, medianSeconds, bounces] = answer[at] ?? [];
      expect([period, sessions, medianSeconds]).toEqual([day, own.length, median]);
      expect(events).toBeCloseTo(sum(own.map(({ hits }) => hits.length)) / own.length, 1);
      expect(viewed).toBeCloseTo(
        sum(own.map(({ hits }) => hits.filter((hit) => hit.viewed).length)) / own.length,
        1,
      );
      expect(average).toBeCloseTo(sum(seconds) / own.length, 0);
      expect(bounces).toBe(share(own.filter(({ hits }) => hits.length === 1).length, own.length));
    }
  });

  it("conversion is the share of sessions with the goal in them", async () => {
    const goal = "/projects/xdotool/";
    const converted = visits.filter(({ hits }) => hits.some(({ viewed, path }) => viewed && path === goal));
    const all = await warehouse.ask("conversion", `goal=${goal}`, "compare=country");
    expect(all).toEqual([[null, visits.length, converted.length, share(converted.length, visits.length, 2)]]);
    const devices = await warehouse.ask("conversion", `goal=${goal}`);
    expect(devices.length).toBeGreaterThan(2);
    expect(devices.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(converted.length);
  });

  it("live is what came in the minutes up to a moment", async () => {
    const until = Date.UTC(2015, 4, 19, 12, 5, 30);
    const recent = hits.filter(({ time }) => time <= until && time > until - 30 * 60_000);
    const minute = (time: number) => timeText(Math.floor(time / 60_000) * 60_000);
    const expected = [...groups(recent, ({ time }) => minute(time))].sort().reverse();
    expect(expected.length).toBeGreaterThan(0);
    expect(await warehouse.ask("live", "until=2015-05-19T12:05:30")).toEqual(
      expected.map(([text, own]) => [
        text,
        distinct(own.map(({ visitor }) => visitor)),
        own.filter(({ viewed }) => viewed).length,
        own.length,
      ]),
    );
    expect(await warehouse.ask("live")).toEqual([]);
  });
});
