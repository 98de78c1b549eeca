import { readFileSync } from "node:fs";
import { join } from "node:path";
import { literal, splitStatements } from "../warehouse/split";

/** The loader's statements, as they stand in `sql/load/` and `sql/sessions/`. */
export interface LoadSql {
  /** Makes the staging tables. */
  readonly stage: readonly string[];
  /** Asks what the load must look at: one row, its columns being parameters of the statements behind. */
  readonly bounds: string;
  /** Begins the transaction: locks, and fails when a file is loaded already. */
  readonly begin: readonly string[];
  /** Inserts what is new, brings the models up to date, and writes the ledger. */
  readonly merge: readonly string[];
}

/** Reads the loader's statements. @param root the folder that holds `load/` and `sessions/`. */
export function readLoadSql(root: string): LoadSql {
  const read = (name: string) => splitStatements(readFileSync(join(root, name), "utf8"));
  return {
    stage: read("load/1_stage.sql"),
    bounds: read("load/2_bounds.sql").join(),
    begin: read("load/3_begin.sql"),
    merge: [
      "load/4_events.sql",
      "load/5_failed_events.sql",
      "load/6_identity_links.sql",
      "load/7_sessions.sql",
      "sessions/2_merge.sql",
      "load/8_ledger.sql",
    ].flatMap(read),
  };
}

/** What is copied into a staging table. */
export interface Copy {
  readonly table: "staged_files" | "staged_events" | "staged_failed_events";
  /** Key of the manifest, or of the file itself. */
  readonly key: string;
  readonly manifest: boolean;
}

/** COPY of gzip JSON lines. @see https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html */
export function copyStatement({ table, key, manifest }: Copy, bucket: string, roleArn: string): string {
  return [
    `copy ${table} from ${literal(`s3://${bucket}/${key}`)}`,
    `iam_role ${literal(roleArn)}`,
    "format as json 'auto'",
    "gzip",
    ...(manifest ? ["manifest"] : []),
    "timeformat 'auto'",
    "compupdate off",
    "statupdate off",
  ].join("\n");
}
