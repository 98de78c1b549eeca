import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ImportLedger } from "../../../cli/importing/ledger";

const receipt = { accepted: 2, failed: 1, duplicate: 0, batches: ["b"] };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the import ledger", () => {
  it("remembers what was acknowledged, for another run to go on from", () => {
    const first = new ImportLedger(folder, "file");
    first.acknowledge(0, receipt);
    first.acknowledge(2, receipt);
    const second = new ImportLedger(folder, "file");
    expect([0, 1, 2].map((batch) => second.receipt(batch)?.accepted)).toEqual([2, undefined, 2]);
    expect(second.finished).toBeUndefined();
  });

  it("knows a file that is through", () => {
    new ImportLedger(folder, "file").finish("access.log");
    expect(new ImportLedger(folder, "file").finished).toMatch(/^\d{4}-/);
    expect(new ImportLedger(folder, "other").finished).toBeUndefined();
  });

  it("reads past the torn end that a killed run left", () => {
    new ImportLedger(folder, "file").acknowledge(0, receipt);
    appendFileSync(join(folder, "file.ndjson"), '{"batch":1,"acc');
    const ledger = new ImportLedger(folder, "file");
    expect(ledger.receipt(0)).toMatchObject(receipt);
    expect(ledger.receipt(1)).toBeUndefined();
  });
});
