import { literal } from "../../handlers/warehouse/split";
import type { Query } from "../balancing/warehouse";
import type { SentBatch } from "./traffic";

/** What became of what the collector acknowledged. */
export interface Verdict {
  /** Message ids of accepted events that the warehouse does not have. */
  readonly missing: readonly string[];
  /** Message ids of accepted events that it has more than once. */
  readonly double: readonly string[];
  /** How many rejected events it has beyond, or short of (negative), those acknowledged. */
  readonly failedDifference: number;
}

/** As many ids as one statement takes comfortably: a statement may have 100 KB. */
const IDS_A_STATEMENT = 1_000;

/** Asks the warehouse for every event that was acknowledged: each must be there once. */
export async function judge(query: Query, sent: readonly SentBatch[]): Promise<Verdict> {
  const ids = sent.flatMap(({ messageIds, rejectedIds }) => messageIds.filter((id) => !rejectedIds.has(id)));
  const copies = new Map<string, number>();
  for (let at = 0; at < ids.length; at += IDS_A_STATEMENT) {
    const list = ids
      .slice(at, at + IDS_A_STATEMENT)
      .map(literal)
      .join(", ");
    const rows = await query(
      `select event_id, count(*) from events where event_id in (${list}) group by event_id`,
    );
    for (const [id, count] of rows) copies.set(String(id), Number(count));
  }
  const batches = [...new Set(sent.flatMap(({ receipt }) => receipt.batches))];
  const [row] =
    batches.length === 0
      ? []
      : await query(
          `select count(*) from failed_events where batch_id in (${batches.map(literal).join(", ")})`,
        );
  const failed = sent.reduce((sum, { receipt }) => sum + receipt.failed, 0);
  return {
    missing: ids.filter((id) => !copies.has(id)),
    double: ids.filter((id) => (copies.get(id) ?? 0) > 1),
    failedDifference: Number(row?.[0] ?? 0) - failed,
  };
}
