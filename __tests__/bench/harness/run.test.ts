import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Case, Sample } from "../../../bench/harness/case";
import { runCases } from "../../../bench/harness/run";

let folder: string;
let said: string[];
let interrupted: AbortController;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clickstream-bench-"));
  said = [];
  interrupted = new AbortController();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...prepares: Case["prepare"][]) {
  const cases = prepares.map((prepare, index) => ({
    name: `group/${index}`,
    case: {
      summary: "",
      unit: "times/s",
      target: { of: "value", bound: "at least", is: 2 },
      prepare,
    } satisfies Case,
  }));
  const { signal } = interrupted;
  return runCases(cases, { folder, signal, say: (name, what) => said.push(`${name}: ${what}`) });
}

describe("running cases", () => {
  it("measures each three times, and cleans up behind it", async () => {
    const undone: string[] = [];
    let used = "";
    const results = await run(async (bench: Bench) => {
      used = bench.folder();
      bench.defer(() => void undone.push("first"));
      bench.defer(() => void undone.push("second"));
      const values = [1, 3, 2];
      return () => ({ value: values.shift() ?? 0, limit: 4 });
    });
    expect(results).toEqual([
      { name: "group/0", value: 2, unit: "times/s", limit: 4, ratio: 0.5, target: 2, holds: true },
    ]);
    expect(undone).toEqual(["second", "first"]);
    expect(existsSync(used)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("goes on after a case that cannot be measured, which does not hold", async () => {
    let undone = false;
    const results = await run(
      async ({ defer }) => {
        defer(() => {
          undone = true;
        });
        throw new Error("there is no disk");
      },
      async () => () => ({ value: 5, limit: 5 }),
    );
    expect(results.map(({ value, holds }) => [value, holds])).toEqual([
      [null, false],
      [5, true],
    ]);
    expect(said).toContain("group/0: could not be measured: there is no disk");
    expect(undone).toBe(true);
  });

  it("ends at once when it is interrupted, and cleans up all the same", async () => {
    let undone = false;
    const running = run(async ({ defer, folder: own }) => {
      own();
      defer(() => {
        undone = true;
      });
      return () => {
        interrupted.abort();
        return new Promise<Sample>(() => undefined); // never ends by itself
      };
    });
    await expect(running).rejects.toThrow("aborted");
    expect(undone).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });
});
