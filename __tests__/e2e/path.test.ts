import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { accessLog, dataFile } from "../support/data";
import { beginVerb, cloud, count, json, testState, until, verb } from "./verb";

interface Imported {
  readonly read: number;
  readonly accepted: number;
  readonly failed: number;
  readonly duplicate: number;
}

const MINUTES = 60_000;
const LINES = 10_000;

let file: string;
beforeAll(async () => {
  file = await dataFile(accessLog);
});

/** How many batches of the file the collector has acknowledged. */
function acknowledged(): number {
  const folder = join(testState, "imports", "local");
  const [ledger] = existsSync(folder) ? readdirSync(folder) : [];
  return ledger === undefined ? 0 : readFileSync(join(folder, ledger), "utf8").trim().split("\n").length;
}

const counts = async () => ({
  events: await count("select count(*) from events where source = 'import'"),
  failed: await count("select count(*) from failed_events where source = 'import'"),
});

describe("ten thousand real requests, with everything killed in the middle", () => {
  it(
    "end in the warehouse once each, after a restart",
    async () => {
      const importing = beginVerb("import", file);
      await until("a part of the file is acknowledged", () => acknowledged() >= 8);
      const { pid, processes } = cloud();
      for (const victim of [pid, ...processes.flatMap((process) => process.pid ?? [])])
        process.kill(victim, "SIGKILL");
      importing.child.kill("SIGKILL");
      await importing.ended;
      expect(acknowledged()).toBeLessThan(LINES / 200);

      const restarted = await verb("start", "--detach", "--no-traffic");
      expect(restarted).toMatchObject({ code: 0 });
      const imported = await json<Imported>("import", file, "--again", "--wait");
      expect(imported.read).toBe(LINES);
      expect(imported.accepted + imported.failed + imported.duplicate).toBe(LINES);
      expect(await counts()).toEqual({ events: LINES - 1, failed: 1 });
      expect(await count("select count(distinct event_id) from events where source = 'import'")).toBe(
        LINES - 1,
      );
    },
    8 * MINUTES,
  );

  it(
    "leave the one malformed line whole but for the address in it, with its reason",
    async () => {
      const { rows } = await json<{ rows: unknown[][] }>(
        "query",
        "select stage, reason, message, payload from failed_events where source = 'import'",
      );
      expect(rows).toEqual([
        [
          "import",
          "unreadable_line",
          "The line could not be read: line 8899 is not in the combined log format",
          '46.118.127.0/24 - - [20/May/2015:12:05:17 +0000] "GET /scripts/grok-py-test/configlib.py HTTP/1.1" 200 235 "-" "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html',
        ],
      ]);
    },
    MINUTES,
  );

  it(
    "balance, event by event",
    async () => {
      await until(
        "everything has arrived",
        async () => (await json<{ balanced: boolean }>("balance")).balanced,
      );
      expect(await json("balance", "--deep")).toMatchObject({ in_flight: 0, balanced: true, findings: [] });
    },
    4 * MINUTES,
  );

  it(
    "are enriched",
    async () => {
      const bots = await count("select count(*) from events where source = 'import' and is_bot");
      expect(bots).toBeGreaterThan(500);
      expect(
        await count("select count(*) from events where source = 'import' and browser_name = 'Chrome'"),
      ).toBeGreaterThan(1_000);
      expect(
        await count("select count(*) from events where source = 'import' and referrer_medium = 'search'"),
      ).toBeGreaterThan(100);
      expect(
        await count(
          "select count(*) from events where source = 'import' and page_path = '/presentations/logstash-monitorama-2013/'",
        ),
      ).toBeGreaterThan(0);
    },
    MINUTES,
  );

  it(
    "answer questions that have names",
    async () => {
      const asked = await json<{ columns: string[]; rows: unknown[][] }>(
        "query",
        ...["--name", "funnel", "--param", "steps=/projects/xdotool/ > /projects/xdotool/xdotool.xhtml"],
        ...["--param", "from_day=2015-05-17", "--param", "to_day=2015-05-20"],
      );
      expect(asked.columns).toEqual(["step", "name", "visitors", "percent_of_first", "percent_of_previous"]);
      const [first, second] = asked.rows;
      expect(first?.slice(0, 2)).toEqual([1, "/projects/xdotool/"]);
      expect(Number(first?.[2])).toBeGreaterThan(Number(second?.[2]));
      expect(Number(second?.[2])).toBeGreaterThan(0);

      const wrong = await verb("query", "--name", "funnel", "--param", "steps=/", "--param", "minutes=soon");
      expect(wrong).toMatchObject({ code: 1, stdout: "" });
      expect(wrong.stderr).toMatch(/steps|minutes/);
    },
    MINUTES,
  );

  it(
    "keep nobody's whole address",
    async () => {
      expect(
        await count("select count(*) from events where source = 'import' and ip_network like '%.%.%.0/24'"),
      ).toBe(LINES - 1);
      expect(
        await count(
          "select count(*) from events where source = 'import' and json_serialize(context) like '%83.149.9.216%'",
        ),
      ).toBe(0);
    },
    MINUTES,
  );

  it(
    "are refused a second time, and change nothing when they come again all the same",
    async () => {
      const before = await counts();
      const refused = await verb("import", file);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain("--again");
      expect(await json("import", file, "--again", "--wait")).toMatchObject({
        read: LINES,
        accepted: 0,
        failed: 0,
        duplicate: LINES,
      });
      await until(
        "the retries are counted",
        async () => (await json<{ duplicate: number }>("balance")).duplicate >= LINES,
      );
      expect(await counts()).toEqual(before);
      expect(await json("balance", "--deep")).toMatchObject({ in_flight: 0, balanced: true });
    },
    4 * MINUTES,
  );
});
