import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { dataFile, eShop } from "../../__tests__/support/data";
import { batchesOf } from "../../cli/importing/batches";
import { inputsOf } from "../../cli/importing/input/files";
import { lineIds } from "../../cli/importing/message";
import { askedOf } from "../../cli/importing/options";
import { openInput } from "../../cli/importing/source";
import type { Case } from "../harness/case";
import { startDeployed, stopDeployed, verb } from "../harness/deployed";

/** Of the file's 165,474: some seconds' worth. */
const CLICKS = 40_000;
const MAP = join(__dirname, "..", "..", "examples", "e-shop.map.json");

export default {
  summary:
    "npm run import of a shop's clicks in CSV into a deployed local cloud, which transforms and loads beside it; the limit is to read, map and pack the same file, and send nothing",
  unit: "events/s",
  target: { of: "value", bound: "at least", is: 5_000 },
  async prepare(bench) {
    bench.defer(() => stopDeployed(bench));
    bench.say(
      "starting a cloud of the benchmark's own (the first time it is deployed, which takes some minutes)",
    );
    await startDeployed(bench);
    const [header = "", ...rows] = gunzipSync(readFileSync(await dataFile(eShop)))
      .toString()
      .split("\r\n");
    const file = join(bench.folder(), "clicks.csv.gz");
    const once = async (clicks: number): Promise<number> => {
      // A column of another name makes all lines new ones; it is empty in each of them.
      const lines = [`${header};${randomUUID()}`, ...rows.slice(0, clicks).map((row) => `${row};`)];
      writeFileSync(file, gzipSync(lines.join("\r\n")));
      const { stdout } = await verb(bench, "import", file, "--map", MAP, "--json");
      const { accepted, seconds } = JSON.parse(stdout) as {
        readonly accepted: number;
        readonly seconds: number;
      };
      if (accepted !== clicks) throw new Error(`${accepted} of ${clicks} clicks were accepted`);
      return accepted / seconds;
    };
    await once(1_000);
    return async () => {
      const value = await once(CLICKS);
      const started = performance.now();
      const packed = await pack(file);
      return { value, limit: packed / ((performance.now() - started) / 1_000) };
    };
  },
} satisfies Case;

/** Does all of an import but the sending. @returns how many events that were. */
async function pack(file: string): Promise<number> {
  const { reading } = askedOf({ map: MAP }, ".");
  let events = 0;
  for (const input of await inputsOf([file], ".")) {
    const opened = await openInput(input, reading, () => undefined);
    if (opened === undefined) continue;
    for await (const { body, messages } of batchesOf(opened.lines, opened.open.read, lineIds())) {
      gzipSync(body, { level: 1 });
      events += messages.length;
    }
  }
  return events;
}
