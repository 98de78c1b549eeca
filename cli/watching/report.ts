import type { BuildFailure } from "esbuild";
import colors from "picocolors";

/** How many names a line shows. */
const SHOWN = 3;

/** "transform has new code after 0.6 s (handlers/enrich/enrich.ts)". */
export function changedLine(what: string, since: number, paths: readonly string[]): string {
  const seconds = ((performance.now() - since) / 1_000).toFixed(1);
  const why = paths.length === 0 ? "" : colors.dim(` (${listed(paths)})`);
  return `${colors.green("↻")} ${what} after ${seconds} s${why}`;
}

/** Something that a person has to see to. */
export function problemLine(problem: string): string {
  return `${colors.red("✗")} ${problem}`;
}

/** Something that waits for a person. */
export function waitingLine(what: string): string {
  return `${colors.yellow("!")} ${what}`;
}

/** Why code does not build: a place and a message an error, and the line itself. */
export function buildProblem(error: unknown): string {
  if (!isBuildFailure(error)) return messageOf(error);
  return error.errors
    .map(({ location, text }) =>
      location === null
        ? text
        : `${location.file}:${location.line}:${location.column + 1}: ${text}\n    ${location.lineText.trim()}`,
    )
    .join("\n");
}

/** An error's message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Some names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return more > 0 ? `${names.slice(0, SHOWN).join(", ")} and ${more} more` : names.join(", ");
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return Array.isArray((error as Partial<BuildFailure> | undefined)?.errors);
}
