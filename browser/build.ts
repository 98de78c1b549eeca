import { buildSync } from "esbuild";
import { version } from "../package.json";

/** The script that sites load. */
export interface Snippet {
  readonly code: Buffer;
  /** The project's own modules that it is made from, by path under the root, with forward slashes. */
  readonly modules: readonly string[];
}

/**
 * Builds `browser/snippet` to one minified script for browsers of 2020 and newer.
 * @param root the folder that holds `browser/`
 * @throws esbuild's `BuildFailure` when it does not build
 */
export function buildSnippet(root: string): Snippet {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: ["./browser/snippet/index.ts"],
    write: false,
    bundle: true,
    platform: "browser",
    target: "es2020",
    format: "iife",
    minify: true,
    legalComments: "none",
    define: { VERSION: JSON.stringify(version) },
    metafile: true,
    logLevel: "silent", // what is thrown says it all
  });
  return { code: Buffer.from(outputFiles[0]?.contents ?? []), modules: Object.keys(metafile.inputs) };
}
