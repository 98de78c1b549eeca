import { randomUUID } from "node:crypto";
import { openEnvironment, type Target } from "../../../cli/environment";
import { waitForArrival } from "../../../cli/importing/arrival";
import { collectorOf } from "../../../cli/importing/collector";
import type { Collector } from "../../../cli/importing/send";
import { batchesOf, type SentBatch, sendUntilTaken } from "../../../cli/torture/traffic";
import { judge } from "../../../cli/torture/verdict";
import { arrivalsOf, queryRows } from "../../../cli/warehouse";
import { seeded } from "../../../local/faults/random";
import { RemoteFaults } from "../../../local/faults/remote";
import { cloud, until } from "../verb";

export const MINUTES = 60_000;

/** The tests' cloud, with faults to set on it. */
export class Scene {
  private constructor(
    readonly target: Target,
    readonly collector: Collector,
    readonly faults: RemoteFaults,
  ) {}

  static async open(): Promise<Scene> {
    const target = await openEnvironment({ env: "local" });
    return new Scene(target, collectorOf(target, "server"), new RemoteFaults(cloud().gatewayUrl));
  }

  /** Sets faults, with the same chance at every run of the tests. */
  async set(...faults: readonly string[]): Promise<void> {
    await this.faults.set(faults, 11);
  }

  /** How often each fault that is set has struck. */
  async struck(): Promise<Record<string, number>> {
    const { faults } = await this.faults.list();
    return Object.fromEntries(faults.map(({ fault, struck }) => [fault, struck]));
  }

  /** Sends made-up batches, each until it is acknowledged. */
  async send(count: number): Promise<SentBatch[]> {
    const batches = batchesOf(randomUUID(), count, seeded(1), new Date());
    return Promise.all(batches.map((batch) => sendUntilTaken(this.collector, batch, 2 * MINUTES)));
  }

  /** Waits until the warehouse has all of these events; how many copies of each. */
  async copies(eventIds: readonly string[]): Promise<number[]> {
    const { query, wakeLoader } = arrivalsOf(this.target);
    const found = new Map<string, number>();
    await until(
      `${eventIds.length} events are in the warehouse`,
      async () => {
        await wakeLoader();
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        const list = eventIds.map((id) => `'${id}'`).join(", ");
        for (const [id, count] of await query(
          `select event_id, count(*) from events where event_id in (${list}) group by event_id`,
        ))
          found.set(String(id), Number(count));
        return found.size === eventIds.length;
      },
      240,
    );
    return eventIds.map((id) => found.get(id) ?? 0);
  }

  /** Waits until the warehouse has what was acknowledged, and expects it there once. */
  async expectOnce(sent: readonly SentBatch[]): Promise<void> {
    await waitForArrival(arrivalsOf(this.target), sent, () => undefined, 1_000, 4 * MINUTES);
    const query = (sql: string) => queryRows(this.target, sql);
    expect(await judge(query, sent)).toEqual({ missing: [], double: [], failedDifference: 0 });
  }
}

/** Every fault has struck at least once: else a test would have shown nothing. */
export function expectAllStruck(struck: Readonly<Record<string, number>>): void {
  expect(Object.entries(struck).filter(([, times]) => times === 0)).toEqual([]);
}
