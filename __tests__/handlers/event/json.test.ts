import fc from "fast-check";
import { cleanJson, MAX_DEPTH, measure, stringifyDeep, TOO_DEEP } from "../../../handlers/event/json";

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value, b: 1 };
  return value;
}

describe("JSON for the warehouse", () => {
  it("hands back what is clean as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        const clean = cleanJson(JSON.parse(text));
        if (!text.includes("\\u0000")) expect(JSON.stringify(clean)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it("writes a number that JSON has no form for as text", () => {
    expect(cleanJson({ big: JSON.parse("1e999"), list: [Number.NaN, 1n] })).toEqual({
      big: "Infinity",
      list: ["NaN", "1"],
    });
  });

  it("cleans names as it cleans values", () => {
    expect(cleanJson({ "a\0": ["b\ud800"] })).toEqual({ a: ["b\ufffd"] });
  });

  it("goes so deep and no deeper", () => {
    expect(cleanJson(nested(MAX_DEPTH))).not.toBe(TOO_DEEP);
    expect(cleanJson(nested(MAX_DEPTH + 1))).toBe(TOO_DEEP);
    expect(measure(nested(MAX_DEPTH))).toBeGreaterThan(0);
    expect(measure(nested(MAX_DEPTH + 1))).toBeUndefined();
  });

  it("measures at least a sixth of a value's bytes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: "binary" }), (value) => {
        expect((measure(value) ?? 0) * 6).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(value)));
      }),
      { numRuns: 200 },
    );
  });

  it("writes what nests too deep for JSON.stringify", () => {
    const text = `${'{"a":[1,'.repeat(20_000)}{"b":"\\"","c":[]}${"]}".repeat(20_000)}`;
    expect(stringifyDeep(JSON.parse(text))).toBe(text);
  });
});
