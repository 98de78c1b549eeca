import { balance } from "../../../cli/balancing/balance";
import type { LakeCounts } from "../../../cli/balancing/lake";
import type { LoadedCounts } from "../../../cli/balancing/warehouse";

const hour = "2026-11-23T09";
const at = (count: number): Map<string, number> => new Map([[hour, count]]);

const lake = (
  counts: Partial<
    Record<"stored" | "duplicate" | "transformed" | "failed" | "eventLines" | "failedLines", number>
  >,
): LakeCounts => ({
  stored: at(counts.stored ?? 0),
  duplicate: at(counts.duplicate ?? 0),
  transformed: at(counts.transformed ?? 0),
  failed: at(counts.failed ?? 0),
  rawLines: at(1),
  eventLines: at(counts.eventLines ?? counts.transformed ?? 0),
  failedLines: at(counts.failedLines ?? counts.failed ?? 0),
  undelivered: 0,
  eventIds: new Set(),
});
const loaded = (events: number, failed = 0, droppedEvents = 0, droppedFailed = 0): LoadedCounts => ({
  events: at(events),
  failed: at(failed),
  droppedEvents: at(droppedEvents),
  droppedFailed: at(droppedFailed),
});

describe("the balance", () => {
  it("holds when every stored event is in the warehouse once", () => {
    expect(balance(lake({ stored: 10, transformed: 9, failed: 1 }), loaded(9, 1))).toMatchObject({
      stored: 10,
      warehouse_events: 9,
      warehouse_failed: 1,
      in_flight: 0,
      balanced: true,
      hours: [{ hour, balanced: true }],
    });
  });

  it("holds when an event came again in another batch and was dropped", () => {
    expect(balance(lake({ stored: 10, transformed: 10 }), loaded(9, 0, 1))).toMatchObject({
      in_flight: 0,
      balanced: true,
    });
  });

  it("holds when a delivery stream delivered twice", () => {
    expect(balance(lake({ stored: 10, transformed: 10, eventLines: 15 }), loaded(10, 0, 5))).toMatchObject({
      warehouse_dropped: 5,
      in_flight: 0,
      balanced: true,
    });
  });

  it("counts what came again under the same key apart", () => {
    expect(balance(lake({ stored: 10, duplicate: 10, transformed: 10 }), loaded(10))).toMatchObject({
      duplicate: 10,
      balanced: true,
    });
  });

  it.each([
    ["the transform", lake({ stored: 10, transformed: 7 }), loaded(7), 3],
    ["the loader", lake({ stored: 10, transformed: 10 }), loaded(6), 4],
    ["the transform, of the rejections", lake({ stored: 10, transformed: 9 }), loaded(9), 1],
  ])("shows what has not passed %s", (_, inLake, inWarehouse, missing) => {
    expect(balance(inLake, inWarehouse)).toMatchObject({ in_flight: missing, balanced: false });
  });

  it("does not hold when the warehouse has more than was stored", () => {
    const result = balance(lake({ stored: 10, transformed: 12 }), loaded(12));
    expect(result.balanced).toBe(false);
    expect(result.findings).toHaveLength(1);
  });

  const tables = { mismatches: [], unknownIds: 0, missingIds: 0 };

  it.each([
    [
      "a table that differs from its ledger",
      { ...tables, mismatches: [{ table: "events", hour, ledger: 9, rows: 8 }] },
    ],
    ["an event that the raw lake does not know", { ...tables, unknownIds: 1 }],
    ["an event that is missing though all was loaded", { ...tables, missingIds: 1 }],
  ])("finds, when it looks deep, %s", (_, check) => {
    const result = balance(lake({ stored: 9, transformed: 9 }), loaded(9), check);
    expect(result.balanced).toBe(false);
    expect(result.findings).toHaveLength(1);
  });

  it("finds records that wait for a replay", () => {
    expect(balance({ ...lake({ stored: 9, transformed: 9 }), undelivered: 2 }, loaded(9)).balanced).toBe(
      false,
    );
  });
});
