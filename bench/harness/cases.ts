import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "./case";

/** A case and its name, `<group>/<case>`: the path of its file. */
export interface NamedCase {
  readonly name: string;
  readonly case: Case;
}

const root = join(__dirname, "..");
/** Folders of `bench/` that hold no cases. */
const NO_GROUPS: ReadonlySet<string> = new Set(["harness"]);
/** Files of a group that its cases share. */
const SHARED = "support.ts";

/** The names of all cases, in groups. */
export function caseNames(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_GROUPS.has(entry.name))
    .flatMap(({ name: group }) =>
      readdirSync(join(folder, group))
        .filter((file) => file.endsWith(".ts") && file !== SHARED)
        .map((file) => `${group}/${file.slice(0, -".ts".length)}`),
    )
    .sort();
}

/** Those that `--only` means: a group, a case, or the beginning of a case's name. */
export function chosen(names: readonly string[], only: string | undefined): string[] {
  return names.filter((name) => only === undefined || name.startsWith(only));
}

/** Loads cases. @throws when a file has no case for its default export. */
export async function loadCases(names: readonly string[], folder = root): Promise<NamedCase[]> {
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, `${name}.ts`);
      if (!existsSync(file)) throw new Error(`there is no case ${name}`);
      const loaded = (await import(file)) as { readonly default?: Case | { readonly default?: Case } };
      // As the loader has it, a module's default export stands in its exports, or in those of its exports.
      const found =
        loaded.default !== undefined && "default" in loaded.default ? loaded.default.default : loaded.default;
      if (found === undefined || !("prepare" in found))
        throw new Error(`bench/${name}.ts must have a case for its default export`);
      return { name, case: found };
    }),
  );
}
