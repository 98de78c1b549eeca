import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { dataFile, eShop } from "../support/data";
import { beginVerb, count, json, projectRoot, testState, until, verb } from "./verb";

interface Imported {
  readonly read: number;
  readonly accepted: number;
  readonly failed: number;
  readonly duplicate: number;
}

/** A click, taken from the raw file by nothing but its position in the row. */
interface Click {
  readonly session: string;
  readonly category: string;
  readonly product: string;
  readonly country: string;
  readonly price: number;
  readonly aboveAverage: boolean;
  readonly day: string;
}

const MINUTES = 60_000;
const CLICKS = 165_474;
const categories: Readonly<Record<string, string>> = { 1: "trousers", 2: "skirts", 3: "blouses", 4: "sale" };

let file: string;
let clicks: readonly Click[];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "import-e2e-"));
  file = await dataFile(eShop);
  const [, ...rows] = gunzipSync(readFileSync(file)).toString().trimEnd().split("\r\n");
  clicks = rows.map((row) => {
    const [year = "", month = "", day = "", , country = "", session = "", category = "", product = ""] =
      row.split(";");
    const [price, above] = row.split(";").slice(11);
    return {
      ...{ session, product, country, category: categories[category] ?? "", price: Number(price) },
      ...{ aboveAverage: above === "1", day: `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` },
    };
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A list of rows for each key, in order of the keys. */
function grouped(keyOf: (click: Click) => string): [string, Click[]][] {
  const groups = new Map<string, Click[]>();
  for (const click of clicks) {
    const key = keyOf(click);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [click]);
    else group.push(click);
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
}

const sum = (of: readonly Click[]): number => of.reduce((total, { price }) => total + price, 0);
const rows = async (sql: string): Promise<unknown[][]> =>
  (await json<{ rows: unknown[][] }>("query", sql)).rows;
const importShop = (...options: readonly string[]): string[] => [
  ...[
    "import",
    file,
    "--map",
    join(projectRoot, "examples", "e-shop.map.json"),
    "--source",
    "server",
    ...options,
  ],
];

const ledgers = join(testState, "imports", "local");
const ledgerNames = (): string[] => (existsSync(ledgers) ? readdirSync(ledgers) : []);

/** Batches that were acknowledged, by a ledger. */
const acknowledged = (ledger: string): number =>
  readFileSync(join(ledgers, ledger), "utf8").trimEnd().split("\n").length;

describe("a shop's 165,474 clicks, imported, interrupted and imported on", () => {
  it(
    "are in the warehouse once each",
    async () => {
      const before = ledgerNames();
      const importing = beginVerb(...importShop());
      const own = () => ledgerNames().find((name) => !before.includes(name)) ?? "";
      await until("a part of the file is acknowledged", () => own() !== "" && acknowledged(own()) >= 20);
      importing.child.kill("SIGINT");
      const interrupted = await importing.ended;
      expect(interrupted).toMatchObject({ code: 130, stdout: "" });
      expect(interrupted.stderr).toContain("The same command goes on where it stopped");
      const part = acknowledged(own());
      expect(part).toBeLessThan(CLICKS / 200);

      const imported = await json<Imported>(...importShop("--wait"));
      expect(imported).toMatchObject({ read: CLICKS, failed: 0, duplicate: part * 200 });
      expect(imported.accepted).toBe(CLICKS - part * 200);
      expect(
        await rows(
          "select count(*), count(distinct event_id), count(distinct session_id) from events where sdk_version = 'csv'",
        ),
      ).toEqual([[CLICKS, CLICKS, 24_026]]);
    },
    12 * MINUTES,
  );

  it(
    "are those of the raw file: clicks, prices and what is above average, by category, product, country and day",
    async () => {
      const measures =
        "count(*), sum(cast(properties.price as integer)), sum(case when cast(properties.above_average as boolean) then 1 else 0 end)";
      const measured = (of: readonly Click[]) => [
        of.length,
        sum(of),
        of.filter(({ aboveAverage }) => aboveAverage).length,
      ];
      const from = "from events where sdk_version = 'csv' group by 1 order by 1";
      const by = async (key: string) =>
        (await rows(`select ${key}, ${measures} ${from}`)).map((row) =>
          row.map((value, at) => (at === 0 ? value : Number(value))),
        );
      expect(await by("cast(properties.category as varchar)")).toEqual(
        grouped(({ category }) => category).map(([key, of]) => [key, ...measured(of)]),
      );
      expect(await by("cast(properties.product as varchar)")).toEqual(
        grouped(({ product }) => product).map(([key, of]) => [key, ...measured(of)]),
      );
      expect(await by("to_char(event_time, 'YYYY-MM-DD')")).toEqual(
        grouped(({ day }) => day).map(([key, of]) => [key, ...measured(of)]),
      );
      expect(await by("lpad(cast(properties.country as varchar), 2, '0')")).toEqual(
        grouped(({ country }) => country.padStart(2, "0")).map(([key, of]) => [key, ...measured(of)]),
      );
      const poland = clicks.filter(({ country }) => country === "29");
      expect(
        await count("select count(*) from events where sdk_version = 'csv' and geo_country = 'PL'"),
      ).toBe(poland.length);
    },
    4 * MINUTES,
  );

  it(
    "make the file's own sessions",
    async () => {
      const sessions = grouped(({ session }) => session);
      const lengths = sessions.map(([, of]) => of.length);
      expect(
        await rows(
          "select count(*), sum(events), max(events), sum(duration_seconds) from sessions where visitor_id like 'e-shop-2008-%'",
        ).then(([row]) => row?.map(Number)),
      ).toEqual([
        ...[sessions.length, CLICKS, Math.max(...lengths)],
        // Ten seconds from a click to the next are what the mapping makes up.
        lengths.reduce((total, length) => total + (length - 1) * 10, 0),
      ]);
      const means = await rows(
        "select cast(properties.category as varchar), avg(cast(cast(properties.price as integer) as decimal(12, 4))) from events where sdk_version = 'csv' group by 1 order by 1",
      );
      for (const [at, [key, of]] of grouped(({ category }) => category).entries()) {
        expect(means[at]?.[0]).toBe(key);
        expect(Number(means[at]?.[1])).toBeCloseTo(sum(of) / of.length, 3);
      }
    },
    2 * MINUTES,
  );

  it(
    "are refused a second time",
    async () => {
      const again = await verb(...importShop());
      expect(again).toMatchObject({ code: 1, stdout: "" });
      expect(again.stderr).toContain("--again");
    },
    2 * MINUTES,
  );
});

describe("files of every kind", () => {
  it(
    "come by pattern and by standard input, and what cannot be read is kept",
    async () => {
      const user = `import-e2e-${Date.now()}`;
      const event = (name: string): string =>
        `${JSON.stringify({ event_type: "track", event_name: name, event_time: "2026-10-01T10:00:00Z", user_id: user })}\n`;
      writeFileSync(join(folder, "one.ndjson"), event("One"));
      writeFileSync(join(folder, "two.gz"), gzipSync(`${event("Two")}{\n${event("Two")}`));
      const dry = await json("import", join(folder, "*"), "--dry-run");
      expect(dry).toMatchObject({
        read: 4,
        accepted: 3,
        failed: 1,
        failing: [{ reason: "unreadable_line", count: 1 }],
      });
      expect(await count(`select count(*) from events where user_id = '${user}'`)).toBe(0);

      expect(await json("import", join(folder, "*"), "--source", "server", "--wait")).toMatchObject({
        ...{ read: 4, accepted: 3, failed: 1, duplicate: 0, files: 2 },
      });
      const piped = await fromStandardInput(
        gzipSync(event("Three")),
        "--source",
        "server",
        "--wait",
        "--json",
      );
      expect(JSON.parse(piped)).toMatchObject({ read: 1, accepted: 1 });
      expect(
        await rows(`select event_name, count(*) from events where user_id = '${user}' group by 1 order by 1`),
      ).toEqual([
        ...[
          ["One", 1],
          ["Three", 1],
          ["Two", 2],
        ],
      ]);
    },
    6 * MINUTES,
  );

  it(
    "balance with all that was imported",
    async () => {
      await until(
        "everything has arrived",
        async () => (await json<{ balanced: boolean }>("balance")).balanced,
      );
      expect(await json("balance", "--deep")).toMatchObject({ in_flight: 0, balanced: true, findings: [] });
    },
    6 * MINUTES,
  );
});

function fromStandardInput(bytes: Buffer, ...options: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(projectRoot, "cli", "launch.mjs"), "import", "-", ...options], {
    env: { ...process.env, CLICKSTREAM_STATE: testState },
    stdio: ["pipe", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stdin.end(bytes);
  return new Promise((resolve) => child.on("close", () => resolve(stdout)));
}
