import { UserError } from "../terminal";
import type { Sent } from "./arrival";
import { batchesOf, type FileBatch } from "./batches";
import type { Input } from "./input/files";
import { ImportLedger } from "./ledger";
import { lineIds } from "./message";
import { type Collector, send } from "./send";
import { openInput, type Reading, settingsOf } from "./source";

/** What an import did, in events. `read = accepted + failed + duplicate`. */
export interface Counts {
  read: number;
  accepted: number;
  failed: number;
  /** Events that the collector had acknowledged in an earlier import, or saw twice in one batch. */
  duplicate: number;
}

/** How and where files are sent. */
export interface Transfer {
  readonly reading: Reading;
  readonly collector: Collector;
  /** Name of the source that the collector's key is of. */
  readonly source: string;
  /** Where the ledgers of the environment are. */
  readonly ledgers: string;
  /** What a batch may have. */
  readonly maxBytes: number;
  /** Whether what was acknowledged before is sent all the same. */
  readonly again: boolean;
  /** Ends it after the batches that are on their way. */
  readonly signal: AbortSignal;
  /** Told how much more of the file was read. */
  readonly onBytes: (bytes: number) => void;
  /** Told of each batch that is acknowledged, now or earlier. */
  readonly onBatch: (batch: Sent & { readonly counts: Readonly<Counts> }) => void;
}

/** Batches on their way at once. */
const CONCURRENCY = 4;

/** An import that somebody ended. */
export class Interrupted extends UserError {}

/**
 * Sends every batch of a file that is due, some at once, and writes each receipt into the file's ledger as it comes.
 * @returns when the file was imported before (ISO 8601), where nothing of it was due.
 * @throws Interrupted; UserError when it cannot be read, or the collector refuses it.
 */
export async function transfer(input: Input, given: Transfer): Promise<string | undefined> {
  try {
    return await transferAll(input, given);
  } catch (error) {
    if (given.signal.aborted)
      throw new Interrupted("Interrupted. The same command goes on where it stopped.");
    throw error;
  }
}

async function transferAll(input: Input, given: Transfer): Promise<string | undefined> {
  const { reading, collector, source, again, signal } = given;
  const opened = await openInput(input, reading, given.onBytes);
  if (opened === undefined) return undefined;
  const { format, head, lines, open } = opened;
  const settings = settingsOf(format, reading);
  const ledger = new ImportLedger(given.ledgers, lineIds(source)(head), settings);
  const wasSent = (span: FileBatch["span"]): boolean => ledger.receipt(span) !== undefined;
  const batches = batchesOf(lines, open.read, lineIds(source), wasSent, given.maxBytes);
  let last = "";
  let due = 0;
  let ended = false;

  const take = async (batch: FileBatch): Promise<void> => {
    const known = ledger.receipt(batch.span);
    ledger.checkSettings(batch.span);
    const receipt = known === undefined || again ? await send(collector, batch, signal) : known;
    if (known === undefined) due += 1;
    if (receipt !== known) ledger.acknowledge(batch.span, receipt);
    const read = batch.messages.length;
    const counts =
      known === undefined
        ? { read, accepted: receipt.accepted, failed: receipt.failed, duplicate: receipt.duplicate }
        : { read, accepted: 0, failed: 0, duplicate: read };
    given.onBatch({ receipt, messageIds: batch.messages.map(({ messageId }) => String(messageId)), counts });
  };
  const worker = async (): Promise<void> => {
    while (!ended && !signal.aborted) {
      const next = await batches.next();
      if (next.done === true) return;
      last = next.value.span.last;
      await take(next.value);
    }
  };
  // One that fails ends the others: what they have under way is still acknowledged.
  const workers = Array.from({ length: CONCURRENCY }, () =>
    worker().catch((error: unknown) => {
      ended = true;
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(workers);
  signal.throwIfAborted();
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  const before = ledger.finishedAt(last);
  if (due === 0 && before !== undefined) return before;
  if (last !== "") ledger.finish(input.name, last);
  return undefined;
}
