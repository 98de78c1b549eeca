import { setTimeout as sleep } from "node:timers/promises";
import { literal } from "../../handlers/warehouse/split";
import { UserError } from "../terminal";
import type { Receipt } from "./send";

/** What waiting needs of an environment. */
export interface Warehouse {
  /** Runs a query; rows of columns. */
  readonly query: (sql: string) => Promise<readonly (readonly unknown[])[]>;
  /** Asks the loader to run now rather than at its next turn. */
  readonly wakeLoader: () => Promise<void>;
}

/** A batch that was sent, as far as its arrival is concerned. */
export interface Sent {
  readonly receipt: Receipt;
  /** The identities of its messages. Reading them may cost something. */
  readonly messageIds: readonly string[];
}

const POLL_MS = 2_000;
const WAKE_EVERY_MS = 8_000;
/** Without any arrival for this long, something is wrong: a load an hour is the slowest cadence there is. */
const PATIENCE_MS = 75 * 60_000;

/** Without any answer for this long, the environment is down. */
const SILENCE_MS = 2 * 60_000;

/** Looks without any arrival after which identities are looked for. */
const FIRST_IDLE_LOOKS = 4;

/** As many batches' identities are held at once. */
const BATCHES_AT_ONCE = 50;

/** As many ids as one statement takes comfortably: a statement may have 100 KB. */
const IDS_A_STATEMENT = 2_000;

/**
 * Waits until the warehouse holds everything that was sent.
 * @param advance is told how many more events have arrived.
 * @param pauseMs between two looks. @default 2,000
 * @param patienceMs how long nothing may arrive. @default 75 minutes: a load an hour is the slowest cadence
 * @throws UserError when nothing has arrived for a long time; what the warehouse throws when it is silent for long.
 */
export async function waitForArrival(
  warehouse: Warehouse,
  sent: readonly Sent[],
  advance: (arrived: number) => void,
  pauseMs = POLL_MS,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  let missing = sent;
  let lastProgress = Date.now();
  let lastAnswer = Date.now();
  let lastWake = 0;
  let idle = 0;
  for (; ; await sleep(pauseMs)) {
    try {
      const before = missing;
      missing = await notArrived(warehouse, missing);
      idle = missing.length < before.length ? 0 : idle + 1;
      // An event that had come before in another batch never arrives under this one: look for the few by their ids.
      if (isTimeToLookForIds(idle)) missing = await rejectKnown(warehouse, missing);
      lastAnswer = Date.now();
      if (missing.length < before.length) {
        lastProgress = Date.now();
        advance(count(before) - count(missing));
      }
      if (missing.length === 0) return;
      if (Date.now() - lastWake > WAKE_EVERY_MS) {
        lastWake = Date.now();
        await warehouse.wakeLoader();
      }
    } catch (error) {
      // What does not answer now may be starting again; the events are on their way all the same.
      if (Date.now() - lastAnswer > SILENCE_MS) throw error;
    }
    if (Date.now() - lastProgress > patienceMs)
      throw new UserError(
        `${count(missing)} events have not reached the warehouse. "npm run status" and "npm run balance" say where they are.`,
      );
  }
}

/** Asking for each identity costs a statement for some thousand: only when nothing comes, and ever more seldom. */
function isTimeToLookForIds(idleLooks: number): boolean {
  return idleLooks >= FIRST_IDLE_LOOKS && Number.isInteger(Math.log2(idleLooks / FIRST_IDLE_LOOKS));
}

async function notArrived(warehouse: Warehouse, sent: readonly Sent[]): Promise<readonly Sent[]> {
  const found = new Map<string, number>();
  const ids = [...new Set(sent.flatMap(({ receipt }) => receipt.batches))];
  for (const part of chunks(ids)) {
    const list = part.map(literal).join(", ");
    const rows = await warehouse.query(
      `select batch_id, count(*) from events where batch_id in (${list}) group by batch_id ` +
        `union all select batch_id, count(*) from failed_events where batch_id in (${list}) group by batch_id`,
    );
    for (const [id, rowCount] of rows) found.set(String(id), (found.get(String(id)) ?? 0) + Number(rowCount));
  }
  return sent.filter(({ receipt }) => {
    const arrived = receipt.batches.reduce((sum, id) => sum + (found.get(id) ?? 0), 0);
    return arrived < receipt.accepted + receipt.failed;
  });
}

async function rejectKnown(warehouse: Warehouse, sent: readonly Sent[]): Promise<readonly Sent[]> {
  const missing: Sent[] = [];
  for (const some of chunks(sent, BATCHES_AT_ONCE)) {
    const idsOf = new Map(some.map((one) => [one, one.messageIds]));
    const known = new Set<string>();
    for (const part of chunks([...idsOf.values()].flat())) {
      const rows = await warehouse.query(
        `select distinct event_id from events where event_id in (${part.map(literal).join(", ")})`,
      );
      for (const [id] of rows) known.add(String(id));
    }
    missing.push(
      ...some.filter(
        (one) => (idsOf.get(one) ?? []).filter((id) => known.has(id)).length < one.receipt.accepted,
      ),
    );
  }
  return missing;
}

function count(sent: readonly Sent[]): number {
  return sent.reduce((sum, { receipt }) => sum + receipt.accepted + receipt.failed, 0);
}

function chunks<T>(list: readonly T[], length = IDS_A_STATEMENT): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += length) parts.push(list.slice(at, at + length));
  return parts;
}
