import { join } from "node:path";
import { environmentOf, environments } from "../../../stacks/config";
import { environmentName, openEnvironment } from "../../environment";
import { type Sent, waitForArrival } from "../../importing/arrival";
import { batchBytesFor } from "../../importing/batches";
import { collectorOf } from "../../importing/collector";
import { bodyBytesOf, DryCollector, dryRun } from "../../importing/dry-run";
import { formatNames } from "../../importing/formats";
import { type Input, inputsOf, STDIN } from "../../importing/input/files";
import { type Asked, askedOf } from "../../importing/options";
import { dryPage, type ImportResult, page, showing } from "../../importing/report";
import { SentSpool } from "../../importing/spool";
import { type Counts, Interrupted, transfer } from "../../importing/transfer";
import { stateRoot } from "../../paths";
import { progress, UserError } from "../../terminal";
import { arrivalsOf } from "../../warehouse";
import type { Call, Verb } from "../verb";

/** `npm run import`: files' lines through the collector. */
export const importFile: Verb = {
  summary: "Send the lines of files through the collector as events",
  usage: "FILE… [--format FORMAT] [--map MAP] [--site ORIGIN] [--dry-run] [--wait] [--again] [--source NAME]",
  details: [
    "FILE is a file, a pattern such as 'logs/*.gz', or - for standard input; plain, gzip or zstd. Every record ends as",
    "exactly one event or one failed event. An event's identity is its line's, so a file can be sent again and changes",
    "nothing. An import that was interrupted goes on where it stopped. docs/import.md says what becomes of each field.",
  ].join("\n"),
  options: {
    format: { type: "string" },
    map: { type: "string" },
    site: { type: "string" },
    source: { type: "string", default: "import" },
    "dry-run": { type: "boolean", default: false },
    wait: { type: "boolean", default: false },
    again: { type: "boolean", default: false },
  },
  help: {
    "--format FORMAT": `${formatNames.join(", ")} (default: what the first lines tell)`,
    "--map MAP": "what becomes of the columns of a CSV file, e.g. examples/e-shop.map.json",
    "--site ORIGIN": "the site of an access log that does not name it, e.g. https://example.com",
    "--dry-run": "show the first events and what would fail, and send nothing",
    "--wait": "return when the warehouse holds every event",
    "--again": "send what was imported before, too",
    "--source NAME": "the source that the events are of, one of kind server (default: import)",
  },
  async run(call) {
    const asked = askedOf(call, process.env.INIT_CWD ?? ".");
    const inputs = await inputsOf(call.arguments, process.env.INIT_CWD ?? ".");
    try {
      return await (call["dry-run"] === true ? runDry(call, asked, inputs) : runImport(call, asked, inputs));
    } finally {
      // Whoever still writes to it would keep this process alive.
      if (call.arguments.includes(STDIN)) process.stdin.destroy();
    }
  },
};

async function runDry(call: Call, { reading, source }: Asked, inputs: readonly Input[]): Promise<number> {
  const name = environmentName(call);
  const environment = environmentOf(name, environments[name]);
  const result = await showing("Reading", inputs, ({ onBytes }) =>
    dryRun(inputs, reading, source, new DryCollector(environment, source), onBytes),
  );
  console.log(call.json ? JSON.stringify(result) : dryPage(result));
  return 0;
}

async function runImport(call: Call, { reading, source }: Asked, inputs: readonly Input[]): Promise<number> {
  const started = Date.now();
  const target = await openEnvironment(call);
  const collector = collectorOf(target, source);
  const again = call.again === true;
  const counts: Counts = { read: 0, accepted: 0, failed: 0, duplicate: 0 };
  const spool = call.wait === true ? new SentSpool() : undefined;
  const skipped: string[] = [];
  try {
    await interruptible((signal) =>
      showing("Importing", inputs, async ({ onBytes, onEvents }) => {
        if (call.arguments.includes(STDIN)) signal.addEventListener("abort", () => process.stdin.destroy());
        for (const input of inputs) {
          const before = await transfer(input, {
            ...{ reading, collector, source, again, onBytes, signal },
            maxBytes: batchBytesFor(bodyBytesOf(environmentOf(target.name, environments[target.name]))),
            ledgers: join(stateRoot, "imports", target.name),
            onBatch: (batch) => {
              for (const name of ["read", "accepted", "failed", "duplicate"] as const)
                counts[name] += batch.counts[name];
              onEvents(batch.counts.read);
              spool?.add(batch);
            },
          });
          if (before !== undefined && !again) skipped.push(`${input.name} (${before})`);
        }
      }),
    );
    if (skipped.length > 0 && skipped.length === inputs.length)
      throw new UserError(
        `Imported into ${target.name} before: ${skipped.join(", ")}. With --again it is sent again; that changes nothing.`,
      );
    if (spool !== undefined) await waitForAll(target, spool.sent);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    console.error(error.message);
    return 130;
  } finally {
    spool?.close();
  }
  const seconds = Math.round((Date.now() - started) / 100) / 10;
  const result: ImportResult = { ...counts, files: inputs.length, skipped: skipped.length, seconds };
  if (skipped.length > 0) console.error(`Imported before, and skipped: ${skipped.join(", ")}`);
  console.log(call.json ? JSON.stringify(result) : page(result, inputs));
  return 0;
}

async function waitForAll(
  target: Awaited<ReturnType<typeof openEnvironment>>,
  sent: readonly Sent[],
): Promise<void> {
  const events = sent.reduce((sum, { receipt }) => sum + receipt.accepted + receipt.failed, 0);
  await progress("Waiting until the warehouse holds them", events, "events", (advance) =>
    waitForArrival(arrivalsOf(target), sent, advance),
  );
}

/**
 * Does work that the first Ctrl-C ends in good order; the second one ends the process as it does anywhere, as does
 * one after the work.
 */
async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    console.error("\nStopping … (what is on its way is finished first)");
    interrupted.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, interrupt);
  try {
    await work(interrupted.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
