import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { PlanEvent } from "../../tracking-plan/build/read";
import { projectRoot } from "../paths";
import { UserError } from "../terminal";
import { dataDictionary } from "./dictionary";
import { lockOf, lockPath, readLock } from "./lock";
import { planTypes, typesPath } from "./types";

export const dictionaryPath = "docs/data-dictionary.md";

/** A file that derives from the plan, under the project's folder. */
export interface Generated {
  readonly path: string;
  readonly text: string;
}

/** The lock of a plan, as its file. */
export function lockFile(events: readonly PlanEvent[]): Generated {
  return formatted(lockPath, JSON.stringify(lockOf(events)));
}

/** The snippet's types of a plan, as their file. */
export async function typesFile(events: readonly PlanEvent[]): Promise<Generated> {
  return formatted(typesPath, await planTypes(events));
}

/** The data dictionary, as its file. */
export function dictionaryFile(events: readonly PlanEvent[]): Generated {
  return { path: dictionaryPath, text: dataDictionary(events) };
}

/** Paths of files that derive from the plan and are not as it would have them. */
export async function staleFiles(root: string, events: readonly PlanEvent[]): Promise<string[]> {
  const files = [await typesFile(events), dictionaryFile(events)];
  const stale = files.filter(({ path, text }) => read(root, path) !== text).map(({ path }) => path);
  // Its order is nothing that matters, and how it is formatted is the formatter's.
  return isDeepStrictEqual(readLock(root), JSON.parse(JSON.stringify(lockOf(events))))
    ? stale
    : [lockPath, ...stale];
}

/** Writes files. @returns paths of those that changed. */
export function writeFiles(root: string, files: readonly Generated[]): string[] {
  const changed = files.filter(({ path, text }) => read(root, path) !== text);
  for (const { path, text } of changed) writeFileSync(join(root, path), text);
  return changed.map(({ path }) => path);
}

/** Text as the project's formatter has it. @throws UserError when it cannot read it. */
export function formatted(path: string, text: string): Generated {
  const biome = createRequire(join(projectRoot, "package.json")).resolve("@biomejs/biome/bin/biome");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, "format", `--stdin-file-path=${path}`],
    { cwd: projectRoot, input: text, encoding: "utf8" },
  );
  if (status !== 0) throw new UserError(`${path} could not be formatted: ${stderr.trim()}`);
  return { path, text: stdout };
}

function read(root: string, path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
