import { formatTime, isTimeZone } from "../../../../local/firehose/delivery/time-format";

const MOMENT = Date.UTC(2018, 7, 27, 10, 5, 9, 42);

test.each([
  ["yyyy", "2018"],
  ["yy", "18"],
  ["uuuu", "2018"],
  ["yyyy/MM/dd/HH", "2018/08/27/10"],
  ["M-d-H", "8-27-10"],
  ["MMM MMMM MMMMM", "Aug August A"],
  ["D DDD", "239 239"],
  ["E EEEE", "Mon Monday"],
  ["h a", "10 AM"],
  ["k K", "10 10"],
  ["mm:ss.SSS", "05:09.042"],
  ["SSSSSS", "042000"],
  ["Q QQQ", "3 Q3"],
  ["X xxx Z", "Z +00:00 +0000"],
  ["VV", "UTC"],
  ["'year='yyyy'/month='MM", "year=2018/month=08"],
  ["yyyy'T'HH' o''clock'", "2018T10 o'clock"],
  ["''yyyy", "'2018"],
])("formats %s as %s", (pattern, expected) => {
  expect(formatTime(pattern, MOMENT, "UTC")).toBe(expected);
});

test.each([
  ["2018-12-30", "2019-01"],
  ["2018-12-29", "2018-52"],
  ["2022-01-01", "2022-01"],
])("counts %s into week %s, so that YYYY is the year only most of the time", (day, expected) => {
  expect(formatTime("YYYY-ww", Date.parse(`${day}T12:00:00Z`), "UTC")).toBe(expected);
});

test("formats midnight and noon on every clock", () => {
  expect(formatTime("HH kk KK hh a", Date.UTC(2026, 0, 1, 0), "UTC")).toBe("00 24 00 12 AM");
  expect(formatTime("HH kk KK hh a", Date.UTC(2026, 0, 1, 12), "UTC")).toBe("12 12 00 12 PM");
});

test("tells the time of another zone, daylight saving included", () => {
  expect(formatTime("yyyy-MM-dd HH XXX", MOMENT, "Asia/Tokyo")).toBe("2018-08-27 19 +09:00");
  expect(formatTime("HH X", Date.UTC(2026, 0, 1, 12), "Europe/Berlin")).toBe("13 +01");
  expect(formatTime("HH X", Date.UTC(2026, 6, 1, 12), "Europe/Berlin")).toBe("14 +02");
  expect(formatTime("HH XX", Date.UTC(2026, 6, 1, 12), "Asia/Kolkata")).toBe("17 +0530");
});

test.each(["n", "yyyy{", "'open"])("refuses the pattern %s", (pattern) => {
  expect(() => formatTime(pattern, MOMENT, "UTC")).toThrow(RangeError);
});

test("knows time zones by their IANA names alone", () => {
  expect(["UTC", "Asia/Tokyo", "Mars/Olympus", "+09:00", ""].map(isTimeZone)).toEqual([
    ...[true, true, false, false, false],
  ]);
});
