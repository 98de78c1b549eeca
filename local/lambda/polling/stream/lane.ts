import { MAX_BATCH_BYTES } from "../batch-event";
import type { Clock } from "./types";

/** Records of some partition keys, in order, waiting to be a batch. */
export class Lane<Item extends { readonly json: string }> {
  #items: Item[] = [];
  #firstAt = 0;
  #wake: (() => void) | undefined;

  constructor(
    private readonly batchSize: number,
    private readonly windowMs: number,
    private readonly clock: Clock,
  ) {}

  push(item: Item): void {
    if (this.#items.length === 0) this.#firstAt = this.clock.now();
    this.#items.push(item);
    if (this.windowMs === 0 || this.#items.length >= this.batchSize) this.#wake?.();
    else if (this.#items.length === 1) this.#wake?.(); // the window begins
  }

  /** The next batch: once it is full, or its window is over. Empty when the signal aborts. */
  async take(signal: AbortSignal): Promise<Item[]> {
    while (!signal.aborted) {
      const size = this.#fitting();
      const left = this.#items.length === 0 ? undefined : this.#firstAt + this.windowMs - this.clock.now();
      if (size > 0 && (size >= this.batchSize || size < this.#items.length || (left ?? 0) <= 0)) {
        const batch = this.#items.slice(0, size);
        this.#items = this.#items.slice(size);
        this.#firstAt = this.clock.now();
        return batch;
      }
      await this.#woken(left, signal);
    }
    return [];
  }

  /** How many records of those waiting fit into one batch; at least one, however large. */
  #fitting(): number {
    let bytes = 0;
    let count = 0;
    for (const { json } of this.#items) {
      bytes += Buffer.byteLength(json) + 1;
      if (count >= this.batchSize || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
      count += 1;
    }
    return count;
  }

  /** Resolves when a record comes, after a while, or when the signal aborts. */
  #woken(ms: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve) => {
      const sleeping = new AbortController();
      const end = (): void => {
        this.#wake = undefined;
        signal.removeEventListener("abort", end);
        sleeping.abort();
        resolve();
      };
      this.#wake = end;
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      else if (ms !== undefined) void this.clock.sleep(ms, sleeping.signal).then(end);
    });
  }
}
