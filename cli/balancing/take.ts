import type { Target } from "../environment";
import { queryRows } from "../warehouse";
import { type Balance, balance } from "./balance";
import { countLake } from "./lake";
import { checkTables, countLoaded } from "./warehouse";

/**
 * Takes an environment's balance.
 * @param deep also holds the warehouse's tables against the raw lake, event by event.
 * @param say is told how far it is.
 */
export async function takeBalance(
  target: Target,
  deep: boolean,
  say: (what: string) => void,
): Promise<Balance> {
  // The warehouse is read first: what reaches it meanwhile is then in flight, never missing from the lake.
  const query = (sql: string) => queryRows(target, sql);
  say("the warehouse's ledger");
  const loaded = await countLoaded(query);
  const lake = await countLake(target.outputs.lakeBucket, deep, say);
  if (!deep) return balance(lake, loaded);
  say("the warehouse's tables");
  return balance(lake, loaded, await checkTables(query, lake.eventIds));
}
