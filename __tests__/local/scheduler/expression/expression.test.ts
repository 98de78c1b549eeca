import { nextOccurrence, parseExpression } from "../../../../local/scheduler/expression/expression";

/** The next occurrences after a moment, as ISO times. */
function occurrences(expression: string, after: string, count: number, zone = "UTC"): string[] {
  const parsed = parseExpression(expression);
  if (parsed === undefined) throw new Error(`${expression} is not valid`);
  const anchorMs = Date.parse("2026-01-01T00:00:30Z");
  const found: string[] = [];
  for (let ms = Date.parse(after); found.length < count; ) {
    const next = nextOccurrence(parsed, { zone, anchorMs }, ms);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 16));
    ms = next;
  }
  return found;
}

test.each([
  ["cron(0 10 * * ? *)", "2026-03-04T10:00Z", ["2026-03-05T10:00", "2026-03-06T10:00"]],
  ["cron(15 12 * * ? *)", "2026-03-04T05:06Z", ["2026-03-04T12:15"]],
  ["cron(0/15 * * * ? *)", "2026-03-04T05:31Z", ["2026-03-04T05:45", "2026-03-04T06:00"]],
  ["cron(*/20 8-9 * * ? *)", "2026-03-04T09:39Z", ["2026-03-04T09:40", "2026-03-05T08:00"]],
  ["cron(0-15/7 8-8 ? * 2,4 *)", "2026-03-04T08:10Z", ["2026-03-04T08:14", "2026-03-09T08:00"]],
  ["cron(0 18 ? * MON-FRI *)", "2026-03-06T18:00Z", ["2026-03-09T18:00"]],
  ["cron(0 8 1 * ? *)", "2026-03-04T00:00Z", ["2026-04-01T08:00", "2026-05-01T08:00"]],
  ["cron(0 0 31 * ? *)", "2026-03-31T00:00Z", ["2026-05-31T00:00", "2026-07-31T00:00"]],
  ["cron(0 0 29 FEB ? *)", "2026-03-04T00:00Z", ["2028-02-29T00:00"]],
  ["cron(0 5 L * ? *)", "2026-01-31T05:00Z", ["2026-02-28T05:00", "2026-03-31T05:00"]],
  ["cron(0 5 15W * ? *)", "2026-08-01T00:00Z", ["2026-08-14T05:00", "2026-09-15T05:00"]],
  ["cron(0 5 1W * ? *)", "2026-07-31T00:00Z", ["2026-08-03T05:00"]],
  ["cron(0 5 31W * ? *)", "2026-05-30T00:00Z", ["2026-07-31T05:00"]],
  ["cron(0 5 ? * L *)", "2026-03-04T00:00Z", ["2026-03-07T05:00"]],
  ["cron(0 5 ? * 6L *)", "2026-03-04T00:00Z", ["2026-03-27T05:00", "2026-04-24T05:00"]],
  ["cron(0 9 ? * 2#1 *)", "2026-03-04T00:00Z", ["2026-04-06T09:00"]],
  ["cron(0 9 ? * FRI#5 *)", "2026-03-04T00:00Z", ["2026-05-29T09:00"]],
  ["cron(0 0 1 1 ? 2027-2199/2)", "2026-03-04T00:00Z", ["2027-01-01T00:00", "2029-01-01T00:00"]],
  ["cron(0 0 1 1 ? 2026)", "2026-03-04T00:00Z", []],
  ["cron(0 0 31 2 ? *)", "2026-03-04T00:00Z", []],
])("%s is next due after %s at %j", (expression, after, expected) => {
  expect(occurrences(expression, after, Math.max(1, expected.length))).toEqual(expected);
});

test.each([
  ["a zone's own time", "cron(0 9 * * ? *)", "Asia/Tokyo", "2026-03-04T00:00Z", ["2026-03-05T00:00"]],
  [
    "the same wall time before and after the clock changes",
    ...["cron(0 9 * * ? *)", "Europe/Berlin", "2026-03-28T00:00Z"],
    ["2026-03-28T08:00", "2026-03-29T07:00"],
  ],
  [
    "nothing at a time that the clock is put forward over",
    ...["cron(30 2 * * ? *)", "America/New_York", "2026-03-07T00:00Z"],
    ["2026-03-07T07:30", "2026-03-09T06:30"],
  ],
  [
    "a time that the clock shows twice only once",
    ...["cron(30 1 * * ? *)", "America/New_York", "2026-11-01T00:00Z"],
    ["2026-11-01T05:30", "2026-11-02T06:30"],
  ],
  [
    "no minute of the repeated hour a second time",
    ...["cron(0/30 * * * ? *)", "America/New_York", "2026-11-01T05:00Z"],
    ["2026-11-01T05:30", "2026-11-01T07:00"],
  ],
] as [string, string, string, string, string[]][])("means %s", (_, expression, zone, after, expected) => {
  expect(occurrences(expression, after, expected.length, zone)).toEqual(expected);
});

test("a rate is due when it begins and then every period, whatever the clocks do", () => {
  expect(occurrences("rate(5 minutes)", "2025-12-31T00:00Z", 3)).toEqual([
    ...["2026-01-01T00:00", "2026-01-01T00:05", "2026-01-01T00:10"],
  ]);
  expect(occurrences("rate(1 day)", "2026-03-28T12:00Z", 2, "Europe/Berlin")).toEqual([
    ...["2026-03-29T00:00", "2026-03-30T00:00"],
  ]);
});

test("an at is due once, in its zone", () => {
  expect(occurrences("at(2026-07-01T09:00:00)", "2026-03-04T00:00Z", 2, "Europe/Berlin")).toEqual([
    "2026-07-01T07:00",
  ]);
  expect(occurrences("at(2026-03-29T02:30:00)", "2026-03-04T00:00Z", 1, "Europe/Berlin")).toEqual([
    "2026-03-29T01:30",
  ]);
  expect(occurrences("at(2026-03-01T00:00:00)", "2026-03-04T00:00Z", 1)).toEqual([]);
});

test("nothing recurring is due before the start or after the end", () => {
  const parsed = parseExpression("rate(1 hour)");
  if (parsed === undefined) throw new Error("not valid");
  const startMs = Date.parse("2026-03-04T00:00Z");
  const timing = { zone: "UTC", anchorMs: startMs, startMs, endMs: startMs + 3_600_000 };
  expect(nextOccurrence(parsed, timing, 0)).toBe(startMs);
  expect(nextOccurrence(parsed, timing, startMs)).toBe(startMs + 3_600_000);
  expect(nextOccurrence(parsed, timing, startMs + 3_600_000)).toBeUndefined();
});

test.each([
  ...["", "cron()", "cron(* * * * *)", "cron(* * * * * *)", "cron(* * ? * ? *)", "cron(0 10 * * ? * *)"],
  ...["cron(60 * * * ? *)", "cron(* 24 * * ? *)", "cron(* * 0 * ? *)", "cron(* * 32 * ? *)"],
  ...["cron(* * * 13 ? *)", "cron(* * ? * 0 *)", "cron(* * ? * 8 *)", "cron(* * * * ? 1969)"],
  ...["cron(5-1 * * * ? *)", "cron(*/0 * * * ? *)", "cron(1,,2 * * * ? *)", "cron(* * ? * MON#6 *)"],
  ...["cron(* * 0W * ? *)", "cron(* * LW * ? *)", "cron(x * * * ? *)", "cron(1-2-3 * * * ? *)"],
  ...["rate(0 minutes)", "rate(5)", "rate(-1 hour)", "rate(5 weeks)", "rate(1.5 hours)", "rate(5minutes)"],
  ...["at(2026-02-30T00:00:00)", "at(2026-01-01)", "at(2026-01-01 00:00:00)", "at(2026-01-01T24:00:00)"],
  ...["every(5 minutes)", "rate(5 minutes) ", "0 10 * * ? *"],
])("%j is not an expression", (expression) => {
  expect(parseExpression(expression)).toBeUndefined();
});
