import { readFileSync } from "node:fs";
import { join } from "node:path";
import { splitStatements } from "../warehouse/split";

/** The replay's statements, as they stand in `sql/replay/`, and what it shares with the loader. */
export interface ReplaySql {
  /** Makes the staging tables. */
  readonly stage: readonly string[];
  /** Asks what must be looked at; see the loader's. */
  readonly bounds: string;
  /** Three questions: events that are missing, rejections that are missing, the transform's own rejections. */
  readonly missing: readonly string[];
  /** One transaction: events that the table has are exchanged for the staged ones. Its last statement counts them. */
  readonly renew: readonly string[];
  /** One transaction; its last statement counts the hours. */
  readonly settle: readonly string[];
  readonly clear: readonly string[];
  readonly sessions: readonly string[];
}

const LOCK = "lock table load_lock";

/** Reads the statements. @param root the folder that holds `load/`, `replay/` and `sessions/`. */
export function readReplaySql(root: string): ReplaySql {
  const read = (name: string) => splitStatements(readFileSync(join(root, name), "utf8"));
  // Columns are listed once: what the loader inserts is what is left in the staging table.
  const insert = read("load/4_events.sql").filter((sql) => sql.startsWith("insert into events ("));
  if (insert.length !== 1) throw new Error("sql/load/4_events.sql must insert into events once");
  return {
    stage: read("load/1_stage.sql"),
    bounds: read("load/2_bounds.sql").join(),
    missing: read("replay/1_missing.sql"),
    renew: [LOCK, ...read("replay/2_renew.sql"), ...insert, "select count(*) as renewed from new_events"],
    settle: [LOCK, ...read("replay/3_settle.sql")],
    clear: [LOCK, ...read("replay/4_clear.sql")],
    sessions: [LOCK, ...read("sessions/1_all_activity.sql"), ...read("sessions/2_merge.sql")],
  };
}
