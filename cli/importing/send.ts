import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { UserError } from "../terminal";
import type { Batch } from "./batches";

/** What the collector made of a batch. */
export interface Receipt {
  readonly accepted: number;
  readonly failed: number;
  /** Messages whose identity stood in the batch before. */
  readonly duplicate: number;
  /** The `batch_id`s that its events and rejections were stored under. */
  readonly batches: readonly string[];
}

/** Where batches go. */
export interface Collector {
  readonly url: string;
  readonly writeKey: string;
}

/** How long a collector that is down or overloaded is tried again. */
const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Sends one batch until it is acknowledged: whatever says "try again" is tried again, with growing pauses.
 * @param signal ends the trying; what is on its way is still waited for. @default nothing does
 * @throws UserError when the collector refuses the batch for good, or stays away for a minute.
 */
export async function send(collector: Collector, batch: Batch, signal?: AbortSignal): Promise<Receipt> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await post(collector, batch.body);
    if (answer.status === 200) return receiptOf(answer.text, batch);
    if (answer.status === 401)
      throw new UserError(
        `The collector does not know the write key "${collector.writeKey}". Deploy again: its sources have changed.`,
      );
    const retryable =
      answer.status === undefined || answer.status === 408 || answer.status === 429 || answer.status >= 500;
    if (!retryable)
      throw new UserError(
        `The collector refused batch ${batch.index} for good (${answer.status}): ${answer.text}`,
      );
    if (Date.now() > giveUpAt || signal?.aborted === true)
      throw new UserError(
        `The collector at ${collector.url} does not take batch ${batch.index} (${answer.status ?? "no connection"}: ${answer.text}). What it acknowledged is kept; run the same command again to go on.`,
      );
    const pause = Math.min(200 * 2 ** attempt, LONGEST_PAUSE_MS);
    await sleep(pause / 2 + (Math.random() * pause) / 2, undefined, signal && { signal }).catch(
      () => undefined,
    );
  }
}

async function post(collector: Collector, body: string): Promise<{ status?: number; text: string }> {
  try {
    const answer = await fetch(new URL("v1/import", collector.url), {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${collector.writeKey}:`).toString("base64")}`,
        "content-type": "application/json",
        "content-encoding": "gzip",
      },
      body: gzipSync(body, { level: 1 }),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    return {
      text: error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error),
    };
  }
}

function receiptOf(text: string, batch: Batch): Receipt {
  const receipt = JSON.parse(text) as Partial<Receipt>;
  const { accepted = -1, failed = -1, duplicate = -1, batches = [] } = receipt;
  if (accepted < 0 || accepted + failed + duplicate !== batch.messages.length)
    throw new UserError(
      `The collector's receipt for batch ${batch.index} of ${batch.messages.length} messages does not add up: ${text}`,
    );
  return { accepted, failed, duplicate, batches };
}
