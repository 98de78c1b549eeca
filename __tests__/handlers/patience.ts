import type { Patience } from "../../handlers/backoff";

/** Patience for a time of its own, which passes only while one sleeps. */
export function patience(ms: number): Patience & { readonly slept: readonly number[] } {
  const slept: number[] = [];
  let remaining = ms;
  return {
    slept,
    remainingMs: () => remaining,
    sleep: async (pause) => {
      slept.push(pause);
      remaining -= pause;
    },
    random: () => 1,
  };
}

/** An error as a service's client throws it. */
export function serviceError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}
