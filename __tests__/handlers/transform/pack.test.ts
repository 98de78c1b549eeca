import fc from "fast-check";
import { callsOf, limits, MAX_LINE_BYTES, packLines } from "../../../handlers/transform/pack";

describe("packing lines", () => {
  it("joins them by newlines, and ends in none", () => {
    expect(packLines(["a", "é", "c"]).map(String)).toEqual(["a\né\nc"]);
    expect(packLines([])).toEqual([]);
  });

  it("fills a record to its limit, counting the newline that the delivery stream adds", () => {
    const first = "x".repeat(500_000);
    const rest = MAX_LINE_BYTES - first.length - 1;
    expect(packLines([first, "y".repeat(rest)]).map(({ length }) => length)).toEqual([
      limits.recordBytes - 1,
    ]);
    expect(packLines([first, "y".repeat(rest + 1)])).toHaveLength(2);
    expect(packLines(["x".repeat(MAX_LINE_BYTES), "y"]).map(({ length }) => length)).toEqual([
      MAX_LINE_BYTES,
      1,
    ]);
  });

  it("keeps every line, in order, in records within the limit", () => {
    const lines = fc.array(
      fc
        .tuple(fc.constantFrom("a", "é", "😀"), fc.integer({ min: 1, max: 300_000 }))
        .map(([unit, bytes]) => unit.repeat(Math.ceil(bytes / Buffer.byteLength(unit)))),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, (given) => {
        const records = packLines(given);
        for (const { length } of records) expect(length).toBeLessThan(limits.recordBytes);
        expect(records.map(String).join("\n")).toBe(given.join("\n"));
      }),
      { numRuns: 30 },
    );
  });
});

describe("dividing records into calls", () => {
  it("puts at most 500 records into one", () => {
    const records = Array.from({ length: 1_001 }, () => Buffer.from("x"));
    expect(callsOf(records).map(({ length }) => length)).toEqual([500, 500, 1]);
  });

  it("puts at most 4 MiB into one", () => {
    const records = Array.from({ length: 9 }, () => Buffer.alloc(limits.recordBytes));
    expect(callsOf(records).map(({ length }) => length)).toEqual([4, 4, 1]);
  });
});
