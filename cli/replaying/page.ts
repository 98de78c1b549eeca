import { format, table } from "../terminal";
import type { Outcome } from "./run";

const shown = [
  ["items", "stored items, or records, that were read"],
  ["events", "events out of today's transform"],
  ["failed", "rejections out of today's transform"],
  ["missing_events", "events that the warehouse lacked"],
  ["missing_failed", "rejections that the warehouse lacked"],
  ["renewed", "events that were renewed"],
  ["recovered", "rejected events that are events now"],
  ["still_failing", "rejected events that are rejected still"],
  ["kept", "verdicts of today's transform that were not applied"],
  ["unreadable", "what could not be read"],
] as const;

/** What a replay did, for a person. */
export function outcomePage(outcome: Outcome, seconds: number): string {
  const rows = shown.filter(([name]) => name === "items" || outcome[name] > 0);
  return [
    table(
      ["", outcome.dry_run ? "would be" : "count", ""],
      rows.map(([name, meaning]) => [name, outcome[name], meaning]),
    ),
    "",
    ...outcome.findings,
    verdictOf(outcome, seconds),
  ].join("\n");
}

function verdictOf({ dry_run, balanced, files }: Outcome, seconds: number): string {
  if (dry_run) return "Nothing was changed: without --dry-run it is.";
  const what = `${format(files.length)} ${files.length === 1 ? "file" : "files"} loaded in ${seconds} s.`;
  return balanced
    ? `Done, and balanced. ${what}`
    : `Done, and not balanced: npm run balance says more. ${what}`;
}
