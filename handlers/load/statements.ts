import { readFileSync } from "node:fs";
import { join } from "node:path";
import { literal, splitStatements } from "../warehouse/split";

/** The loader's statements, as they stand in `sql/load/`. */
export interface LoadSql {
  /** Locks, and makes the staging tables. */
  readonly stage: readonly string[];
  /** Inserts what is new, and writes the ledger. */
  readonly merge: readonly string[];
}

/** Reads the loader's statements. */
export function readLoadSql(folder: string): LoadSql {
  const read = (name: string) => splitStatements(readFileSync(join(folder, name), "utf8"));
  return {
    stage: read("1_stage.sql"),
    merge: [...read("2_events.sql"), ...read("3_failed_events.sql"), ...read("4_ledger.sql")],
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
