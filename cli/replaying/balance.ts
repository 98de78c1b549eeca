import { setTimeout as sleep } from "node:timers/promises";
import type { Balance } from "../balancing/balance";
import { hourOf } from "../balancing/counts";
import { takeBalance } from "../balancing/take";
import { type Target, wakeLoader } from "../environment";
import { step } from "../terminal";

/** So often the balance is taken while events of the span may be on their way, with a pause in between. */
const TRIES = 8;
const PAUSE_MS = 5_000;

/**
 * Whether the hours of a span balance; a span that ends now has events on their way, which are waited for a little.
 * @param from ISO 8601. @default all hours
 */
export async function balanceOf(
  target: Target,
  from: string | undefined,
  until: string | undefined,
): Promise<{ readonly balanced: boolean; readonly findings: readonly string[] }> {
  return step("Balancing", async (shown) => {
    for (let attempt = 1; ; attempt += 1) {
      const taken = await takeBalance(target, false, (what) => shown.update(what));
      const open = openHours(taken, from, until);
      if (open.length === 0 || attempt === TRIES)
        return {
          balanced: open.length === 0,
          findings: [...open.map((hour) => `The hour ${hour} does not balance.`), ...taken.findings],
        };
      await wakeLoader(target);
      await sleep(PAUSE_MS);
    }
  });
}

function openHours({ hours }: Balance, from: string | undefined, until: string | undefined): string[] {
  const first = from === undefined ? "" : hourOf(from);
  return hours
    .filter(
      ({ hour, balanced }) => !balanced && hour >= first && (until === undefined || `${hour}:00` < until),
    )
    .map(({ hour }) => hour);
}
