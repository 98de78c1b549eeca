import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { dictionaryFile } from "../../../cli/tracking/generated";
import { readSoundPlan } from "../../../tracking-plan/build/read";
import { eventFile, planFolder, propertiesOf } from "../../support/plan-folder";

const projectRoot = join(__dirname, "..", "..", "..");

interface Reviewed {
  readonly sentences: readonly string[];
  readonly types: string;
}

/** How the plans of folders stand, by the names they are given. */
async function review<Name extends string>(
  roots: Readonly<Record<Name, string>>,
): Promise<Record<Name, Reviewed>> {
  const script = join(__dirname, "fixtures", "review.ts");
  const args = ["--import", require.resolve("tsx"), script, ...Object.values<string>(roots)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: projectRoot });
  const reviews = JSON.parse(stdout) as Reviewed[];
  return Object.fromEntries(Object.keys(roots).map((name, at) => [name, reviews[at]])) as Record<
    Name,
    Reviewed
  >;
}

describe("the data dictionary", () => {
  it("is as the columns and the plan have it: npm run schema -- --dictionary writes it", () => {
    const { path, text } = dictionaryFile(readSoundPlan(projectRoot));
    expect(readFileSync(join(projectRoot, path), "utf8")).toBe(text);
  });
});

describe("a plan's review", () => {
  const line = (type: string) => ({
    properties: {
      type: "object",
      properties: { order_id: {}, line: { $ref: "#/definitions/line" } },
      definitions: { line: { type: "object", required: ["a"], properties: { a: { type } } } },
    },
  });
  const before = propertiesOf({ order_id: { type: "string" } });
  const after = propertiesOf({ order_id: { type: "string" } }, ["order_id"]);
  let reviewed: Record<"fresh" | "broken" | "unreadable", Reviewed>;
  beforeAll(async () => {
    reviewed = await review({
      fresh: planFolder({
        "o.json": eventFile("Order Completed", { 1: line("number"), 2: line("string") }),
        "c.json": eventFile("C", { 1: line("integer") }),
        "p.json": eventFile("Page", { 1: line("integer") }, { type: "page" }),
      }),
      broken: planFolder({
        "e.json": eventFile("Order Completed", { 1: after }),
        "plan.lock.json": { "track:Order Completed": { 1: before } },
      }),
      unreadable: planFolder({ "e.json": "{", "plan.lock.json": { "track:Gone": { 1: {} } } }),
    });
  });

  it("says what derives from the plan and is not as the plan has it", () => {
    expect(reviewed.fresh.sentences).toEqual([
      "Not as the tracking plan has it: tracking-plan/plan.lock.json, browser/plan.ts, docs/data-dictionary.md. Run: npm run schema -- --accept",
    ]);
  });

  it("has types of each tracked event's newest version, and tells parts of one name apart", () => {
    const { types } = reviewed.fresh;
    expect(types.replaceAll(/\s+/g, " ")).toContain(
      'export interface Plan { C: C "Order Completed": OrderCompleted }',
    );
    expect(types).not.toContain("Page");
    expect(types).toMatch(/interface Line \{\s*a: number/);
    expect(types).toMatch(/interface Line1 \{\s*a: string/);
  });

  it("says first what breaks, and what to do", () => {
    expect(reviewed.broken.sentences).toEqual([
      'track:Order Completed, version 1, /properties/required: "order_id" is required now',
      expect.stringMatching(/write the change as a new one with a higher number/),
    ]);
  });

  it("says of a file that cannot be read that alone", () => {
    expect(reviewed.unreadable.sentences).toEqual([
      expect.stringContaining("tracking-plan/e.json# must be JSON"),
    ]);
  });
});
