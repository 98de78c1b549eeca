import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { inputsOf } from "../../../../cli/importing/input/files";
import { type Line, linesOf } from "../../../../cli/importing/input/lines";
import { unpacked } from "../../../../cli/importing/input/unpack";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "import-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunksOf(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const text = async (bytes: Uint8Array, size?: number) =>
  Buffer.concat(await all(unpacked(chunksOf(bytes, size), "the file"))).toString();

/** "one\ntwo\n", by the zstd program: a frame with a checksum. */
const ZSTD = Buffer.from("KLUv/QRYQQAAb25lCnR3bwrmpg5A", "base64");
const ZSTD_ONE = Buffer.from("KLUv/QRYIQAAb25lCt8WaAk=", "base64");
const ZSTD_TWO = Buffer.from("KLUv/QRYIQAAdHdvCg8tBPk=", "base64");

describe("the lines of text", () => {
  it.each([
    ["ends with a newline", "a\nb\n", ["a", "b"]],
    ["ends without one", "a\nb", ["a", "b"]],
    ["has Windows' line ends", "a\r\nb\r\n", ["a", "b"]],
    ["has an empty line", "a\n\nb\n", ["a", "", "b"]],
    ["is empty", "", []],
    ["begins with a byte order mark", "\uFEFFa\n", ["a"]],
    ["has characters of many bytes", "ä€😀\nü", ["ä€😀", "ü"]],
  ])("are all read when it %s", async (_, contents, expected) => {
    for (const size of [1, 3, 1_000]) {
      const lines = await all(linesOf(chunksOf(Buffer.from(contents), size)));
      expect(lines).toEqual(expected.map((line, at): Line => ({ number: at + 1, text: line })));
    }
  });

  it("are cut where no event can be so long, and the next one is whole", async () => {
    const contents = Buffer.from(`a\n${"x".repeat(1_000_000)}\nb\n`);
    const [one, long, other, ...none] = await all(linesOf(chunksOf(contents, 64 * 1024)));
    expect([one, other, none]).toEqual([{ number: 1, text: "a" }, { number: 3, text: "b" }, []]);
    expect(long).toMatchObject({ number: 2, cut: "line 2 has 1000000 characters, 262144 at most are read" });
    expect(long?.text.length).toBeLessThan(100_000);
  });
});

describe("what is packed", () => {
  it.each([
    ["plain", Buffer.from("one\ntwo\n")],
    ["gzip", gzipSync("one\ntwo\n")],
    ["gzip of two members", Buffer.concat([gzipSync("one\n"), gzipSync("two\n")])],
    ["zstd", ZSTD],
    ["zstd of two frames", Buffer.concat([ZSTD_ONE, ZSTD_TWO])],
  ])("is told by its first bytes: %s", async (_, bytes) => {
    for (const size of [1, 5, 1_000]) expect(await text(bytes, size)).toBe("one\ntwo\n");
  });

  it("may be less than a signature", async () => {
    expect([await text(Buffer.from("a")), await text(Buffer.from(""))]).toEqual(["a", ""]);
  });

  it.each([
    [
      "gzip that is cut off",
      gzipSync("one\ntwo\n".repeat(100)).subarray(0, 30),
      "gzip that cannot be unpacked to its end",
    ],
    ["zstd that is cut off", ZSTD.subarray(0, 14), "zstd that cannot be unpacked to its end"],
    ["zip", Buffer.from("PK\u0003\u0004more"), "is zip: what is imported must be"],
    ["UTF-16", Buffer.from("\uFEFFa", "utf16le"), "is UTF-16: what is imported must be"],
  ])("is refused by name when it is %s", async (_, bytes, why) => {
    await expect(text(bytes)).rejects.toThrow(`the file ${why.startsWith("is") ? why : `is ${why}`}`);
  });
});

describe("the files that arguments name", () => {
  beforeAll(() => {
    mkdirSync(join(folder, "logs"));
    for (const name of ["b.log", "a.log", "c.txt", "odd [1].log"])
      writeFileSync(join(folder, "logs", name), name);
    symlinkSync(join(folder, "logs", "a.log"), join(folder, "again.log"));
  });
  const names = async (...given: readonly string[]) =>
    (await inputsOf(given, folder)).map(({ name }) => name);

  it("are those of a pattern in order, and each once", async () => {
    expect(await names("logs/*.log")).toEqual(["logs/a.log", "logs/b.log", "logs/odd [1].log"]);
    expect(await names("logs/{a,c}.*", "logs/b.log", "logs/a.log", "again.log")).toEqual([
      ...["again.log", "logs/c.txt", "logs/b.log"],
    ]);
    expect(await names("logs/odd [1].log", "-")).toEqual(["logs/odd [1].log", "standard input"]);
  });

  it("have a size and are read whole", async () => {
    const [input] = await inputsOf(["logs/a.log"], folder);
    let bytes = 0;
    const chunks = await all(input?.open((more) => (bytes += more)) ?? chunksOf(Buffer.from("")));
    expect([input?.sizeBytes, bytes, Buffer.concat(chunks).toString()]).toEqual([5, 5, "a.log"]);
  });

  it.each([
    [[], "Name what to import"],
    [["none.log"], "There is no file"],
    [["logs/*.gz"], "No file matches logs/*.gz"],
    [["logs"], 'logs is a folder: name its files, for example "logs/*"'],
  ])("must exist: %j", async (given, why) => {
    await expect(inputsOf(given, folder)).rejects.toThrow(why);
  });
});
