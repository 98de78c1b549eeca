import type { SentBatch } from "../../../cli/torture/traffic";
import { judge } from "../../../cli/torture/verdict";

const batch = (messageIds: string[], rejected: string[] = []): SentBatch => ({
  receipt: {
    ...{ accepted: messageIds.length - rejected.length, failed: rejected.length, duplicate: 0 },
    batches: [`batch of ${messageIds[0]}`],
  },
  messageIds,
  rejectedIds: new Set(rejected),
});

/** A warehouse that holds these events, and so many rejected ones. */
const warehouse = (events: readonly string[], failed: number) => async (sql: string) => {
  if (sql.includes("failed_events")) return [[failed]];
  const counts = new Map<string, number>();
  for (const id of events) if (sql.includes(`'${id}'`)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts];
};

describe("the verdict on what was acknowledged", () => {
  it("is clean when every accepted event is there once, and every rejected one", async () => {
    const sent = [batch(["a", "b"]), batch(["c", "d"], ["d"])];
    expect(await judge(warehouse(["a", "b", "c", "someone else's"], 1), sent)).toEqual({
      missing: [],
      double: [],
      failedDifference: 0,
    });
  });

  it("names what is missing and what is there twice, and counts rejected events", async () => {
    const sent = [batch(["a", "b", "c"]), batch(["d", "e"], ["e"])];
    expect(await judge(warehouse(["a", "c", "c", "d"], 2), sent)).toEqual({
      missing: ["b"],
      double: ["c"],
      failedDifference: 1,
    });
  });

  it("asks in statements of a size that the warehouse takes", async () => {
    const ids = Array.from({ length: 2_500 }, (_, at) => at.toString(16).padStart(32, "0"));
    const asked: number[] = [];
    const all = warehouse(ids, 0);
    const query = async (sql: string) => {
      asked.push(Buffer.byteLength(sql));
      return all(sql);
    };
    expect(await judge(query, [batch(ids)])).toMatchObject({ missing: [], double: [] });
    expect(asked.length).toBe(4);
    expect(Math.max(...asked)).toBeLessThan(100_000);
  });
});
