import type { Matches } from "../filters";
import { processBatch } from "./batch";
import { Lane } from "./lane";
import { Progress, type Ticket } from "./progress";
import {
  type BatchRecord,
  type BatchRules,
  type Clock,
  type Discarded,
  type InvokeBatch,
  PositionLost,
  type SourceRecord,
  type StreamSource,
} from "./types";

/** How long an exhausted shard is left alone, ms. AWS polls four times a second. */
const IDLE_MS = 200;
/** A stream that was not heard of for so long may have been restarted meanwhile, ms. */
const DOUBT_MS = 150;
/** How often a stream without new records is asked whether it still knows the last one, ms. */
const CONFIRM_MS = 2_000;
/** Waits after a failed call: doubled from the first up to the second, ms. */
const FAULT_WAITS_MS = [100, 2_000] as const;
/** Most records in hand, and most bytes of them, beyond which reading waits. */
const MAX_PENDING = 10_000;
const MAX_PENDING_BYTES = 64_000_000;

type Item = BatchRecord & { readonly ticket: Ticket };

/** What reading a shard needs. */
export interface ShardReading {
  readonly shardId: string;
  readonly streamArn: string;
  /** Where to begin if nothing of the shard is done yet. */
  readonly start: "TRIM_HORIZON" | "LATEST";
  /** Records of an earlier second are not delivered, Unix time in ms. @default none is too early */
  readonly sinceMs?: number;
  /** The sequence number up to which everything was done before. */
  readonly checkpoint?: string;
  readonly source: StreamSource;
  readonly rules: BatchRules;
  /** Lets records through that the function wants; others are done at once. */
  readonly matches?: Matches;
  readonly clock: Clock;
  readonly invoke: InvokeBatch;
  readonly discard: (discarded: Discarded) => Promise<void>;
  /** Keeps the new checkpoint. */
  readonly save: (sequenceNumber: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads a shard to its end, or until the signal aborts, and has every record processed: in order within a
 * partition key, in as many lanes at once as the rules say.
 * Resolves with whether the shard has ended and everything of it is done.
 */
export async function readShard(reading: ShardReading): Promise<boolean> {
  const { rules, clock, source, signal } = reading;
  const progress = new Progress(reading.save);
  const lanes = Array.from(
    { length: rules.lanes },
    () => new Lane<Item>(rules.batchSize, rules.windowMs, clock),
  );
  const ended = new AbortController(); // ends the lanes: once a closed shard is done, or when the signal aborts
  const end = (): void => ended.abort();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const working = lanes.map((lane) => runLane(lane, ended.signal));

  async function runLane(lane: Lane<Item>, until: AbortSignal): Promise<void> {
    const { shardId, invoke, discard } = reading;
    const done = (items: readonly Item[]): void => progress.finish(items.map(({ ticket }) => ticket));
    for (let batch = await lane.take(until); batch.length > 0; batch = await lane.take(until))
      await processBatch(batch, { shardId, rules, clock, invoke, discard, done, signal });
  }

  for await (const records of pages(reading)) {
    const skipped: Ticket[] = [];
    for (const record of records) {
      const json = JSON.stringify({ ...record, eventSourceARN: reading.streamArn });
      const ticket = progress.add(record.dynamodb.SequenceNumber, json.length);
      if (isEarlier(record, reading.sinceMs) || reading.matches?.(record) === false) skipped.push(ticket);
      else lanes[laneOf(source.partitionKey(record), lanes.length)]?.push(toItem(record, json, ticket));
    }
    if (skipped.length > 0) progress.finish(skipped);
    const full = (): boolean => progress.pending > MAX_PENDING || progress.pendingBytes > MAX_PENDING_BYTES;
    while (full() && !signal.aborted) await clock.sleep(5, signal);
  }
  while (progress.pending > 0 && !signal.aborted) await clock.sleep(20, signal);
  end();
  signal.removeEventListener("abort", end);
  await Promise.all(working);
  return !signal.aborted;
}

/** The shard's pages, each record once, whatever happens to the stream meanwhile; ends with a closed shard. */
async function* pages(reading: ShardReading): AsyncGenerator<readonly SourceRecord[]> {
  const { shardId, source, clock, signal } = reading;
  let last = reading.checkpoint;
  let start = reading.start;
  let iterator: string | undefined;
  let answeredAt = clock.now();
  let confirmedAt = clock.now();
  let faults = 0;
  while (!signal.aborted)
    try {
      iterator ??= await source.iterator(shardId, last === undefined ? start : { after: last });
      const page = await source.read(iterator);
      const now = clock.now();
      const doubtful = page.records.length > 0 ? now - answeredAt > DOUBT_MS : now - confirmedAt > CONFIRM_MS;
      answeredAt = now;
      if (doubtful && last !== undefined) {
        // A stream that lost its records in a restart may still take an old iterator, and skip what is new.
        await source.iterator(shardId, { after: last });
        confirmedAt = now;
      }
      faults = 0;
      last = page.records.at(-1)?.dynamodb.SequenceNumber ?? last;
      iterator = page.next;
      if (page.records.length > 0) yield page.records;
      else if (iterator !== undefined) await clock.sleep(IDLE_MS, signal);
      if (iterator === undefined) return;
    } catch (error) {
      iterator = undefined;
      if (error instanceof PositionLost) {
        // What follows the last record is only to be had from the beginning: too much rather than too little.
        if (last !== undefined && (await knows(source, shardId, last))) continue; // only the iterator was too old
        last = undefined;
        start = "TRIM_HORIZON";
      }
      if (signal.aborted) return;
      if (faults === 0)
        console.error(
          `reading ${shardId} of ${reading.streamArn} fails and is tried again: ${String(error)}`,
        );
      const [first, most] = FAULT_WAITS_MS;
      await clock.sleep(Math.min(first * 2 ** faults, most), signal);
      faults += 1;
    }
}

/** Whether the stream still holds a sequence number; a failing call says nothing and counts as yes. */
async function knows(source: StreamSource, shardId: string, sequenceNumber: string): Promise<boolean> {
  try {
    await source.iterator(shardId, { after: sequenceNumber });
    return true;
  } catch (error) {
    return !(error instanceof PositionLost);
  }
}

/** A stream tells a record's time in whole seconds. */
function isEarlier({ dynamodb }: SourceRecord, sinceMs = 0): boolean {
  return dynamodb.ApproximateCreationDateTime < Math.floor(sinceMs / 1_000);
}

function toItem(record: SourceRecord, json: string, ticket: Ticket): Item {
  return {
    json,
    sequenceNumber: record.dynamodb.SequenceNumber,
    createdAt: record.dynamodb.ApproximateCreationDateTime * 1_000,
    ticket,
  };
}

function laneOf(partitionKey: string, lanes: number): number {
  if (lanes === 1) return 0;
  let hash = 0;
  for (let index = 0; index < partitionKey.length; index += 1)
    hash = (Math.imul(hash, 31) + partitionKey.charCodeAt(index)) | 0;
  return Math.abs(hash) % lanes;
}
