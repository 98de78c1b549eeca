/** Counts by hour of `received_at` (`2026-11-23T09`, UTC). */
export type Hourly = ReadonlyMap<string, number>;

/** A count that grows. */
export class HourlyCount {
  readonly #hours = new Map<string, number>();

  add(hour: string, amount = 1): void {
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + amount);
  }

  get hours(): Hourly {
    return this.#hours;
  }
}

/** The hour that a time lies in: ISO 8601 or as the warehouse writes it. */
export function hourOf(time: string): string {
  return time.slice(0, 13).replace(" ", "T");
}
