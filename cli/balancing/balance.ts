import type { Hourly } from "./counts";
import type { LakeCounts } from "./lake";
import type { LoadedCounts, TableCheck } from "./warehouse";

/** Events and rejections at every stage. */
export interface Stages {
  /** Items stored for the first time, in events. */
  readonly stored: number;
  /** What came again under the same key, in events. */
  readonly duplicate: number;
  readonly transformed: number;
  readonly failed: number;
  /** Lines of the lake, those delivered twice included. */
  readonly lake_raw: number;
  readonly lake_events: number;
  readonly lake_failed: number;
  readonly warehouse_events: number;
  readonly warehouse_failed: number;
  /** Lines that the loader read and had already: delivered twice, or sent again in another batch. */
  readonly warehouse_dropped: number;
  /** Stored, and not yet accounted for in the warehouse. */
  readonly in_flight: number;
  /** Whether every event stored is accounted for, once. */
  readonly balanced: boolean;
}

/** The whole balance. */
export interface Balance extends Stages {
  readonly hours: readonly ({ readonly hour: string } & Stages)[];
  /** What is not as it should be, a sentence each. */
  readonly findings: readonly string[];
}

/** Balances the stages against each other, per hour of `received_at` and in total. */
export function balance(lake: LakeCounts, loaded: LoadedCounts, tables?: TableCheck): Balance {
  const hours = [
    ...new Set(
      [lake.stored, lake.duplicate, lake.eventLines, lake.failedLines, loaded.events, loaded.failed].flatMap(
        (count) => [...count.keys()],
      ),
    ),
  ].sort();
  const rows = hours.map((hour) => ({ hour, ...stages((count) => count.get(hour) ?? 0, lake, loaded) }));
  const total = stages(sum, lake, loaded);
  const findings = [
    ...findingsOf(total, lake),
    ...(tables === undefined ? [] : tableFindings(total, tables)),
  ];
  return { ...total, balanced: total.balanced && findings.length === 0, hours: rows, findings };
}

function stages(of: (count: Hourly) => number, lake: LakeCounts, loaded: LoadedCounts): Stages {
  const stored = of(lake.stored);
  const transformed = of(lake.transformed);
  const failed = of(lake.failed);
  const eventLines = of(lake.eventLines);
  const failedLines = of(lake.failedLines);
  const events = of(loaded.events);
  const failures = of(loaded.failed);
  const dropped = of(loaded.droppedEvents) + of(loaded.droppedFailed);
  const redelivered = eventLines - transformed + (failedLines - failed);
  const inFlight = stored - (events + failures + dropped - redelivered);
  return {
    stored,
    duplicate: of(lake.duplicate),
    transformed,
    failed,
    lake_raw: of(lake.rawLines),
    lake_events: eventLines,
    lake_failed: failedLines,
    warehouse_events: events,
    warehouse_failed: failures,
    warehouse_dropped: dropped,
    in_flight: inFlight,
    balanced:
      stored === transformed + failed &&
      eventLines === events + of(loaded.droppedEvents) &&
      failedLines === failures + of(loaded.droppedFailed),
  };
}

function findingsOf(total: Stages, lake: LakeCounts): string[] {
  const findings: string[] = [];
  if (total.in_flight < 0)
    findings.push(
      `The warehouse accounts for ${-total.in_flight} events more than the raw lake holds: raw lines are still on their way, or lost.`,
    );
  if (lake.undelivered > 0)
    findings.push(
      `${lake.undelivered} objects hold records that the transform could not deliver; they wait for a replay.`,
    );
  return findings;
}

function tableFindings(total: Stages, tables: TableCheck): string[] {
  const findings = tables.mismatches.map(
    ({ table, hour, ledger, rows }) =>
      `Table ${table} holds ${rows} rows of ${hour}, its ledger says ${ledger}.`,
  );
  if (tables.missingIds > Math.max(total.in_flight, 0))
    findings.push(`${tables.missingIds} events of the raw lake are not in the table.`);
  if (tables.unknownIds > 0)
    findings.push(`${tables.unknownIds} events of the table are not in the raw lake.`);
  return findings;
}

function sum(count: Hourly): number {
  let total = 0;
  for (const value of count.values()) total += value;
  return total;
}
