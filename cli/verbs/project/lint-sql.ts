import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pythonEnvironment } from "../../../local/setup/python";
import { SetupError } from "../../../local/setup/setup-error";
import type { Finding } from "../../linting/finding";
import { lintSql as lint } from "../../linting/lint";
import { projectRoot, stateRoot } from "../../paths";
import { step, UserError } from "../../terminal";
import type { Verb } from "../verb";

const sqlFolder = join(projectRoot, "sql");

/** `npm run lint:sql`: would Redshift take the project's SQL, and is it written as the rest is. */
export const lintSql: Verb = {
  summary: "Check SQL against Redshift's rules, and its style",
  usage: "[FILE or FOLDER …] [options]   (default: sql/)",
  details:
    "Each statement is checked against Redshift's documented grammar, words, types, functions and rules, and each file against what one call of the Data API takes. sqlfluff checks the style.",
  async run(call) {
    const files = sqlFiles(call.arguments.length === 0 ? [sqlFolder] : call.arguments);
    const { statements, findings, unread } = await lint(await python(), files);
    if (call.json) {
      console.log(JSON.stringify({ files: files.length, statements, findings, unread }));
    } else {
      for (const finding of findings) console.log(shown(finding));
      for (const { file, line, column } of unread)
        console.error(
          `${file}:${line}:${column} is Redshift's, and more than sqlfluff reads: its style is not checked`,
        );
      console.error(
        `${statements} statements in ${files.length} files: ${findings.length === 0 ? "no findings" : `${findings.length} findings`}`,
      );
    }
    return findings.length === 0 ? 0 : 1;
  },
};

/** Checks `sql/`, unless the last check found nothing and neither the files nor what checks them have changed. */
export async function lintUnlessKnown(): Promise<number> {
  const marker = join(stateRoot, "linted");
  const inputs = [
    ...filesIn(sqlFolder),
    ...filesIn(join(projectRoot, "local", "redshift", "check")).filter(
      (file) => !file.includes("__pycache__"),
    ),
    ...filesIn(join(projectRoot, "cli", "linting")),
    ...[".sqlfluff", join("local", "setup", "requirements.txt")].map((file) => join(projectRoot, file)),
  ];
  const hash = createHash("sha256");
  for (const file of inputs) hash.update(`${file}\n`).update(readFileSync(file));
  const state = hash.digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === state) return 0;
  const code = (await lintSql.run({ arguments: [] })) ?? 0;
  if (code === 0) writeFileSync(marker, state);
  return code;
}

async function python(): Promise<string> {
  mkdirSync(stateRoot, { recursive: true });
  let waited = false;
  const ready = pythonEnvironment(stateRoot, () => {
    waited = true;
  });
  const soon = new Promise((resolve) => setTimeout(resolve, 2_000));
  try {
    await Promise.race([ready, soon]);
    return waited ? await step("Preparing Python", () => ready) : await ready;
  } catch (error) {
    throw error instanceof SetupError ? new UserError(error.message) : error;
  }
}

function sqlFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!existsSync(path)) throw new UserError(`There is no file or folder ${path}`);
    if (!statSync(path).isDirectory()) return [resolve(path)];
    return filesIn(path).filter((name) => name.endsWith(".sql"));
  });
}

/** Every file in a folder and its folders, in order. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** `file:line:col rule: reason` */
function shown({ file, line, column, rule, reason, suggestion, url }: Finding): string {
  const instead = suggestion === undefined ? "" : ` Write: ${suggestion}.`;
  return `${file}:${line}:${column} ${rule}: ${reason}${instead}${url === undefined ? "" : ` ${url}`}`;
}
