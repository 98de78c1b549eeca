import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { SetFault } from "../../local/faults/keeper";
import type { Random } from "../../local/faults/random";
import type { RemoteFaults } from "../../local/faults/remote";
import type { Balance } from "../balancing/balance";
import { takeBalance } from "../balancing/take";
import type { Target } from "../environment";
import { waitForArrival } from "../importing/arrival";
import type { Batch } from "../importing/batches";
import type { Collector } from "../importing/send";
import { arrivalsOf, queryRows } from "../warehouse";
import { batchesOf, type SentBatch, sendUntilTaken } from "./traffic";
import { judge, type Verdict } from "./verdict";
import { allReady, type Victim } from "./victims";

/** What a round needs. */
export interface Arena {
  readonly target: Target;
  readonly collector: Collector;
  readonly faults: RemoteFaults;
  /** Set for the round. */
  readonly faultTexts: readonly string[];
  readonly seed: number;
  readonly random: Random;
  readonly victims: Generator<Victim, never>;
  readonly signal: AbortSignal;
}

/** What a round came to. */
export interface RoundResult extends Verdict {
  readonly round: number;
  /** Messages that the collector acknowledged: accepted, rejected. */
  readonly accepted: number;
  readonly failed: number;
  readonly killed: readonly string[];
  /** How often each fault has struck since it was set, or set again after a kill of the gateway. */
  readonly struck: readonly Pick<SetFault, "fault" | "struck" | "seen">[];
  readonly balanced: boolean;
  readonly findings: readonly string[];
  readonly seconds: number;
  /** Whether every accepted event is in the warehouse once, and everything balances. */
  readonly held: boolean;
}

const BATCHES = 20;
/** Requests on their way at once. */
const SENDERS = 3;
/** Longest pause between two requests of a sender, ms. */
const PAUSE_MS = 1_000;
const KILLS = 3;
/** Longest pause before a kill, ms: the last comes while what was sent is on its way. */
const KILL_PAUSE_MS = 4_000;
const KILL_PATIENCE_MS = 20_000;
/** How long a round waits: for a batch to be taken, for the first arrival after another, for the balance. */
const PATIENCE_MS = 5 * 60_000;
const BALANCE_PAUSE_MS = 3_000;

/**
 * One round: batches are sent while local processes are killed; then it waits until everything has arrived, and
 * counts.
 * @param say is told how far it is.
 */
export async function playRound(
  round: number,
  arena: Arena,
  say: (what: string) => void,
): Promise<RoundResult> {
  const began = Date.now();
  const { faults, random, target, signal } = arena;
  await allReady(PATIENCE_MS);
  await setFaults(arena, round);
  // Both draw in one order, whoever comes first.
  const batches = batchesOf(`${arena.seed} ${round} ${randomUUID()}`, BATCHES, random, new Date());
  const pauses = batches.map(() => random() * PAUSE_MS);
  const kills = Array.from({ length: KILLS }, () => ({
    victim: arena.victims.next().value,
    pauseMs: random() * KILL_PAUSE_MS,
    moment: random(),
  }));
  const killing = killAll(kills, arena);
  const sent: SentBatch[] = [];
  const senders = Array.from({ length: SENDERS }, async (_, sender) => {
    for (let at = sender; at < batches.length && !signal.aborted; at += SENDERS) {
      sent.push(await sendUntilTaken(arena.collector, batches[at] as Batch, PATIENCE_MS));
      say(`${sent.length} of ${BATCHES} batches acknowledged`);
      await sleep(pauses[at], undefined, { signal }).catch(() => undefined);
    }
  });
  await Promise.all(senders);
  const killed = await killing;
  await allReady(PATIENCE_MS);
  if (killed.includes("gateway")) await setFaults(arena, round); // they ended with it
  say("waiting for what was sent");
  const late = await arrive(target, sent, faults, say);
  const struck = (await faults.list()).faults.map(({ fault, struck, seen }) => ({ fault, struck, seen }));
  await faults.clear();
  say("balancing");
  const { balanced, findings } = await settle(arena, late.length === 0 ? PATIENCE_MS : 0, say);
  const verdict = await judge((sql) => queryRows(target, sql), sent);
  const { missing, double, failedDifference } = verdict;
  return {
    round,
    accepted: sent.reduce((sum, { receipt }) => sum + receipt.accepted, 0),
    failed: sent.reduce((sum, { receipt }) => sum + receipt.failed, 0),
    ...{ killed, struck },
    ...verdict,
    balanced,
    findings: [...late, ...findings],
    seconds: Math.round((Date.now() - began) / 100) / 10,
    held: missing.length === 0 && double.length === 0 && failedDifference === 0 && balanced,
  };
}

async function setFaults({ faults, faultTexts, seed }: Arena, round: number): Promise<void> {
  await faults.clear();
  if (faultTexts.length > 0) await faults.set(faultTexts, seed + round);
}

async function killAll(
  kills: readonly { readonly victim: Victim; readonly pauseMs: number; readonly moment: number }[],
  { signal }: Arena,
): Promise<string[]> {
  const killed: string[] = [];
  for (const { victim, pauseMs, moment } of kills) {
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    let done = await victim.kill(moment);
    // What is just being started again can be killed a moment later.
    for (const giveUpAt = Date.now() + KILL_PATIENCE_MS; !done && Date.now() < giveUpAt; ) {
      await sleep(200);
      done = await victim.kill(moment);
    }
    if (done) killed.push(victim.name);
  }
  return killed;
}

/** Waits until everything has arrived; faults that let nothing through are cleared on the way. */
async function arrive(
  target: Target,
  sent: readonly SentBatch[],
  faults: RemoteFaults,
  say: (what: string) => void,
): Promise<string[]> {
  let arrived = 0;
  const advance = (more: number): void => {
    arrived += more;
    say(`${arrived} events have arrived`);
  };
  const clearing = setTimeout(() => void faults.clear().catch(() => undefined), PATIENCE_MS / 2);
  try {
    await waitForArrival(arrivalsOf(target), sent, advance, undefined, PATIENCE_MS);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    clearTimeout(clearing);
  }
}

/** Balances, event by event, with no new events meanwhile: what others send waits in the stream. */
async function settle(
  { target, faults }: Arena,
  patienceMs: number,
  say: (what: string) => void,
): Promise<Balance> {
  await faults.set(["lambda:poller/transform=stop"]);
  try {
    for (const giveUpAt = Date.now() + patienceMs; ; await sleep(BALANCE_PAUSE_MS)) {
      const balance = await takeBalance(target, true, say);
      if (balance.balanced || Date.now() > giveUpAt) return balance;
      await arrivalsOf(target)
        .wakeLoader()
        .catch(() => undefined);
    }
  } finally {
    await faults.clear();
  }
}
