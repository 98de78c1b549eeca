import { readBatchResponse } from "../batch-event";
import type { BatchRecord, BatchRules, Clock, Discarded, InvokeBatch } from "./types";

/** Waits between tries of a failing batch: doubled from the first up to the second, ms. */
const RETRY_WAITS_MS = [100, 10_000] as const;

/** How long a stream keeps a record: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
export const STREAM_RETENTION_SECONDS = 86_400;

/** What processing a batch needs. */
export interface BatchProcess<Item extends BatchRecord> {
  readonly shardId: string;
  readonly rules: BatchRules;
  readonly clock: Clock;
  readonly invoke: InvokeBatch;
  /** Keeps records that are given up; rejects if it could not, and is then tried again. */
  readonly discard: (discarded: Discarded) => Promise<void>;
  /** Told of records, in order, as soon as they need no further work. */
  readonly done: (items: readonly Item[]) => void;
  readonly signal: AbortSignal;
}

interface Piece<Item> {
  readonly items: readonly Item[];
  /** Failed invocations that count against the retry limit. */
  readonly failures: number;
  readonly invocations: number;
  readonly last?: NonNullable<Discarded["last"]>;
}

/**
 * Takes a batch through as many invocations as it needs: until the function has taken every record or the rules
 * gave it up. Resolves early, with records not done, only when the signal aborts.
 *
 * After a failure the batch shrinks to what is left from the lowest sequence number that was reported. With
 * bisection it is split there, or else in the middle, which uses up no retry; a single record is retried as it is.
 *
 * A record that the stream no longer keeps is gone, even if it is to be retried for ever: no destination hears of it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export async function processBatch<Item extends BatchRecord>(
  batch: readonly Item[],
  { shardId, rules, clock, invoke, discard, done, signal }: BatchProcess<Item>,
): Promise<void> {
  const pieces: Piece<Item>[] = [{ items: batch, failures: 0, invocations: 0 }];
  let waits = 0;
  const pause = (): Promise<void> => {
    const [first, most] = RETRY_WAITS_MS;
    waits += 1;
    return clock.sleep(Math.min(first * 2 ** (waits - 1), most), signal);
  };
  const giveUp = async (piece: Piece<Item>, condition: Discarded["condition"]): Promise<void> => {
    const { items: records, invocations, last } = piece;
    const discarded = { condition, shardId, records, invocations, ...(last === undefined ? {} : { last }) };
    while (!signal.aborted)
      try {
        await discard(discarded);
        done(records as readonly Item[]);
        return;
      } catch (error) {
        console.error(`records of ${shardId} could not be given up, and are kept: ${String(error)}`);
        await pause();
      }
  };

  for (let piece = pieces.shift(); piece !== undefined && !signal.aborted; piece = pieces.shift()) {
    const expired = countExpired(piece.items, rules.maximumRecordAgeSeconds, clock.now());
    if (expired > 0) {
      if (expired < piece.items.length) pieces.unshift({ ...piece, items: piece.items.slice(expired) });
      await giveUp({ ...piece, items: piece.items.slice(0, expired) }, "RecordAgeExceeded");
      continue;
    }
    const gone = countExpired(piece.items, STREAM_RETENTION_SECONDS, clock.now());
    if (gone > 0) {
      console.error(`LOST ${gone} record(s) of ${shardId}: they failed until the stream dropped them`);
      done(piece.items.slice(0, gone));
      if (gone < piece.items.length) pieces.unshift({ ...piece, items: piece.items.slice(gone) });
      continue;
    }
    const outcome = await invoke(`{"Records":[${piece.items.map(({ json }) => json).join(",")}]}`);
    if (outcome.kind === "rejected") {
      if (signal.aborted) return;
      pieces.unshift(piece); // not invoked: no retry is used up
      await pause();
      continue;
    }
    const failedAt = firstFailure(
      piece.items,
      outcome.kind === "answered" ? outcome.payload : undefined,
      rules,
    );
    if (failedAt > 0) done(piece.items.slice(0, failedAt));
    if (failedAt >= piece.items.length) {
      waits = 0;
      continue;
    }
    if (signal.aborted) return;
    const { requestId, version } = outcome;
    const left: Piece<Item> = {
      items: piece.items.slice(failedAt),
      failures: piece.failures,
      invocations: piece.invocations + 1,
      last: { requestId, version, failed: outcome.kind === "failed" },
    };
    if (rules.bisect && piece.items.length > 1) {
      pieces.unshift(...(failedAt > 0 ? [left] : halves(left)));
      await pause();
    } else if (rules.maximumRetryAttempts >= 0 && left.failures >= rules.maximumRetryAttempts)
      await giveUp(left, "RetryAttemptsExhausted");
    else {
      pieces.unshift({ ...left, failures: left.failures + 1 });
      await pause();
    }
  }
}

/** How many records at the start are too old: a stream is in order of time. */
function countExpired(items: readonly BatchRecord[], ageSeconds: number, now: number): number {
  if (ageSeconds < 0) return 0;
  const young = items.findIndex(({ createdAt }) => now - createdAt <= ageSeconds * 1_000);
  return young < 0 ? items.length : young;
}

/** Where the records begin that were not processed; the batch's length if all were. */
function firstFailure(items: readonly BatchRecord[], payload: string | undefined, rules: BatchRules): number {
  if (payload === undefined) return 0;
  if (!rules.reportsItemFailures) return items.length;
  const reported = readBatchResponse(payload, (id) =>
    items.some(({ sequenceNumber }) => sequenceNumber === id),
  );
  if (reported.kind === "success") return items.length;
  if (reported.kind === "failure") return 0;
  return items.findIndex(({ sequenceNumber }) => reported.ids.has(sequenceNumber));
}

function halves<Item>(piece: Piece<Item>): [Piece<Item>, Piece<Item>] {
  const middle = Math.ceil(piece.items.length / 2);
  return [
    { ...piece, items: piece.items.slice(0, middle) },
    { ...piece, items: piece.items.slice(middle) },
  ];
}
