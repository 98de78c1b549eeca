/** How long a caller may go on trying, and how it waits. */
export interface Patience {
  /** Milliseconds left. */
  readonly remainingMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

/** What was left to send when patience ended. */
export class GaveUp extends Error {
  constructor(what: string, left: number, attempts: number, cause: unknown) {
    super(`${left} ${what} left unsent after ${attempts} attempts`, { cause });
    this.name = "GaveUp";
  }
}

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5_000;

/**
 * Sends items until none is left, with exponential back-off and full jitter between attempts.
 * @param send sends items and resolves with those that the service did not take.
 * @param what the items' name in an error.
 * @throws GaveUp when the time left does not suffice for another attempt; at once, what `send` throws and
 * another attempt would not mend.
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export async function sendAll<Item>(
  what: string,
  items: readonly Item[],
  send: (items: readonly Item[], signal: AbortSignal) => Promise<readonly Item[]>,
  patience: Patience,
): Promise<void> {
  let left = items;
  let cause: unknown;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    try {
      left = await send(left, AbortSignal.timeout(Math.max(1, Math.floor(patience.remainingMs()))));
      cause = undefined;
    } catch (error) {
      if (!isTransient(error)) throw error;
      cause = error;
    }
    if (left.length === 0) return;
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
    const delay = Math.ceil(patience.random() * ceiling);
    if (patience.remainingMs() <= delay) throw new GaveUp(what, left.length, attempt, cause);
    await patience.sleep(delay);
  }
}

const throttling = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "LimitExceededException",
  "ServiceUnavailableException",
  "TransactionInProgressException",
]);

/** Whether another attempt may succeed: a throttle, the service's own fault, or a connection that failed. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status === undefined || status >= 500 || status === 429 || throttling.has(error.name);
}
