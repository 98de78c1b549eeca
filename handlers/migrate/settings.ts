import { createHash } from "node:crypto";
import { literal } from "../warehouse/split";
import type { Warehouse } from "../warehouse/warehouse";
import type { WarehouseConfiguration } from "./env";
import { type InternalRule, rulesOf } from "./internal-traffic";

/** What became of the settings. */
export type SettingsChange = "unchanged" | "changed" | "sessions rebuilt";

/**
 * Writes what the environment decides about the models into the warehouse. When that, or the SQL of sessions, changes
 * what a session is, they are built anew from all events in the same transaction; loads wait meanwhile.
 * @param rebuild statements that build sessions anew.
 */
export async function applySettings(
  { sessionMinutes, timeZone, internalTraffic }: WarehouseConfiguration,
  rebuild: readonly string[],
  warehouse: Pick<Warehouse, "query" | "transaction">,
): Promise<SettingsChange> {
  const rules = rulesOf(internalTraffic);
  const checksum = createHash("sha256")
    .update(JSON.stringify([sessionMinutes, rules, rebuild]))
    .digest("hex");
  const { rows } = await warehouse.query("select time_zone, sessions_checksum from settings");
  const [[knownZone, knownChecksum] = []] = rows;
  const isSameZone = rows.length === 1 && knownZone === timeZone;
  const isSameChecksum = rows.length === 1 && knownChecksum === checksum;
  if (isSameZone && isSameChecksum) return "unchanged";
  await warehouse.transaction([
    "lock table load_lock",
    "delete from settings",
    `insert into settings (session_minutes, time_zone, sessions_checksum) values (${sessionMinutes}, ${literal(timeZone)}, ${literal(checksum)})`,
    ...(isSameChecksum ? [] : [...replaceRules(rules), ...rebuild]),
  ]);
  return isSameChecksum ? "changed" : "sessions rebuilt";
}

function replaceRules(rules: readonly InternalRule[]): string[] {
  const values = rules.map(
    ({ kind, lowest, highest }) => `(${literal(kind)}, ${literal(lowest)}, ${literal(highest)})`,
  );
  return [
    "delete from internal_traffic",
    ...(values.length === 0
      ? []
      : [`insert into internal_traffic (kind, lowest, highest) values ${values.join(", ")}`]),
  ];
}
