/** How long nothing may change before what changed is taken for whole: editors write a file in several steps. */
const QUIET_MS = 60;

/** Changes that belong together. */
export interface ChangeBatch {
  /** Paths under the root, each once. */
  readonly paths: readonly string[];
  /** When the first of them was seen, `performance.now()`. */
  readonly since: number;
}

/** Gathers changes and hands them on in batches, one at a time; what changes meanwhile is the next batch. */
export class Batches {
  readonly #work: (batch: ChangeBatch) => Promise<void>;
  #paths = new Set<string>();
  #since = 0;
  #quiet: NodeJS.Timeout | undefined;
  #busy: Promise<void> | undefined;
  #closed = false;

  /** @param work must not reject. */
  constructor(work: (batch: ChangeBatch) => Promise<void>) {
    this.#work = work;
  }

  /** Takes a changed path. */
  add(path: string): void {
    if (this.#closed) return;
    if (this.#paths.size === 0) this.#since = performance.now();
    this.#paths.add(path);
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      this.#next();
    }, QUIET_MS);
  }

  /** Hands on a batch without a change, for what may have changed before anyone looked. */
  begin(): void {
    this.#run({ paths: [], since: performance.now() });
  }

  /** Takes no more changes; resolves when nothing is being worked on. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#quiet);
    await this.#busy;
  }

  #next(): void {
    if (this.#closed || this.#busy !== undefined || this.#quiet !== undefined || this.#paths.size === 0)
      return;
    const paths = [...this.#paths];
    this.#paths = new Set();
    this.#run({ paths, since: this.#since });
  }

  #run(batch: ChangeBatch): void {
    this.#busy = this.#work(batch).then(() => {
      this.#busy = undefined;
      this.#next();
    });
  }
}
