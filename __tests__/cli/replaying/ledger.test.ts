import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReplayLedger, UnwrittenLedger } from "../../../cli/replaying/ledger";
import { nothing } from "../../../handlers/replay/task";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clickstream-replays-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let begun = 0;
const open = (id = "r") =>
  ReplayLedger.open(join(folder, "local"), { id }, () => ({ started: `${++begun}`, from: `from ${begun}` }));

describe("the ledger of a replay", () => {
  it("goes on with what was begun, and with what was done, until it is finished", () => {
    const first = open();
    first.write("a", { ...nothing, events: 2, files: ["f"], problems: ["p"] });
    expect(first.resumed).toBe(false);
    const second = open();
    expect(second).toMatchObject({ resumed: true, begun: first.begun });
    second.write("b", { ...nothing, events: 3, settled: 1, files: ["g"] });
    expect(open().of("a")).toMatchObject({ events: 2 });
    expect(open().total()).toEqual({ ...nothing, events: 5, settled: 1, files: ["f", "g"], problems: ["p"] });
    expect(open("other").of("a")).toBeUndefined();
    open().finish();
    expect(existsSync(first.path)).toBe(false);
    expect(open()).toMatchObject({ resumed: false });
  });

  it("forgets a line that a killed run left torn, and nothing else", () => {
    const ledger = open();
    ledger.write("a", { ...nothing, events: 1 });
    appendFileSync(ledger.path, '\n{"chunk":"b","done":{"ev');
    open().write("c", { ...nothing, events: 4 });
    expect(open().total().events).toBe(5);
    expect(open().of("b")).toBeUndefined();
  });

  it("begins anew where not even the beginning was written down", () => {
    const { path } = open();
    const text = readFileSync(path, "utf8").slice(0, 9);
    rmSync(path);
    appendFileSync(path, text);
    expect(open().resumed).toBe(false);
    expect(open().resumed).toBe(true);
  });

  it("is not written for a dry run", () => {
    const ledger = new UnwrittenLedger({ started: "now" });
    ledger.write("a", { ...nothing, events: 1 });
    expect(ledger.total().events).toBe(1);
    expect(existsSync(join(folder, "local"))).toBe(false);
  });
});
