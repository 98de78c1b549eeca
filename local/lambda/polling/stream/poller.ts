import { Store } from "../../../service/store";
import type { Matches } from "../filters";
import { readShard } from "./shard";
import type { BatchRules, Clock, Discarded, InvokeBatch, Shard, StreamSource } from "./types";

/** How often new shards are looked for, ms. */
const SHARDS_MS = 5_000;
/** Wait after the shards could not be listed, ms. */
const FAULT_MS = 1_000;

/** How far a mapping has come, by shard. */
interface Checkpoints {
  shards: Record<string, Progress>;
}

interface Progress {
  /** Up to here, this one included, everything is done. */
  sequenceNumber?: string;
  ended?: true;
  /** Set for a shard that is read from where LATEST was when the mapping was made. */
  fromEnd?: true;
}

/** A mapping's stream being polled. */
export interface StreamPolling {
  readonly uuid: string;
  readonly streamArn: string;
  readonly start: "TRIM_HORIZON" | "LATEST";
  /** When the mapping was made, Unix time in ms: nothing older is delivered if it starts at LATEST. */
  readonly createdMs?: number;
  readonly source: StreamSource;
  readonly rules: BatchRules;
  readonly matches?: Matches;
  readonly clock: Clock;
  readonly invoke: InvokeBatch;
  readonly discard: (discarded: Discarded) => Promise<void>;
  /** Where checkpoints are kept. */
  readonly folder: string;
}

/**
 * Polls a stream until the signal aborts: every shard, a child after its parent. What is done is remembered in the
 * folder only after the function has taken it, so that a killed process delivers again and never skips.
 */
export async function pollStream(polling: StreamPolling, signal: AbortSignal): Promise<void> {
  const { source, clock } = polling;
  const checkpoints = new Store<Checkpoints>(polling.folder, polling.uuid, { shards: {} });
  const { shards: progress } = checkpoints.state;
  const reading = new Map<string, Promise<void>>();
  let first = Object.keys(progress).length === 0;
  let failing = false;
  while (!signal.aborted) {
    let shards: readonly Shard[];
    try {
      shards = await source.shards();
      failing = false;
    } catch (error) {
      if (signal.aborted) break;
      if (!failing)
        console.error(`${polling.streamArn} cannot be described, and is tried again: ${String(error)}`);
      failing = true;
      await clock.sleep(FAULT_MS, signal);
      continue;
    }
    const listed = new Set(shards.map(({ id }) => id));
    for (const { id, parentId } of shards) {
      const parentDone =
        parentId === undefined || !listed.has(parentId) || progress[parentId]?.ended === true;
      if (reading.has(id) || progress[id]?.ended || !parentDone) continue;
      reading.set(id, read(id, parentId === undefined));
    }
    first = false; // a shard that appears from now on is read whole
    for (const id of Object.keys(progress)) if (!listed.has(id) && !reading.has(id)) delete progress[id];
    const changed = Promise.race([...reading.values(), clock.sleep(SHARDS_MS, signal)]);
    await changed;
  }
  await Promise.all(reading.values());

  /** @param root without a parent: what a mapping that starts at LATEST reads from its own beginning only. */
  async function read(shardId: string, root: boolean): Promise<void> {
    const fromEnd = root && polling.start === "LATEST" && (first || progress[shardId]?.fromEnd === true);
    const known: Progress = progress[shardId] ?? (fromEnd ? { fromEnd: true } : {});
    const seen = shardId in progress;
    progress[shardId] = known;
    if (fromEnd && !seen) checkpoints.save(); // the next process must not take a later end for the beginning
    const ended = await readShard({
      ...polling,
      shardId,
      start: fromEnd && !seen ? "LATEST" : "TRIM_HORIZON",
      ...(fromEnd && polling.createdMs !== undefined ? { sinceMs: polling.createdMs } : {}),
      ...(known.sequenceNumber === undefined ? {} : { checkpoint: known.sequenceNumber }),
      save: (sequenceNumber) => {
        known.sequenceNumber = sequenceNumber;
        checkpoints.save();
      },
      signal,
    });
    reading.delete(shardId);
    if (!ended) return;
    known.ended = true;
    checkpoints.save();
  }
}
