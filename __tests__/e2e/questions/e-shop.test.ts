import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readMap } from "../../../cli/importing/csv/map";
import { dataFile, eShop } from "../../support/data";
import { groups, timeText } from "./access-log";
import { AskedWarehouse, csvMessagesOf } from "./warehouse";

/** A click, read from the raw file without any of the product's code. */
interface Click {
  readonly session: string;
  /** From 1, in the session. */
  readonly order: number;
  /** Midnight of its day, milliseconds since 1970: the file knows no time of day. */
  readonly day: number;
  readonly country: string;
  readonly category: string;
  readonly path: string;
}

const DAY_MS = 86_400_000;
const map = readMap(readFileSync(join(__dirname, "..", "..", "..", "examples", "e-shop.map.json"), "utf8"));

// Each answer is compared with a count over the raw file that shares no code with the product. The mapping makes up
// that a session is a visitor, that it begins at noon, and that there are ten seconds between its clicks.
let clicks: readonly Click[];
/** A session's clicks in their order. */
let visits: readonly (readonly [Click, ...Click[]])[];
const warehouse = new AskedWarehouse();

jest.setTimeout(900_000);
beforeAll(async () => {
  const lines = gunzipSync(readFileSync(await dataFile(eShop)))
    .toString()
    .trimEnd()
    .split("\r\n");
  clicks = lines.slice(1).map((line) => {
    const [year, month, day, order, country = "", session = "", category = "", product] = line.split(";");
    return {
      ...{ session, order: Number(order), country, category, path: `/${category}/${product}` },
      day: Date.UTC(Number(year), Number(month) - 1, Number(day)),
    };
  });
  visits = [...groups(clicks, ({ session }) => session).values()].map(
    (of) => [...of].sort((one, other) => one.order - other.order) as [Click, ...Click[]],
  );
  expect(await warehouse.start(csvMessagesOf(lines, map))).toBe(165_474);
});
afterAll(() => warehouse.stop());

const distinct = (values: readonly unknown[]) => new Set(values).size;
const share = (part: number, whole: number, digits = 1) => Number(((100 * part) / whole).toFixed(digits));
const by = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();
const periods: Readonly<Record<string, (time: number) => number>> = {
  day: (time) => time,
  // 1970 began on a Thursday.
  week: (time) => time - ((time / DAY_MS + 3) % 7) * DAY_MS,
  month: (time) => Date.UTC(new Date(time).getUTCFullYear(), new Date(time).getUTCMonth(), 1),
};

describe("on a shop's clicks of 135 days", () => {
  it.each(["day", "week", "month"])("traffic is that of each %s", async (period) => {
    const of = (time: number) => timeText(periods[period]?.(time) ?? 0);
    const expected = [...groups(clicks, ({ day }) => of(day))].sort().map(([text, own]) => {
      const sessions = distinct(own.map(({ session }) => session));
      return [text, sessions, sessions, own.length, own.length];
    });
    expect(await warehouse.ask("traffic", `period=${period}`)).toEqual(expected);
    expect(expected.length).toBe({ day: 135, week: 20, month: 5 }[period]);
  });

  it("top pages are the products clicked most, with the sessions that begin and end there", async () => {
    const landings = groups(visits, ([first]) => first.path);
    const exits = groups(visits, (visit) => visit.at(-1)?.path ?? "");
    const expected = [...groups(clicks, ({ path }) => path)]
      .sort(([one, a], [other, b]) => b.length - a.length || (one < other ? -1 : 1))
      .map(([path, own]) => [
        ...[null, path, own.length, distinct(own.map(({ session }) => session))],
        ...[landings.get(path)?.length ?? 0, exits.get(path)?.length ?? 0],
      ]);
    expect(await warehouse.ask("top_pages", "most=10000")).toEqual(expected);
  });

  it("every visitor is new, because a session is all that is known of one", async () => {
    const expected = [...groups(visits, ([{ day }]) => timeText(day))]
      .sort()
      .map(([day, { length }]) => [day, length, length, 0, length, length, 0]);
    expect(await warehouse.ask("new_and_returning")).toEqual(expected);
    const cohorts = [...groups(visits, ([{ day }]) => timeText(periods.month?.(day) ?? 0))].sort();
    expect(await warehouse.ask("retention", "period=month")).toEqual(
      cohorts.map(([month, { length }]) => [month, 0, length, 100]),
    );
  });

  it("sources are direct: the file knows no referrers", async () => {
    const answer = await warehouse.ask("sources");
    expect(answer.reduce((sum, row) => sum + Number(row[6]), 0)).toBe(visits.length);
    expect(answer.map((row) => row[2])).toEqual([null]);
  });

  it.each([
    [["/1/A2", "/1/A11"], 5],
    [["/2/B4", "/2/B10", "/4/P1"], 60],
    [["/4/P82", "/4/P82"], 1],
  ])("funnel %j within %i minutes counts who came how far", async (steps, minutes) => {
    const reached = visits.map((visit) =>
      visit.reduce((best, first, from) => {
        let far = 0;
        for (const click of visit.slice(from))
          if ((click.order - first.order) * 10 <= minutes * 60 && click.path === steps[far]) far += 1;
        return Math.max(best, far);
      }, 0),
    );
    const counts = steps.map((_, at) => reached.filter((far) => far > at).length);
    expect(counts[1]).toBeGreaterThan(0);
    expect(await warehouse.ask("funnel", `steps=${steps.join(" > ")}`, `minutes=${minutes}`)).toEqual(
      counts.map((count, at) => [
        ...[at + 1, steps[at], count, share(count, counts[0] ?? 0)],
        at === 0 ? null : share(count, counts[at - 1] ?? 0),
      ]),
    );
  });

  it.each([
    ["paths_from", 1],
    ["paths_to", -1],
  ])("%s a product are the three clicks on that side of the first one", async (question, direction) => {
    const page = "/2/B4";
    const paths = visits.flatMap((visit) => {
      const at = visit.findIndex(({ path }) => path === page);
      return at < 0 ? [] : [[1, 2, 3].map((distance) => visit[at + direction * distance]?.path ?? null)];
    });
    const expected = [...groups(paths, (path) => JSON.stringify(path)).values()].map((same) => [
      ...(same[0] ?? []),
      same.length,
    ]);
    expect(expected.length).toBeGreaterThan(100);
    const answer = await warehouse.ask(question, `page=${page}`, "most=10000");
    expect(by(answer)).toEqual(by(expected));
  });

  it("session quality is that of the months", async () => {
    const answer = await warehouse.ask("session_quality", "period=month");
    const months = [...groups(visits, ([{ day }]) => timeText(periods.month?.(day) ?? 0))].sort();
    expect(answer).toHaveLength(months.length);
    for (const [at, [month, own]] of months.entries()) {
      const lengths = own.map(({ length }) => length).sort((one, other) => one - other);
      const middle = (lengths.length - 1) / 2;
      const median = ((lengths[Math.floor(middle)] ?? 0) + (lengths[Math.ceil(middle)] ?? 0)) / 2;
      const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
      const [period, sessions, events, views, seconds, medianSeconds, bounces] = answer[at] ?? [];
      expect([period, sessions, Number(medianSeconds)]).toEqual([month, own.length, (median - 1) * 10]);
      expect(Number(events)).toBeCloseTo(mean, 1);
      expect(Number(views)).toBeCloseTo(mean, 1);
      expect(Number(seconds)).toBeCloseTo((mean - 1) * 10, 0);
      expect(bounces).toBe(share(lengths.filter((length) => length === 1).length, own.length));
    }
  });

  it("conversion by country is the share of sessions with the goal in them", async () => {
    const goal = "/2/B4";
    // Numbers of countries as the data set's description has them.
    const codes: Readonly<Record<string, string>> = { 29: "PL", 9: "CZ", 24: "LT", 16: "DE", 34: "SK" };
    const answer = await warehouse.ask("conversion", `goal=${goal}`, "compare=country");
    const rows = new Map(answer.map((row) => [row[0], row.slice(1).map(Number)]));
    for (const [number, code] of Object.entries(codes)) {
      const own = visits.filter(([{ country }]) => country === number);
      const converted = own.filter((visit) => visit.some(({ path }) => path === goal)).length;
      expect([code, rows.get(code)]).toEqual([
        code,
        [own.length, converted, share(converted, own.length, 2)],
      ]);
    }
    expect([...rows.values()].reduce((sum, [sessions = 0]) => sum + sessions, 0)).toBe(visits.length);
    const unknown = visits.filter(([{ country }]) => ["12", "43", "44", "45", "46", "47"].includes(country));
    expect(rows.get(null)?.[0]).toBe(unknown.length);
  });

  it("attribution gives every conversion to the one session that it is in", async () => {
    const goal = "/4/P1";
    const conversions = clicks.filter(({ path }) => path === goal).length;
    const answer = await warehouse.ask("attribution", `goal=${goal}`, "days=30");
    for (const which of [5, 6, 7])
      expect(answer.reduce((sum, row) => sum + Number(row[which]), 0)).toBeCloseTo(conversions, 1);
  });

  it("live is what came in the minutes up to a moment", async () => {
    const day = Date.UTC(2008, 3, 1);
    const until = day + 12 * 3_600_000 + 10 * 60_000;
    const timeOf = (click: Click) => click.day + 12 * 3_600_000 + click.order * 10_000;
    const recent = clicks.filter((click) => timeOf(click) <= until && timeOf(click) > until - 30 * 60_000);
    const expected = [...groups(recent, (click) => timeText(Math.floor(timeOf(click) / 60_000) * 60_000))]
      .sort()
      .reverse()
      .map(([minute, own]) => [minute, distinct(own.map(({ session }) => session)), own.length, own.length]);
    expect(expected.length).toBeGreaterThan(5);
    expect(await warehouse.ask("live", "until=2008-04-01T12:10:00")).toEqual(expected);
  });
});
