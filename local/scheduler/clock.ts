/** Time as a parameter: the system's, or a test's. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `action` once after `delayMs`, or earlier; returns what cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/**
 * Timers do not count the time that a laptop sleeps, so that none may wait longer than this: what is due is
 * then at most this late.
 */
const LONGEST_WAIT_MS = 30_000;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, Math.min(delayMs, LONGEST_WAIT_MS));
    return () => clearTimeout(timer);
  },
};
