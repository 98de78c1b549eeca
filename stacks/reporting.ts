import type { WarehouseConfiguration } from "../handlers/migrate/env";
import type { Environment } from "./config";

/** What an environment decides about its warehouse, with every default. */
export function warehouseConfiguration(environment: Environment): WarehouseConfiguration {
  const { names, warehouseUsers, sessionMinutes, timeZone, internalTraffic } = environment;
  return {
    users: { ...warehouseUsers, [names.functions.load]: "loader", [names.functions.replay]: "replayer" },
    sessionMinutes: sessionMinutes ?? 30,
    timeZone: timeZone ?? "UTC",
    internalTraffic: internalTraffic ?? {},
  };
}
