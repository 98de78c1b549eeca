import { entriesOfZip } from "../../../local/setup/unzip";
import { zip } from "../../../stacks/functions/zip";

describe("zip", () => {
  it("is read back by another's reader, in the order of names", async () => {
    const archive = zip({ "sql/models/R__sessions.sql": "select 'ü'", "index.mjs": "export {};", empty: "" });
    const entries = await entriesOfZip(archive);
    expect(entries.map(({ name, content }) => [name, content.toString()])).toEqual([
      ["empty", ""],
      ["index.mjs", "export {};"],
      ["sql/models/R__sessions.sql", "select 'ü'"],
    ]);
  });

  it("is the same for the same files, whatever their order and whenever it is made", () => {
    jest.useFakeTimers({ now: new Date("2020-01-01") });
    const early = zip({ one: "1", two: "2" });
    jest.setSystemTime(new Date("2030-12-31"));
    const late = zip({ two: "2", one: "1" });
    jest.useRealTimers();
    expect(late.equals(early)).toBe(true);
  });

  it("is another for other files", () => {
    expect(zip({ one: "1" }).equals(zip({ one: "2" }))).toBe(false);
    expect(zip({ one: "1" }).equals(zip({ two: "1" }))).toBe(false);
  });
});
