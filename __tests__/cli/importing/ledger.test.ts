import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImportLedger } from "../../../cli/importing/ledger";

const receipt = { accepted: 2, failed: 1, duplicate: 0, batches: ["b"] };
const first = { after: "", last: "a" };
const second = { after: "a", last: "b" };
const third = { after: "b", last: "c" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (head = "file", settings = "combined"): ImportLedger => new ImportLedger(folder, head, settings);

describe("the import ledger", () => {
  it("remembers what was acknowledged, for another run to go on from", () => {
    const ledger = open();
    ledger.acknowledge(first, receipt);
    ledger.acknowledge(third, receipt);
    const again = open();
    expect([first, second, third].map((span) => again.receipt(span)?.accepted)).toEqual([2, undefined, 2]);
    expect(again.finishedAt("c")).toBeUndefined();
  });

  it("knows a file that is through, and that it has grown since", () => {
    open().finish("access.log", "c");
    expect(open().finishedAt("c")).toMatch(/^\d{4}-/);
    expect(open().finishedAt("d")).toBeUndefined();
    expect(open("other").finishedAt("c")).toBeUndefined();
  });

  it("reads past the torn end that a killed run left, and writes behind it", () => {
    open().acknowledge(first, receipt);
    appendFileSync(join(folder, "file.ndjson"), '{"after":"a","acc');
    open().acknowledge(second, receipt);
    expect([first, second].map((span) => open().receipt(span)?.failed)).toEqual([1, 1]);
  });

  it("refuses that the same lines are read otherwise than they were sent", () => {
    open().acknowledge(first, receipt);
    expect(() => open().checkSettings(first)).not.toThrow();
    expect(() => open("file", "common").checkSettings(second)).not.toThrow();
    expect(() => open("file", "common").checkSettings(first)).toThrow("another --format, --map or --site");
  });
});
