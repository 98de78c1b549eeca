import { cancelled } from "../errors";

/**
 * One writing transaction at a time, in the order of asking. Redshift locks by table; one lock for all of them gives
 * the same results, and a writer never meets a conflict that it did not wait for.
 */
export class WriteLock {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  /**
   * Waits for the lock.
   * @returns what gives it back; calling that twice does no harm.
   * @throws {SqlError} when the signal fires first.
   */
  async acquire(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw cancelled();
    if (this.#held) await this.#turn(signal);
    this.#held = true;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#held = false;
      this.#waiting.shift()?.();
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(cancelled());
      };
      const turn = (): void => {
        signal.removeEventListener("abort", leave);
        this.#held = true; // before anyone else can ask
        resolve();
      };
      this.#waiting.push(turn);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
