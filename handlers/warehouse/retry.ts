import { StatementFailed } from "./failure";
import type { Waiting } from "./warehouse";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 20_000;

/**
 * Runs a transaction again that met another one, with exponential back-off and full jitter, while there is time.
 * @param random a number from 0 up to 1.
 * @throws StatementFailed that is no conflict, or the last conflict; whatever else `work` throws.
 */
export async function retryConflicts<Result>(
  work: () => Promise<Result>,
  { remainingMs, sleep }: Waiting,
  random: () => number,
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const delay = Math.ceil(random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt));
      if (!(error instanceof StatementFailed && error.isConflict) || remainingMs() <= delay) throw error;
      await sleep(delay);
    }
  }
}
