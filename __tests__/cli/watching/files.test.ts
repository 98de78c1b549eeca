import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FileWatch } from "../../../cli/watching/files";

let root: string;
let told: Set<string>;
let files: FileWatch;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "clickstream-files-")));
  mkdirSync(join(root, "handlers", "collect"), { recursive: true });
  writeFileSync(join(root, "handlers", "collect", "index.ts"), "1");
  mkdirSync(join(root, "other"));
  told = new Set();
  files = new FileWatch({
    root,
    names: new Set(["handlers", "main.ts"]),
    onChange: (path) => told.add(path),
    onError: (error) => {
      throw error;
    },
  });
});
afterEach(() => {
  files.close();
  rmSync(root, { recursive: true, force: true });
});

const at = (...path: string[]): string => join(root, ...path);

async function tells(path: string): Promise<void> {
  while (!told.has(path)) await sleep(5); // a test that waits in vain is ended by its runner
  told.clear();
}

describe("watching files", () => {
  it("tells of a file that is written, made, and deleted", async () => {
    writeFileSync(at("handlers", "collect", "index.ts"), "2");
    await tells("handlers/collect/index.ts");
    writeFileSync(at("handlers", "new.ts"), "1");
    await tells("handlers/new.ts");
    rmSync(at("handlers", "new.ts"));
    await tells("handlers/new.ts");
    writeFileSync(at("main.ts"), "1");
    await tells("main.ts");
  });

  it("goes on with a file that editors replace by another of its name", async () => {
    for (const content of ["2", "3", "4"]) {
      writeFileSync(at("handlers", "collect", ".index.ts.swp"), content);
      renameSync(at("handlers", "collect", ".index.ts.swp"), at("handlers", "collect", "index.ts"));
      await tells("handlers/collect/index.ts");
    }
  });

  it("follows new folders, with what was in them when they came", async () => {
    mkdirSync(at("other", "load", "deep"), { recursive: true });
    writeFileSync(at("other", "load", "deep", "a.ts"), "1");
    renameSync(at("other", "load"), at("handlers", "load"));
    await tells("handlers/load/deep/a.ts");
    writeFileSync(at("handlers", "load", "deep", "b.ts"), "1");
    await tells("handlers/load/deep/b.ts");
  });

  it("follows a folder that is deleted and made again, a watched one included", async () => {
    rmSync(at("handlers"), { recursive: true });
    await tells("handlers");
    mkdirSync(at("handlers", "collect"), { recursive: true });
    writeFileSync(at("handlers", "collect", "index.ts"), "2");
    await tells("handlers/collect/index.ts");
    writeFileSync(at("handlers", "collect", "index.ts"), "3");
    await tells("handlers/collect/index.ts");
  });

  it("says nothing of other folders, of hidden files and of installed packages", async () => {
    mkdirSync(at("handlers", "node_modules"));
    writeFileSync(at("other", "a.ts"), "1");
    writeFileSync(at("handlers", ".a.ts.swp"), "1");
    writeFileSync(at("handlers", "last.ts"), "1");
    while (!told.has("handlers/last.ts")) await sleep(5);
    expect([...told]).toEqual(["handlers/last.ts"]);
  });
});
