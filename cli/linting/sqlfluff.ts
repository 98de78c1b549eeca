import { join, relative } from "node:path";
import { run } from "../../local/setup/run";
import { projectRoot } from "../paths";
import { UserError } from "../terminal";
import type { Finding } from "./finding";

/** What sqlfluff calls a place that its grammar of Redshift does not read. */
export const UNREAD = "PRS";

interface Report {
  readonly filepath: string;
  readonly violations: readonly {
    readonly start_line_no: number;
    readonly start_line_pos: number;
    readonly code: string;
    readonly name: string;
    readonly description: string;
  }[];
}

/** Runs sqlfluff with the project's rules (`.sqlfluff`) over files. */
export async function sqlfluff(python: string, files: readonly string[]): Promise<Finding[]> {
  const ended = await run(
    python,
    ["-m", "sqlfluff", "lint", "--format", "json", "--config", join(projectRoot, ".sqlfluff"), ...files],
    { cwd: projectRoot },
  );
  let reports: readonly Report[];
  try {
    reports = JSON.parse(ended.stdout) as readonly Report[];
  } catch (error) {
    throw new UserError(`sqlfluff failed: ${ended.stderr.trim() || ended.stdout.trim() || String(error)}`);
  }
  return reports.flatMap(({ filepath, violations }) =>
    violations.map((violation) => ({
      by: "style",
      file: relative(projectRoot, join(projectRoot, relative(projectRoot, filepath))),
      line: violation.start_line_no,
      column: violation.start_line_pos,
      rule: violation.name === "" ? violation.code : `${violation.code} ${violation.name}`,
      reason: violation.description.replaceAll(/\s+/g, " "),
      ...(violation.code === UNREAD
        ? {}
        : { url: `https://docs.sqlfluff.com/en/stable/reference/rules.html` }),
    })),
  );
}
