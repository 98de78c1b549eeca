import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entriesOfZip } from "../../../local/setup/unzip";
import { archiveHandlers, bundleHandlers, handlerNames } from "../../../stacks/functions/bundle";

const projectRoot = join(__dirname, "..", "..", "..");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clickstream-bundle-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A project with handlers that do next to nothing. */
function project(name: string, text = "hello", sql = "select 1"): string {
  const root = join(folder, name);
  for (const handler of handlerNames) {
    mkdirSync(join(root, "handlers", handler), { recursive: true });
    writeFileSync(
      join(root, "handlers", handler, "index.ts"),
      `const text: string = "${text}";\nexport const handler = async () => text;\n`,
    );
  }
  mkdirSync(join(root, "browser", "snippet"), { recursive: true });
  writeFileSync(join(root, "browser", "snippet", "index.ts"), "window.clickstream = [];\n");
  for (const part of ["load", "migrations", "models", "replay", "sessions"])
    mkdirSync(join(root, "sql", part), { recursive: true });
  writeFileSync(join(root, "sql", "load", "1_stage.sql"), "select 0");
  writeFileSync(join(root, "sql", "sessions", "2_merge.sql"), "select 1");
  writeFileSync(join(root, "sql", "migrations", "V001__create_events.sql"), sql);
  return root;
}

async function namesIn(path: string): Promise<string[]> {
  return (await entriesOfZip(readFileSync(path))).map(({ name }) => name);
}

describe("bundles", () => {
  it("hold one module, and of sql/ what the function runs", async () => {
    const { functions } = bundleHandlers(project("one"), join(folder, "out"));
    expect(await namesIn(functions.collect.path)).toEqual(["clickstream.js", "index.mjs"]);
    expect(await namesIn(functions.transform.path)).toEqual(["index.mjs", "plan.mjs"]);
    expect(await namesIn(functions.load.path)).toEqual([
      "index.mjs",
      "sql/load/1_stage.sql",
      "sql/sessions/2_merge.sql",
    ]);
    expect(await namesIn(functions.migrate.path)).toEqual([
      "index.mjs",
      "sql/migrations/V001__create_events.sql",
      "sql/sessions/2_merge.sql",
    ]);
  });

  it("of what is held to the tracking plan have another hash when the plan changes, and fail with a plan that is wrong", () => {
    const root = project("one");
    const before = bundleHandlers(root, join(folder, "out"));
    mkdirSync(join(root, "tracking-plan"));
    const path = join(root, "tracking-plan", "bought.json");
    writeFileSync(path, '{"event":"Bought","owner":"a","description":"b","versions":{"1":{}}}');
    const after = bundleHandlers(root, join(folder, "out"));
    expect(after.functions.transform.sha256).not.toBe(before.functions.transform.sha256);
    expect(after.functions.collect.sha256).toBe(before.functions.collect.sha256);
    expect(archiveHandlers(root).modules).toContain("tracking-plan/bought.json");
    writeFileSync(path, "{}");
    expect(() => bundleHandlers(root, join(folder, "out"))).toThrow(
      "tracking-plan/bought.json#/event must be there",
    );
  });

  it("are the same wherever they are made", () => {
    const here = bundleHandlers(project("one"), join(folder, "here"));
    const there = bundleHandlers(project("other"), join(folder, "there"));
    for (const name of handlerNames) expect(there.functions[name].sha256).toBe(here.functions[name].sha256);
    expect(there.sqlHash).toBe(here.sqlHash);
  });

  it("have another hash when the code changes, and the migration another when its SQL does", () => {
    const before = bundleHandlers(project("one"), join(folder, "out"));
    const code = bundleHandlers(project("one", "good bye"), join(folder, "out"));
    expect(code.functions.collect.sha256).not.toBe(before.functions.collect.sha256);
    expect(code.sqlHash).toBe(before.sqlHash);
    const sql = bundleHandlers(project("one", "hello", "select 2"), join(folder, "out"));
    expect(sql.functions.collect.sha256).toBe(before.functions.collect.sha256);
    expect(sql.functions.migrate.sha256).not.toBe(before.functions.migrate.sha256);
    expect(sql.sqlHash).not.toBe(before.sqlHash);
  });
});

describe("the project's bundles", () => {
  it("are small: collect under 200 KB zipped, the others under 300", () => {
    const { functions } = bundleHandlers(projectRoot, folder);
    for (const name of handlerNames)
      expect([name, statSync(functions[name].path).size / 1000 < (name === "collect" ? 200 : 300)]).toEqual([
        name,
        true,
      ]);
  });
});
