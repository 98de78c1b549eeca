import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { openEnvironment } from "../../environment";
import { type Sent, waitForArrival } from "../../importing/arrival";
import { type Batch, batchesOf } from "../../importing/batches";
import { collectorOf } from "../../importing/collector";
import { combinedParser } from "../../importing/combined";
import { ImportLedger } from "../../importing/ledger";
import { fingerprint, linesOf } from "../../importing/lines";
import { type LineParser, lineIds } from "../../importing/message";
import { ndjsonParser } from "../../importing/ndjson";
import { type Collector, send } from "../../importing/send";
import { stateRoot } from "../../paths";
import { format, progress, UserError } from "../../terminal";
import { arrivalsOf } from "../../warehouse";
import type { Call, Verb } from "../verb";

/** What an import did, in events. `read = accepted + failed + duplicate`. */
interface ImportResult {
  readonly read: number;
  accepted: number;
  failed: number;
  /** Lines that the collector had acknowledged in an earlier import of the file, or saw twice in one batch. */
  duplicate: number;
  readonly seconds: number;
}

/** Batches on their way at once. */
const CONCURRENCY = 4;

const parsers: Readonly<Record<string, (call: Call) => LineParser>> = {
  combined: (call) =>
    combinedParser(typeof call.site === "string" ? call.site.replace(/\/$/, "") : undefined),
  ndjson: () => ndjsonParser,
};

/** `npm run import`: a file's lines through the collector. */
export const importFile: Verb = {
  summary: "Send a file's lines through the collector as events",
  usage: "FILE [--format combined|ndjson] [--site ORIGIN] [--wait] [--again]",
  details: [
    "FILE is plain or gzip. Every line ends as exactly one event or one failed event. An event's identity is its",
    "line's, so the same file can be sent again (--again) within the de-duplication window and changes nothing.",
    "An import that was interrupted goes on where it stopped.",
  ].join("\n"),
  options: {
    format: { type: "string", default: "combined" },
    site: { type: "string" },
    wait: { type: "boolean", default: false },
    again: { type: "boolean", default: false },
  },
  help: {
    "--format combined|ndjson":
      "combined: access log (default); ndjson: one message of Segment's HTTP API a line",
    "--site ORIGIN": "the site of an access log, e.g. https://example.com, for the pages' addresses",
    "--wait": "return when the warehouse holds every line",
    "--again": "send a file that was imported before",
  },
  async run(call) {
    const started = Date.now();
    const [name] = call.arguments;
    const parse = parsers[String(call.format)];
    if (name === undefined) throw new UserError("Name the file to import: npm run import -- access.log.gz");
    const file = resolve(process.env.INIT_CWD ?? ".", name);
    if (parse === undefined)
      throw new UserError(
        `--format must be one of ${Object.keys(parsers).join(", ")}, got "${String(call.format)}"`,
      );
    if (!existsSync(file) || !statSync(file).isFile()) throw new UserError(`There is no file ${file}.`);

    const target = await openEnvironment(call);
    const ledger = new ImportLedger(join(stateRoot, "imports", target.name), await fingerprint(file));
    if (ledger.finished !== undefined && !call.again)
      throw new UserError(
        `${basename(file)} was imported into ${target.name} before (${ledger.finished}). With --again it is sent again; that changes nothing.`,
      );
    const { result, sent } = await sendFile(
      file,
      parse(call),
      collectorOf(target),
      ledger,
      call.again === true,
    );
    if (call.wait) {
      const events = sent.reduce((sum, { receipt }) => sum + receipt.accepted + receipt.failed, 0);
      await progress("Waiting until the warehouse holds them", events, "events", (advance) =>
        waitForArrival(arrivalsOf(target), sent, advance),
      );
    }
    report({ ...result, seconds: Math.round((Date.now() - started) / 100) / 10 }, call, basename(file));
    return 0;
  },
};

/** Sends every batch that is due, some at once, and writes each receipt into the ledger as it comes. */
async function sendFile(
  file: string,
  parse: LineParser,
  collector: Collector,
  ledger: ImportLedger,
  again: boolean,
): Promise<{ result: Omit<ImportResult, "seconds">; sent: Sent[] }> {
  const totals = { read: 0, accepted: 0, failed: 0, duplicate: 0 };
  const sent: Sent[] = [];
  await progress(`Importing ${basename(file)}`, statSync(file).size, "bytes", async (advance) => {
    const batches = batchesOf(linesOf(file, advance), parse, lineIds());
    const worker = async (): Promise<void> => {
      for (let next = await batches.next(); !next.done; next = await batches.next()) {
        await sendBatch(next.value);
      }
    };
    const sendBatch = async (batch: Batch): Promise<void> => {
      const known = ledger.receipt(batch.index);
      const receipt = known !== undefined && !again ? known : await send(collector, batch);
      if (receipt !== known) ledger.acknowledge(batch.index, receipt);
      sent.push({ receipt, messageIds: batch.messages.map(({ messageId }) => messageId) });
      totals.read += batch.messages.length;
      totals.accepted += known === undefined ? receipt.accepted : 0;
      totals.failed += known === undefined ? receipt.failed : 0;
      totals.duplicate += known === undefined ? receipt.duplicate : batch.messages.length;
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    ledger.finish(basename(file));
  });
  return { result: totals, sent };
}

function report(result: ImportResult, call: Call, file: string): void {
  if (call.json) {
    console.log(JSON.stringify(result));
    return;
  }
  console.log(
    [
      `${file}: ${format(result.read)} lines read in ${result.seconds} s`,
      `  accepted   ${format(result.accepted)}`,
      `  failed     ${format(result.failed)}${result.failed > 0 ? '   (npm run query -- "select reason, message, payload from failed_events")' : ""}`,
      `  duplicate  ${format(result.duplicate)}${result.duplicate > 0 ? "   (imported before: nothing changes)" : ""}`,
    ].join("\n"),
  );
}
