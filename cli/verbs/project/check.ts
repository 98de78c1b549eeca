import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { projectRoot } from "../../paths";
import type { Verb } from "../verb";
import { lintUnlessKnown } from "./lint-sql";
import { checkPlan } from "./schema";

/** What every change must pass, quickest first. */
const gates: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format and lint", "biome", "check", "--error-on-warnings", "."],
  ["types", "tsc", "--project", "."],
  ["types of the snippet", "tsc", "--project", "browser"],
  ["types of the browser tests", "tsc", "--project", "__tests__/e2e/browser"],
];

/** `npm run check`: the gate, the same by hand and in CI. */
export const check: Verb = {
  summary: "Check format, lint, types, the tracking plan, SQL and unit tests",
  async run() {
    for (const [name, command, ...args] of gates) {
      console.error(`· ${name}`);
      if ((await runTool(command, args)) !== 0) return 1;
    }
    console.error("· tracking plan");
    if ((await checkPlan({})) !== 0) return 1;
    console.error("· SQL");
    if ((await lintUnlessKnown()) !== 0) return 1;
    console.error("· unit tests");
    return runTool("jest", ["--selectProjects", "unit"]);
  },
};

/** Runs a tool of the project's own dependencies. @returns its exit code. */
export async function runTool(command: string, args: readonly string[]): Promise<number> {
  const wait = (): void => undefined; // Ctrl-C reaches the tool too, which then ends in its own order
  process.on("SIGINT", wait);
  const [code] = (await once(beginTool(command, args, "inherit"), "close")) as [number | null];
  process.off("SIGINT", wait);
  return code ?? 1;
}

/** Begins a tool of the project's own dependencies. @param variables beside those that this process has. */
export function beginTool(
  command: string,
  args: readonly string[],
  stdio: SpawnOptions["stdio"],
  variables: Readonly<Record<string, string>> = {},
) {
  const suffix = process.platform === "win32" ? ".cmd" : "";
  return spawn(join(projectRoot, "node_modules", ".bin", command + suffix), [...args], {
    ...{ cwd: projectRoot, stdio, env: { ...process.env, ...variables } },
    shell: process.platform === "win32",
  });
}
