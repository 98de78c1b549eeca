import { requestOf } from "../../../cli/replaying/request";
import { UserError } from "../../../cli/terminal";

const now = new Date("2026-11-23T12:00:00.000Z");
const call = (options: Readonly<Record<string, unknown>>, ...given: string[]) =>
  requestOf({ ...options, arguments: given }, now);

describe("what a replay is asked for", () => {
  it("is a span, up to now where it has no end", () => {
    expect(call({ from: "2d" })).toMatchObject({
      mode: "raw",
      from: new Date("2026-11-21T12:00:00.000Z"),
      until: now,
      replace: false,
      dryRun: false,
    });
    expect(call({ from: "2026-11-01", to: "2026-11-02", replace: true, "dry-run": true })).toMatchObject({
      until: new Date("2026-11-02T00:00:00.000Z"),
      replace: true,
      dryRun: true,
    });
  });

  it("needs no span for rejected events, undelivered records and a rebuild", () => {
    expect(call({ failed: true, reason: "too_deep" })).toMatchObject({ mode: "failed", reason: "too_deep" });
    expect(call({ undelivered: true })).toMatchObject({ mode: "undelivered" });
    expect(call({ rebuild: true, replace: true })).toMatchObject({ mode: "rebuild", replace: true });
  });

  it("is known again by its words, whatever the time is, and a dry run is no other", () => {
    const { id } = call({ from: "2d" });
    expect(requestOf({ from: "2d", arguments: [] }, new Date("2026-11-24T12:00:00.000Z")).id).toBe(id);
    expect(call({ from: "2d", "dry-run": true }).id).toBe(id);
    const others = [{ from: "3d" }, { from: "2d", replace: true }, { from: "2d", failed: true }];
    for (const other of others) expect(call(other).id).not.toBe(id);
  });

  it.each([
    [{}, "Say from when on"],
    [{ to: "1d" }, "Say from when on"],
    [{ from: "soon" }, "--from must be a time such as"],
    [{ from: "2d", to: "2026-02-30" }, "--to must be a time such as"],
    [{ from: "2026-11-24" }, "--from must lie in the past, got 2026-11-24T00:00:00.000Z"],
    [{ from: "1d", to: "2d" }, "--to must be later than --from, got --from 2026-11-22"],
    [{ from: "1d", to: "1d" }, "--to must be later than --from"],
    [{ failed: true, undelivered: true }, "--failed and --undelivered are two replays"],
    [{ from: "1d", reason: "too_deep" }, "--reason goes with --failed"],
    [{ failed: true, reason: "" }, "--reason must not be empty"],
    [{ failed: true, replace: true }, "--replace renews events that are there"],
    [{ failed: true, to: "1d" }, "--to goes with --from"],
    [{ undelivered: true, to: "1d" }, "--to goes with --from"],
    [{ rebuild: true, to: "1d" }, "--rebuild takes all there is"],
  ])("is refused with what is wrong: %j", (options, message) => {
    expect(() => call(options)).toThrow(UserError);
    expect(() => call(options)).toThrow(message);
  });

  it("takes options alone", () => {
    expect(() => call({ from: "1d" }, "raw/x.gz")).toThrow("takes options alone");
  });
});
