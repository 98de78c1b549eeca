import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Checker } from "../../local/redshift/check/checker";
import type { CheckedStatement } from "../../local/redshift/check/refusal";
import { projectRoot } from "../paths";
import type { Finding, Linted } from "./finding";
import { sqlfluff, UNREAD } from "./sqlfluff";

/** A file is one call of the Data API. */
const BATCH_STATEMENTS = 40;
const STATEMENT_BYTES = 100 * 1024;
const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html";

/**
 * Checks files of SQL: Redshift's rules by the checker, style by sqlfluff.
 * @param python the interpreter of the project's environment.
 */
export async function lintSql(python: string, paths: readonly string[]): Promise<Linted> {
  const checker = new Checker(python);
  try {
    const [checked, style] = await Promise.all([
      checkAll(checker, paths),
      paths.length === 0 ? [] : sqlfluff(python, paths),
    ]);
    const refused = new Set(checked.findings.map(({ file }) => file));
    const unread = style.filter(({ rule, file }) => rule === UNREAD && !refused.has(file));
    const findings = [...checked.findings, ...style.filter(({ rule }) => rule !== UNREAD)];
    findings.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
    return { files: paths.length, statements: checked.statements, findings, unread };
  } finally {
    await checker.stop();
  }
}

/** In order: a function that one file creates may be called in the next. */
async function checkAll(
  checker: Checker,
  paths: readonly string[],
): Promise<{ readonly statements: number; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  const functions: string[] = [];
  let count = 0;
  for (const path of paths) {
    const file = relative(projectRoot, resolve(path));
    const sql = readFileSync(path, "utf8");
    const statements = await checker.check(sql, functions);
    count += statements.length;
    for (const statement of statements) {
      functions.push(...statement.creates);
      for (const { rule, reason, suggestion, url, line, column } of statement.refusals)
        findings.push({
          ...{ by: "redshift", file, line, column, rule, reason },
          ...(suggestion === null ? {} : { suggestion }),
          ...(url === null ? {} : { url }),
        });
    }
    findings.push(
      ...asBatch(sql, statements).map((finding) => ({ by: "redshift" as const, file, ...finding })),
    );
  }
  return { statements: count, findings };
}

/** What a file's statements may not do together. */
function asBatch(sql: string, statements: readonly CheckedStatement[]): Omit<Finding, "by" | "file">[] {
  const found: Omit<Finding, "by" | "file">[] = [];
  for (const { line, column, at, end, alone } of statements) {
    const bytes = Buffer.byteLength(sql.slice(at, end));
    if (bytes > STATEMENT_BYTES)
      found.push({
        ...{ line, column, rule: "batch-limit", url: DATA_API },
        reason: `A statement has at most 100 KB, got ${bytes} bytes.`,
      });
    if (alone !== null && statements.length > 1)
      found.push({
        ...{ line, column, rule: "transaction" },
        reason: `${alone} cannot run inside a transaction, and a file is one.`,
        suggestion: "a file of its own",
        url: "https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html",
      });
  }
  const first = statements[BATCH_STATEMENTS];
  if (first !== undefined)
    found.push({
      ...{ line: first.line, column: first.column, rule: "batch-limit", url: DATA_API },
      reason: `A file has at most ${BATCH_STATEMENTS} statements, got ${statements.length}.`,
    });
  return found;
}
