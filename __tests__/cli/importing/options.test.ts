import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DryCollector, dryRun } from "../../../cli/importing/dry-run";
import { inputsOf } from "../../../cli/importing/input/files";
import { askedOf } from "../../../cli/importing/options";
import { environmentOf, environments } from "../../../stacks/config";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "options-"));
  const fields = { event_type: { constant: "page" }, event_time: "t", user_id: "u" };
  writeFileSync(join(folder, "good.json"), JSON.stringify({ fields }));
  writeFileSync(join(folder, "bad.json"), JSON.stringify({ fields: { ...fields, user_id: 7 } }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the options of an import", () => {
  it("leave the format to the files, and take CSV for what has a mapping", () => {
    expect(askedOf({}, folder)).toMatchObject({ reading: { format: undefined }, source: "import" });
    expect(askedOf({ map: "good.json", source: "server" }, folder)).toMatchObject({
      reading: { format: "csv", map: { delimiter: "," } },
      source: "server",
    });
    expect(askedOf({ site: "https://example.com/" }, folder).reading.site).toBe("https://example.com");
  });

  it.each([
    [
      { format: "xml" },
      '--format must be one of cloudfront, alb, combined, common, snowplow, ndjson, csv, got "xml"',
    ],
    [{ format: "csv" }, "A CSV file needs a mapping"],
    [{ format: "alb", map: "good.json" }, "--map goes with CSV, not with --format alb"],
    [{ format: "alb", site: "https://example.com" }, "--site goes with combined and common"],
    [{ site: "example.com" }, '--site must be an origin such as https://example.com, got "example.com"'],
    [{ source: "web" }, '--source must be one of server, import, got "web"'],
    [{ map: "none.json" }, "The mapping none.json cannot be read"],
    [
      { map: "bad.json" },
      "The mapping bad.json is not one: fields.user_id must be a column's name or an object, got 7.",
    ],
  ])("are refused with what must be: %j", (call, why) => {
    expect(() => askedOf(call, folder)).toThrow(why);
  });
});

describe("a dry run", () => {
  it("shows the first events as they would be stored, and what would fail here and at the collector", async () => {
    const events = [
      { type: "page", userId: "u", context: { ip: "203.0.113.99" } },
      { type: "page" },
      { type: "none", userId: "u" },
      { type: "none", userId: "v" },
      { type: "track", event: "big", userId: "u", properties: { text: "x".repeat(40_000) } },
    ];
    const same = { type: "page", userId: "u", messageId: "same" };
    const lines = [...events, same, same].map((event) => JSON.stringify(event));
    writeFileSync(join(folder, "f.ndjson"), [...lines, "{"].join("\n"));
    const collector = new DryCollector(environmentOf("local", environments.local), "import");
    let bytes = 0;
    const run = await dryRun(await inputsOf(["f.ndjson"], folder), {}, "import", collector, (more) => {
      bytes += more;
    });
    expect(run).toMatchObject({
      read: 8,
      accepted: 2,
      failed: 5,
      duplicate: 1,
      formats: { "f.ndjson": "ndjson" },
    });
    expect(run.events).toMatchObject([
      { event_type: "page", ip_network: "203.0.113.0/24", source: "import" },
      {},
    ]);
    expect(run.failing.map(({ reason, count }) => [reason, count])).toEqual([
      ["unknown_type", 2],
      ["missing_identity", 1],
      ["event_too_large", 1],
      ["unreadable_line", 1],
    ]);
    expect(run.failing.at(-1)).toMatchObject({ message: expect.stringContaining("line 8"), payload: "{" });
    expect(bytes).toBeGreaterThan(40_000);
  });
});
