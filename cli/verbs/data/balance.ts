import type { Balance } from "../../balancing/balance";
import { takeBalance } from "../../balancing/take";
import { openEnvironment } from "../../environment";
import { format, step, table } from "../../terminal";
import type { Verb } from "../verb";

/** `npm run balance`: is every event that was stored accounted for, once? */
export const balance: Verb = {
  summary: "Count events at every stage, and say whether any is missing or twice",
  usage: "[--deep]",
  details: "Counts are of events, by the hour they were received in. Exit code 1 when they do not balance.",
  options: { deep: { type: "boolean", default: false } },
  help: { "--deep": "also hold the warehouse's tables against the raw lake, event by event" },
  async run(call) {
    const target = await openEnvironment(call);
    const result = await step("Balancing", (shown) =>
      takeBalance(target, call.deep === true, (what) => shown.update(what)),
    );
    console.log(call.json ? JSON.stringify(result) : page(result));
    return result.balanced ? 0 : 1;
  },
};

const shown = [
  ["stored", "events and rejections stored"],
  ["duplicate", "came again under the same key"],
  ["transformed", "events out of the transform"],
  ["failed", "rejections out of the transform"],
  ["lake_raw", "lines in raw/"],
  ["lake_events", "lines in events/"],
  ["lake_failed", "lines in failed/"],
  ["warehouse_events", "rows loaded into events"],
  ["warehouse_failed", "rows loaded into failed_events"],
  ["warehouse_dropped", "lines that the warehouse had already"],
  ["in_flight", "stored, not yet in the warehouse"],
] as const;

function page(result: Balance): string {
  const verdict = result.balanced
    ? "Balanced: every event stored is accounted for, once."
    : result.in_flight > 0
      ? `Not balanced: ${format(result.in_flight)} events are on their way, or lost. Run it again in a minute or two.`
      : "Not balanced.";
  return [
    table(
      ["stage", "events", ""],
      shown.map(([name, meaning]) => [name, result[name], meaning]),
    ),
    "",
    table(
      ["hour (UTC)", "stored", "transformed", "failed", "warehouse", "in flight", "balanced"],
      result.hours.map((hour) => [
        hour.hour,
        hour.stored,
        hour.transformed,
        hour.failed,
        hour.warehouse_events + hour.warehouse_failed,
        hour.in_flight,
        hour.balanced ? "yes" : "no",
      ]),
    ),
    "",
    ...result.findings,
    verdict,
  ].join("\n");
}
