import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodeStore } from "../../../../local/lambda/execution/code";
import { zip } from "../zip";

let folder: string;
let store: CodeStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lambda-code-"));
  store = new CodeStore(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

test("unpacks a package once, under its hash, and keeps the zip", async () => {
  const archive = zip({ "index.mjs": "export {}", "data/rows.json": "[]" });
  const [first, second] = await Promise.all([store.add(archive), store.add(archive)]);
  expect(first).toEqual(second);
  expect(readFileSync(join(store.unpacked(first.sha256), "data/rows.json"), "utf8")).toBe("[]");
  expect(await store.zip(first.sha256)).toEqual(archive);
  expect(readdirSync(folder)).toHaveLength(2);
});

test("lays layers on top of each other in order", async () => {
  const one = await store.add(zip({ "a.txt": "1", "b.txt": "1" }));
  const two = await store.add(zip({ "b.txt": "2" }));
  const merged = await store.merged([one.sha256, two.sha256]);
  expect(readFileSync(join(merged, "a.txt"), "utf8")).toBe("1");
  expect(readFileSync(join(merged, "b.txt"), "utf8")).toBe("2");
});

test("removes packages that nothing uses", async () => {
  const used = await store.add(zip({ "a.txt": "1" }));
  const unused = await store.add(zip({ "a.txt": "2" }));
  await store.keepOnly(new Set([used.sha256]));
  expect(await store.zip(used.sha256)).toBeDefined();
  await expect(store.zip(unused.sha256)).rejects.toThrow("ENOENT");
});

test("refuses what is not a zip, and paths that lead out of the package", async () => {
  await expect(store.add(Buffer.from("not a zip"))).rejects.toMatchObject({
    code: "InvalidParameterValueException",
  });
  await expect(store.add(zip({ "../outside.txt": "x" }))).rejects.toThrow();
  expect(readdirSync(folder)).toEqual([]);
});

test("refuses a package that is larger than 250 MB once unpacked", async () => {
  const large = zip({ "a.txt": "1" });
  const entry = large.indexOf(Buffer.from("PK\x01\x02"));
  for (const size of [20, 24]) large.writeUInt32LE(262_144_001, entry + size); // what the entry says of itself
  await expect(new CodeStore(folder).add(large)).rejects.toThrow(
    "Unzipped size must be smaller than 262144000 bytes",
  );
});
