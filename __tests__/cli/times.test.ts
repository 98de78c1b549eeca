import { UserError } from "../../cli/terminal";
import { pointInTime } from "../../cli/times";

const now = new Date("2026-11-23T12:00:00.000Z");

describe("a point in time given to a verb", () => {
  it.each([
    ["2026-11-20", "2026-11-20T00:00:00.000Z"],
    ["2026-11-20T09:30", "2026-11-20T09:30:00.000Z"],
    ["2026-11-20T09:30+02:00", "2026-11-20T07:30:00.000Z"],
    ["30m", "2026-11-23T11:30:00.000Z"],
    ["24h", "2026-11-22T12:00:00.000Z"],
    ["7d", "2026-11-16T12:00:00.000Z"],
  ])("reads %s as %s", (text, expected) => {
    expect(pointInTime(text, "--since", now).toISOString()).toBe(expected);
  });

  it.each(["", "yesterday", "2026-02-30", "2026-13-01", "7w", "-3d", "1234567d"])(
    "refuses %s with what it takes",
    (text) => {
      expect(() => pointInTime(text, "--since", now)).toThrow(UserError);
      expect(() => pointInTime(text, "--since", now)).toThrow(/--since must be a time such as 2026-11-23/);
    },
  );
});
