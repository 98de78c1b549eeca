import { readSources, readTtlDays } from "../../../handlers/collect/sources";

const source = { name: "web", kind: "browser", writeKeys: ["a", "b"] };

describe("the collector's sources", () => {
  it("are found by any of their keys", () => {
    const sources = readSources(JSON.stringify([source]));
    expect([sources.get("a"), sources.get("b"), sources.get("toString")]).toEqual([
      source,
      source,
      undefined,
    ]);
  });

  it.each([
    ["no list", { ...source }, "must be a list"],
    ["a kind that is none", [{ ...source, kind: "app" }], 'kind "browser" or "server"'],
    ["no name", [{ ...source, name: "" }], "a name of 1 to 64 bytes"],
    ["no keys", [{ name: "web", kind: "server" }], "writeKeys"],
    ["an empty key", [{ ...source, writeKeys: [""] }], "writeKeys"],
    ["a name twice", [source, { ...source, writeKeys: ["c"] }], "two sources are named web"],
    ["a key twice", [source, { ...source, name: "app" }], "sources web and app share a key"],
  ])("are refused with %s", (_, sources, message) => {
    expect(() => readSources(JSON.stringify(sources))).toThrow(message);
  });
});

describe("how long items are kept", () => {
  it("is a whole number of days", () => {
    expect(readTtlDays("30")).toBe(30);
    for (const text of ["0", "366", "1.5", "a"])
      expect(() => readTtlDays(text)).toThrow(`TTL_DAYS must be between 1 and 365, got ${text}`);
  });
});
