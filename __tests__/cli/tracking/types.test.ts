import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eventFile, planFolder, propertiesOf } from "../../support/plan-folder";

const projectRoot = join(__dirname, "..", "..", "..");
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: projectRoot, encoding: "utf8" });

/** Calls, each with whether the compiler must take it. */
const calls: readonly (readonly [call: string, taken: boolean])[] = [
  ['track("Bought", { order: "o-1", price: 7.5 })', true],
  ['track("Bought", { order: "o-1", price: 7.5, size: "M", lines: [{ product: "assam" }] })', true],
  ['track("Bought", { order: "o-1", price: 7.5, more: "what the plan does not name" })', true],
  ['track("Signed Up")', true],
  ['track("Signed Up", { plan: "gold" })', true],
  ['page("Cart", { any: "properties" })', true],
  ['track("Bougt", { order: "o-1", price: 7.5 })', false],
  ['track("Bought", { order: "o-1" })', false],
  ['track("Bought")', false],
  ['track("Bought", { order: "o-1", price: "7.50" })', false],
  ['track("Bought", { order: "o-1", price: 7.5, size: "XXL" })', false],
  ['track("Bought", { order: "o-1", price: 7.5, lines: [{ quantity: 1 }] })', false],
  ['track("Signed Up", { plan: 1 })', false],
];

describe("the snippet's types", () => {
  it("have the compiler take calls that keep to the plan, and refuse all others", () => {
    const line = { type: "object", required: ["product"], properties: { product: { type: "string" } } };
    const bought = {
      order: { type: "string" },
      price: { type: "number" },
      size: { enum: ["S", "M"] },
      lines: { type: "array", items: line },
    };
    const root = planFolder({
      "bought.json": eventFile("Bought", {
        1: propertiesOf({ order: { type: "number" } }),
        2: propertiesOf(bought, ["order", "price"]),
      }),
      "signed-up.json": eventFile("Signed Up", { 1: propertiesOf({ plan: { type: "string" } }) }),
    });
    mkdirSync(join(root, "browser"));
    const script = join(__dirname, "fixtures", "review.ts");
    const [{ types }] = JSON.parse(run("--import", require.resolve("tsx"), script, root).stdout);
    writeFileSync(join(root, "browser", "plan.ts"), types);
    copyFileSync(join(projectRoot, "browser", "types.ts"), join(root, "browser", "types.ts"));
    const head = [
      'import "./plan";',
      'import type { Clickstream } from "./types";',
      "declare const clickstream: Clickstream;",
      "const { track, page } = clickstream;",
    ];
    writeFileSync(
      join(root, "browser", "calls.ts"),
      [...head, ...calls.map(([call]) => `${call};`)].join("\n"),
    );
    const config = { extends: join(projectRoot, "browser", "tsconfig.json"), include: ["."] };
    writeFileSync(join(root, "browser", "tsconfig.json"), JSON.stringify(config));

    const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
    const { stdout } = run(tsc, "--project", join(root, "browser"));
    const refused = new Set(
      [...stdout.matchAll(/calls\.ts\((\d+),/g)].map(([, number]) => Number(number) - head.length - 1),
    );
    expect(stdout).not.toMatch(/(plan|types)\.ts\(/);
    expect(calls.map(([call], at) => [call, !refused.has(at)])).toEqual(calls);
  });
});
