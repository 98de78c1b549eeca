import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../paths";
import type { Verb } from "./index";

/** What every change must pass, quickest first. */
const gates: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format and lint", "biome", "check", "--error-on-warnings", "."],
  ["types", "tsc", "--project", "."],
  ["types of the snippet", "tsc", "--project", "browser"],
  ["types of the browser tests", "tsc", "--project", "__tests__/e2e/browser"],
  ["unit tests", "jest", "--selectProjects", "unit"],
];

/** `npm run check`: the gate, the same by hand and in CI. */
export const check: Verb = {
  summary: "Check format, lint, types and unit tests",
  async run() {
    for (const [name, command, ...args] of gates) {
      console.error(`· ${name}`);
      if (runTool(command, args) !== 0) return 1;
    }
    return 0;
  },
};

/** Runs a tool of the project's own dependencies. @returns its exit code. */
export function runTool(command: string, args: readonly string[]): number {
  const suffix = process.platform === "win32" ? ".cmd" : "";
  const result = spawnSync(join(projectRoot, "node_modules", ".bin", command + suffix), [...args], {
    cwd: projectRoot,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  return result.status ?? 1;
}
