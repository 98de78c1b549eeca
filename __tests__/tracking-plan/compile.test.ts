import { join } from "node:path";
import { compilePlan, loadPlan } from "../../tracking-plan/build/compile";
import { eventFile, planFolder, propertiesOf } from "../support/plan-folder";

describe("the compiled plan", () => {
  it("is a module of plain functions: no code is made from text in it", () => {
    const root = planFolder({
      "e.json": eventFile("E", {
        1: propertiesOf({
          at: { type: "string", format: "date-time" },
          list: { type: "array", uniqueItems: true, items: { enum: [{ a: 1 }, "😀"] } },
          text: { type: "string", maxLength: 3, pattern: "^\\p{L}+$" },
        }),
      }),
    });
    const code = Buffer.from(compilePlan(root).code).toString();
    // ajv's helpers say in a text how they are required; nothing requires anything.
    expect(code.replaceAll(/'require\([^']*'/g, "")).not.toMatch(/\b(eval|Function|require|import)\b/);
    const versions = loadPlan(root).track?.get("E")?.versions;
    const properties = versions?.[0].properties;
    expect(properties?.({ at: "2026-11-01T10:00:00Z", list: [{ a: 1 }, "😀"], text: "äöü" })).toBe(true);
    expect(properties?.({ at: "yesterday" })).toBe(false);
    expect(properties?.({ list: [{ a: 1 }, { a: 1 }] })).toBe(false);
    expect(properties?.({ text: "😀" })).toBe(false);
  });

  it("is the same wherever it is made, and names what it is made from", () => {
    const files = { "e.json": eventFile("E", { 1: propertiesOf({ a: { type: "string", minLength: 2 } }) }) };
    const one = compilePlan(planFolder(files));
    expect(Buffer.from(compilePlan(planFolder(files)).code)).toEqual(Buffer.from(one.code));
    expect(one.modules).toEqual(["tracking-plan/e.json"]);
  });

  it("of no files names no event", () => {
    expect(loadPlan(join(__dirname, "nowhere"))).toEqual({});
  });
});
