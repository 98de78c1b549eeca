import { MAX_BATCH_BYTES, readBatchResponse } from "../batch-event";
import type { Matches } from "../filters";
import type { Clock, InvokeBatch } from "../stream/types";
import type { QueueRecord, QueueSource } from "./source";

/** Longest wait for a message in one call, seconds. */
const WAIT_SECONDS = 5;
/** Waits after a failed call: doubled from the first up to the second, ms. */
const FAULT_WAITS_MS = [200, 5_000] as const;

/** How a mapping treats messages. */
export interface QueueRules {
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maximumConcurrency: number;
  readonly reportsItemFailures: boolean;
}

/** A mapping's queue being polled. */
export interface QueuePolling {
  readonly queueArn: string;
  readonly source: QueueSource;
  readonly rules: QueueRules;
  /** Lets messages through that the function wants; others are deleted. */
  readonly matches?: Matches;
  readonly clock: Clock;
  readonly invoke: InvokeBatch;
}

/**
 * Polls a queue until the signal aborts. A message is deleted once the function has taken it; what failed comes
 * again when its visibility timeout is over, or goes to the dead-letter queue: both are the queue's own doing.
 */
export async function pollQueue(polling: QueuePolling, signal: AbortSignal): Promise<void> {
  const { rules, clock } = polling;
  const working = new Set<Promise<void>>();
  let faults = 0;
  while (!signal.aborted)
    try {
      if (working.size >= rules.maximumConcurrency) {
        await Promise.race(working);
        continue;
      }
      const batch = await collect(polling, signal);
      faults = 0;
      for (const part of fitting(batch)) {
        while (working.size >= rules.maximumConcurrency) await Promise.race(working);
        const work = processMessages(polling, part, signal)
          .catch((error: unknown) =>
            console.error(`messages of ${polling.queueArn} will come again: ${String(error)}`),
          )
          .finally(() => working.delete(work));
        working.add(work);
      }
    } catch (error) {
      if (signal.aborted) break;
      if (faults === 0)
        console.error(`${polling.queueArn} cannot be read, and is tried again: ${String(error)}`);
      const [first, most] = FAULT_WAITS_MS;
      await clock.sleep(Math.min(first * 2 ** faults, most), signal);
      faults += 1;
    }
  await Promise.all(working);
}

/** Receives a batch: what is there, or with a window as much as comes until it is full or over. */
async function collect({ source, rules, clock }: QueuePolling, signal: AbortSignal): Promise<QueueRecord[]> {
  const batch = [...(await source.receive(rules.batchSize, WAIT_SECONDS, signal))];
  const end = clock.now() + rules.windowMs;
  while (batch.length > 0 && batch.length < rules.batchSize && !signal.aborted) {
    const left = end - clock.now();
    if (left <= 0) break;
    try {
      batch.push(
        ...(await source.receive(
          rules.batchSize - batch.length,
          Math.min(Math.ceil(left / 1_000), WAIT_SECONDS),
          signal,
        )),
      );
    } catch (error) {
      console.error(`a batch is sent before its window is over: ${String(error)}`);
      break; // what was received is not given back
    }
  }
  return batch;
}

/** A batch in parts that each fit into one event. */
function fitting(batch: readonly QueueRecord[]): QueueRecord[][] {
  const parts: QueueRecord[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of batch) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1;
    bytes += size;
    if (bytes > MAX_BATCH_BYTES) {
      parts.push([]);
      bytes = size;
    }
    parts.at(-1)?.push(record);
  }
  return parts;
}

async function processMessages(
  { source, rules, matches, invoke, clock }: QueuePolling,
  batch: readonly QueueRecord[],
  signal: AbortSignal,
): Promise<void> {
  const wanted = matches === undefined ? batch : batch.filter((record) => matches(filterable(record)));
  const unwanted = batch.filter((record) => !wanted.includes(record));
  if (unwanted.length > 0) await source.remove(unwanted);
  if (wanted.length === 0) return;
  const outcome = await invoke(JSON.stringify({ Records: wanted }));
  if (outcome.kind === "rejected") return clock.sleep(FAULT_WAITS_MS[1], signal); // throttled: polls less
  if (outcome.kind === "failed") return;
  if (!rules.reportsItemFailures) return source.remove(wanted);
  const reported = readBatchResponse(outcome.payload, (id) =>
    wanted.some(({ messageId }) => messageId === id),
  );
  if (reported.kind === "failure") return;
  const done =
    reported.kind === "success" ? wanted : wanted.filter(({ messageId }) => !reported.ids.has(messageId));
  if (done.length > 0) await source.remove(done);
}

/** A message as a filter sees it: a body that is JSON is looked into. */
function filterable(record: QueueRecord): object {
  try {
    return { ...record, body: JSON.parse(record.body) as unknown };
  } catch {
    return record;
  }
}
