import { type Hourly, HourlyCount, hourOf } from "./counts";

/** Runs a query; rows of columns. */
export type Query = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** What the loader says it did: the sum over its loads. */
export interface LoadedCounts {
  readonly events: Hourly;
  readonly failed: Hourly;
  /** Lines read that were in the warehouse already, of both kinds. */
  readonly droppedEvents: Hourly;
  readonly droppedFailed: Hourly;
}

/** How the tables themselves compare. */
export interface TableCheck {
  /** Hours in which a table holds another number of rows than the loader's ledger says. */
  readonly mismatches: readonly {
    readonly table: string;
    readonly hour: string;
    readonly ledger: number;
    readonly rows: number;
  }[];
  /** Identities in the table that the raw lake has not. */
  readonly unknownIds: number;
  /** Identities in the raw lake that the table has not. */
  readonly missingIds: number;
}

/** What the loader wrote into its ledger. */
export async function countLoaded(query: Query): Promise<LoadedCounts> {
  const rows = await query(
    "select stream, received_hour, sum(inserted), sum(dropped) from load_counts group by stream, received_hour",
  );
  const counts = {
    events: new HourlyCount(),
    failed: new HourlyCount(),
    droppedEvents: new HourlyCount(),
    droppedFailed: new HourlyCount(),
  };
  for (const [stream, time, inserted, dropped] of rows) {
    const hour = hourOf(String(time));
    const isEvents = stream === "events";
    (isEvents ? counts.events : counts.failed).add(hour, Number(inserted));
    (isEvents ? counts.droppedEvents : counts.droppedFailed).add(hour, Number(dropped));
  }
  return {
    events: counts.events.hours,
    failed: counts.failed.hours,
    droppedEvents: counts.droppedEvents.hours,
    droppedFailed: counts.droppedFailed.hours,
  };
}

/** Holds the tables against their ledger, in one statement and so of one moment, and every event against the raw lake. */
export async function checkTables(query: Query, rawIds: ReadonlySet<string>): Promise<TableCheck> {
  const rows = await query(
    `select stream, received_hour, sum(ledger), sum(held) from (
       select stream, received_hour, inserted as ledger, 0 as held from load_counts
       union all
       select cast('events' as varchar(16)), date_trunc('hour', received_at), 0, 1 from events
       union all
       select cast('failed' as varchar(16)), date_trunc('hour', received_at), 0, 1 from failed_events
     ) counted
     group by stream, received_hour
     having sum(ledger) <> sum(held)`,
  );
  let known = 0;
  let unknown = 0;
  for (const [id] of await query("select event_id from events")) {
    if (rawIds.has(String(id))) known += 1;
    else unknown += 1;
  }
  return {
    mismatches: rows.map(([stream, time, ledger, held]) => ({
      table: stream === "events" ? "events" : "failed_events",
      hour: hourOf(String(time)),
      ledger: Number(ledger),
      rows: Number(held),
    })),
    unknownIds: unknown,
    missingIds: rawIds.size - known,
  };
}
