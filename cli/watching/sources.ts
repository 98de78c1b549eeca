import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** What is watched whatever the modules are: they are read when nothing builds, or are no modules. */
const ALWAYS = [
  "handlers",
  "sql",
  "stacks",
  "tracking-plan",
  "main.ts",
  "package-lock.json",
  "tsconfig.json",
];

/**
 * The project's own modules that a synth runs, by path under the root, with forward slashes: what they say of
 * resources takes an apply.
 * @throws esbuild's `BuildFailure` when they cannot be followed.
 */
export function synthModules(root: string): readonly string[] {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: ["./main.ts"],
    outdir: root,
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    metafile: true,
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs);
}

/** What lies directly under the root and holds any of these modules. */
export function watchedNames(root: string, modules: readonly string[]): ReadonlySet<string> {
  const names = modules.map((path) => path.split("/")[0] ?? "");
  return new Set([...ALWAYS, ...names].filter((name) => existsSync(join(root, name))));
}
