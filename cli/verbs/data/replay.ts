import { openEnvironment } from "../../environment";
import { outcomePage } from "../../replaying/page";
import { requestOf } from "../../replaying/request";
import { runReplay } from "../../replaying/run";
import { TIME_FORMS } from "../../times";
import type { Verb } from "../verb";

/** What a process that was ended by Ctrl-C ends with. */
const INTERRUPTED = 130;

/** `npm run replay`: what the raw backup holds, through today's transform once more. */
export const replay: Verb = {
  summary: "Bring events of the raw backup through today's transform into the warehouse again",
  usage:
    "--from T [--to T] [--replace] | --failed [--reason R] [--from T] | --undelivered [--from T] | --rebuild  [--dry-run]",
  details: [
    "Only what is missing arrives, each event once; --replace renews the events that are there. What it reads and what",
    "that costs is told before it begins. Interrupted, the same command goes on where it stopped. It ends with the",
    "balance of the hours it replayed; exit code 1 when they do not balance, or something could not be read.",
    "See docs/replay.md.",
  ].join("\n"),
  options: {
    from: { type: "string" },
    to: { type: "string" },
    replace: { type: "boolean", default: false },
    failed: { type: "boolean", default: false },
    reason: { type: "string" },
    undelivered: { type: "boolean", default: false },
    rebuild: { type: "boolean", default: false },
    "dry-run": { type: "boolean", default: false },
  },
  help: {
    "--from T": `received from: ${TIME_FORMS}`,
    "--to T": "received before (default: now)",
    "--replace":
      "renew the events that are there: all columns as today's transform makes them, in one transaction a part",
    "--failed": "send rejected events through today's collector and transform",
    "--reason R": "only those rejected for this reason (npm run failed shows reasons)",
    "--undelivered":
      "records that the transform gave up on, after a long outage; --from and --to say when it did",
    "--rebuild": "make an empty warehouse whole again from S3 alone",
    "--dry-run": "only say what would be done",
  },
  async run(call) {
    const started = Date.now();
    const request = requestOf(call, new Date());
    const target = await openEnvironment(call);
    const stop = (): void => {
      console.error("\nStopped. The same command goes on where it stopped.");
      process.exit(INTERRUPTED);
    };
    process.once("SIGINT", stop);
    try {
      const outcome = await runReplay(target, request, (line) => console.error(line));
      const seconds = Math.round((Date.now() - started) / 100) / 10;
      console.log(call.json ? JSON.stringify({ ...outcome, seconds }) : outcomePage(outcome, seconds));
      return outcome.balanced === false || outcome.unreadable > 0 ? 1 : 0;
    } finally {
      process.removeListener("SIGINT", stop);
    }
  },
};
