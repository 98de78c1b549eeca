import { createServer } from "node:net";

/**
 * Below the range that systems take outgoing connections' ports from (32768 and up on Linux, 49152 elsewhere): while
 * a service restarts, no connection can take its place.
 */
const LOWEST = 20_000;
const HIGHEST = 29_999;

/** A free port that a service can keep: it finds it free again after a restart, unless another program takes it. */
export async function lastingPort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  let candidate = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
  while (taken.has(candidate) || !(await isFree(candidate)))
    candidate = candidate >= HIGHEST ? LOWEST : candidate + 1;
  return candidate;
}

/** Whether nothing listens on a port of the loopback interface. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
