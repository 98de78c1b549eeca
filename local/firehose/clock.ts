/** Time as a parameter: the system's, or a test's. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `action` once after `delayMs`; returns what cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** The machine's own time. A timer that waits does not keep the process alive: its server does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
