import { setTimeout as sleep } from "node:timers/promises";
import { duration, kinds } from "../../../local/faults/kinds";
import { activities, GRAMMAR, parseFault } from "../../../local/faults/parse";
import { newSeed, seeded } from "../../../local/faults/random";
import { RemoteFaults } from "../../../local/faults/remote";
import { environmentName, openEnvironment, useLocalCloud } from "../../environment";
import { collectorOf } from "../../importing/collector";
import { format, step, UserError } from "../../terminal";
import { faultTable } from "../../torture/fault-table";
import { type Arena, playRound, type RoundResult } from "../../torture/round";
import { inTurn, victims } from "../../torture/victims";
import type { Call, Verb } from "../verb";

/** Longest time that faults are set for alone, ms: a day. */
const LONGEST_MS = 24 * 60 * 60_000;

/** `npm run torture`: does anything get lost, or come twice, whatever dies or fails? */
export const torture: Verb = {
  summary: "Kill processes and make calls fail under load, and see that nothing is lost or twice",
  usage: "[--rounds N] [--seed N] [--fault FAULT …] [--for TIME] [--list] [--clear]",
  details: [
    "A round sends made-up events through the collector, kills three local processes or execution environments",
    "meanwhile, waits until everything has arrived, and balances event by event. Exit code 1 when something is",
    "missing or there twice, and it says what.",
    "",
    `A fault is written ${GRAMMAR}`,
    "  dynamodb:BatchWriteItem=throttle@0.3      three calls in ten",
    "  firehose:PutRecordBatch=partial#5         the next five calls",
    "  lambda:environment/load=kill(100ms)#2..2  the loader's second invocation, after 100 ms",
    "",
    ...Object.entries(kinds).map(([name, { meaning }]) => `  ${name.padEnd(10)} ${meaning}`),
    "",
    "An operation is one of the service's API, * for any, or what a service does by itself:",
    ...Object.entries(activities).flatMap(([service, own]) =>
      Object.entries(own).map(([name, what]) => `  ${`${service}:${name}`.padEnd(21)} ${what}`),
    ),
  ].join("\n"),
  options: {
    rounds: { type: "string", default: "25" },
    seed: { type: "string" },
    fault: { type: "string", multiple: true, default: [] },
    for: { type: "string" },
    list: { type: "boolean", default: false },
    clear: { type: "boolean", default: false },
  },
  help: {
    "--rounds N": "how many rounds (default: 25)",
    "--seed N":
      "what chance draws from; the same kills at the same moments (default: another each time, shown)",
    "--fault FAULT": "a fault that is set while the rounds run; may be given more than once",
    "--for TIME": "with --fault: no rounds, only set the faults for so long, e.g. 30s or 10m",
    "--list": "list the faults that are set, and how often each has struck",
    "--clear": "clear all faults",
  },
  async run(call) {
    if (environmentName(call) !== "local")
      throw new UserError(
        "npm run torture works on the local environment alone: others are not to be broken.",
      );
    const asked = read(call);
    const faults = new RemoteFaults(useLocalCloud().gatewayUrl);
    if (call.clear) return show(await faults.clear(), call);
    if (call.list) return show(await faults.list(), call);
    const interrupted = interruption();
    try {
      return asked.forMs === undefined
        ? await rounds(call, asked, faults, interrupted)
        : await hold(call, asked, faults, asked.forMs, interrupted);
    } finally {
      await faults.clear().catch(() => undefined); // a gateway that is down has none
    }
  },
};

interface Asked {
  readonly rounds: number;
  readonly seed: number;
  readonly faults: readonly string[];
  readonly forMs: number | undefined;
}

/** What the options say. @throws UserError that says what they must be. */
function read(call: Call): Asked {
  const rounds = Number(call.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UserError(`--rounds must be a whole number from 1, got "${String(call.rounds)}"`);
  const seed = call.seed === undefined ? newSeed() : Number(call.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff)
    throw new UserError(`--seed must be a whole number from 0 to ${0xffff_ffff}, got "${String(call.seed)}"`);
  const faults = call.fault as readonly string[];
  for (const fault of faults) {
    const parsed = parseFault(fault);
    if ("problem" in parsed) throw new UserError(`--fault: ${parsed.problem}`);
  }
  const forMs = call.for === undefined ? undefined : duration(String(call.for), LONGEST_MS);
  if (call.for !== undefined && forMs === undefined)
    throw new UserError(`--for must be a time such as 30s or 10m, a day at most, got "${String(call.for)}"`);
  if (forMs !== undefined && faults.length === 0)
    throw new UserError("--for says how long the faults of --fault are set: name one");
  return { rounds, seed, faults, forMs };
}

/** Fires at the first Ctrl-C; the second one ends the process as it does anywhere. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      console.error(
        "\nStopping: the faults are cleared. What was killed is started again by the cloud itself.",
      );
      interrupted.abort();
    });
  return interrupted.signal;
}

async function rounds(
  call: Call,
  { rounds, seed, faults: faultTexts }: Asked,
  faults: RemoteFaults,
  signal: AbortSignal,
): Promise<number> {
  const target = await openEnvironment(call);
  const random = seeded(seed);
  const arena: Arena = {
    ...{ target, collector: collectorOf(target, "server"), faults, faultTexts, seed, random, signal },
    victims: inTurn(victims(faults), random),
  };
  console.error(`Seed ${seed}. Ctrl-C stops.`);
  const results: RoundResult[] = [];
  const aborted = new Promise<undefined>((resolve) =>
    signal.addEventListener("abort", () => resolve(undefined)),
  );
  for (let round = 1; round <= rounds && !signal.aborted; round += 1) {
    const title = `Round ${round} of ${rounds}`;
    const playing = step(title, (shown) => playRound(round, arena, (what) => shown.update(what)));
    const result = await Promise.race([playing, aborted]);
    if (result === undefined) {
      playing.catch(() => undefined);
      break;
    }
    results.push(result);
    console.error(`  ${lineOf(result)}`);
    if (!result.held) break; // as it is now, it can be looked into
  }
  const held = results.every((result) => result.held);
  const sum = (of: (result: RoundResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const page = {
    ...{ seed, faults: faultTexts, held, interrupted: signal.aborted },
    accepted: sum(({ accepted }) => accepted),
    failed: sum(({ failed }) => failed),
    missing: results.flatMap(({ missing }) => missing),
    double: results.flatMap(({ double }) => double),
    rounds: results,
  };
  if (call.json) console.log(JSON.stringify(page));
  else
    console.log(
      held
        ? `${signal.aborted ? "Stopped after " : ""}${results.length} rounds: ${format(page.accepted)} accepted events, each in the warehouse once.`
        : `Not held. To see it again: npm run torture -- --seed ${seed}`,
    );
  if (signal.aborted) {
    await faults.clear().catch(() => undefined);
    process.exit(130); // what was being sent or waited for is of no interest any more
  }
  return held ? 0 : 1;
}

function lineOf(result: RoundResult): string {
  const { accepted, failed, killed, missing, double, failedDifference, findings } = result;
  const said = `${format(accepted)} accepted, ${failed} rejected; killed ${killed.join(", ")}`;
  if (result.held) return `${said}; each there once, balanced`;
  const some = (ids: readonly string[]): string =>
    `${ids.slice(0, 5).join(", ")}${ids.length > 5 ? ", …" : ""}`;
  return [
    said,
    ...(missing.length > 0 ? [`${missing.length} missing (${some(missing)})`] : []),
    ...(double.length > 0 ? [`${double.length} twice (${some(double)})`] : []),
    ...(failedDifference === 0 ? [] : [`rejected events differ by ${failedDifference}`]),
    ...(result.balanced ? [] : ["not balanced"]),
    ...findings,
  ].join("; ");
}

/** Sets faults, waits, and clears them. */
async function hold(
  call: Call,
  { seed, faults: texts }: Asked,
  faults: RemoteFaults,
  forMs: number,
  signal: AbortSignal,
): Promise<number> {
  await faults.set(texts, seed);
  await step(`${texts.join(" ")} for ${String(call.for)} (seed ${seed}; Ctrl-C ends it)`, () =>
    sleep(forMs, undefined, { signal }).catch(() => undefined),
  );
  const list = await faults.list();
  await faults.clear();
  show(list, call);
  return signal.aborted ? 130 : 0;
}

function show(list: Awaited<ReturnType<RemoteFaults["list"]>>, call: Call): number {
  if (call.json) console.log(JSON.stringify({ seed: list.seed, faults: list.faults }));
  else console.log(list.faults.length === 0 ? "No faults are set." : faultTable(list.faults));
  return 0;
}
