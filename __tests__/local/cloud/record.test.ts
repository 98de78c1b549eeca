import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudAlreadyRunning, readCloud } from "../../../local/cloud";
import { startOf } from "../../../local/cloud/identity";
import { CloudRecord } from "../../../local/cloud/record";

const gatewayUrl = "http://127.0.0.1:20000";
let stateRoot: string;

beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), "record-"));
});

afterEach(() => rmSync(stateRoot, { recursive: true, force: true }));

describe("the record of a running cloud", () => {
  it("is a lock while its process runs", () => {
    const { record, left } = CloudRecord.claim(stateRoot, gatewayUrl);
    expect(left).toBeUndefined();
    expect(() => CloudRecord.claim(stateRoot, gatewayUrl)).toThrow(CloudAlreadyRunning);
    record.release();
    const next = CloudRecord.claim(stateRoot, gatewayUrl).record;
    record.release();
    expect(readCloud(stateRoot)).toEqual(next.info);
    next.release();
    expect(readCloud(stateRoot)).toBeUndefined();
  });

  it.each([
    ["has ended", { pid: 2 ** 30, started: "1" }],
    ["has ended and left its id to another one", { pid: process.pid, started: "long ago" }],
  ])("counts for nothing when its process %s", (_what, owner) => {
    const info = { ...owner, since: "2026-11-23T00:00:00.000Z", gatewayUrl, processes: [] };
    writeFileSync(join(stateRoot, "cloud.json"), JSON.stringify(info));
    expect(readCloud(stateRoot)).toBeUndefined();
    const { record, left } = CloudRecord.claim(stateRoot, gatewayUrl);
    expect(left).toEqual(info);
    expect(readCloud(stateRoot)).toMatchObject({ pid: process.pid, started: startOf(process.pid) });
    record.release();
  });

  it("counts for nothing when it was never written whole", () => {
    writeFileSync(join(stateRoot, "cloud.json"), '{"pid":');
    expect(readCloud(stateRoot)).toBeUndefined();
    CloudRecord.claim(stateRoot, gatewayUrl).record.release();
  });
});
