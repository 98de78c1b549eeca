import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { buildSnippet } from "../../browser/build";
import { compilePlan } from "../../tracking-plan/build/compile";
import { type Files, zip } from "./zip";

export const handlerNames = ["collect", "transform", "load", "migrate", "replay"] as const;
export type HandlerName = (typeof handlerNames)[number];

/** The folder of the archives, in the folder that is synthesized to. */
export const FUNCTIONS_FOLDER = "functions";

/** A function's code, ready to be deployed. */
export interface Bundle {
  /** The zip archive: `index.mjs`, and beside it what the function runs of `sql/`, the script that it serves, or the tracking plan. */
  readonly path: string;
  /** SHA-256 of the archive in base64, as Lambda knows it. */
  readonly sha256: string;
}

export interface Bundles {
  readonly functions: Readonly<Record<HandlerName, Bundle>>;
  /** SHA-256 over the names and contents of what the migration runs, in hex: another one means work for it. */
  readonly sqlHash: string;
}

/** A function's code in memory. */
export interface Archive extends Pick<Bundle, "sha256"> {
  readonly zip: Buffer;
}

export interface Archives {
  readonly functions: Readonly<Record<HandlerName, Archive>>;
  /** The project's own modules that the functions are made from, by path under the root, with forward slashes. */
  readonly modules: readonly string[];
}

/** The folders of `sql/` that functions carry beside their code. */
const sqlFolders: Readonly<Record<HandlerName, readonly string[]>> = {
  collect: [],
  transform: [],
  load: ["load", "sessions"],
  migrate: ["migrations", "models", "sessions"],
  replay: ["load", "replay", "sessions"],
};

/** The tracking plan's functions, in the archives of handlers that import it. */
const PLAN_MODULE = "plan.mjs";

/** Some of what is bundled is CommonJS and asks for Node's own modules by `require`. */
const REQUIRE =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * Bundles every handler: `handlers/<name>/index.ts` and all it imports become one minified ES module.
 * @param root the folder that holds `handlers/` and `sql/`.
 * @param folder where the archives are written.
 * @throws when a handler or the tracking plan does not build.
 */
export function bundleHandlers(root: string, folder: string): Bundles {
  const { functions } = archiveHandlers(root);
  mkdirSync(folder, { recursive: true });
  const bundled = handlerNames.map((name) => {
    const path = archivePath(folder, name);
    writeFileSync(path, functions[name].zip);
    return [name, { path, sha256: functions[name].sha256 }] as const;
  });
  return {
    functions: Object.fromEntries(bundled) as Record<HandlerName, Bundle>,
    sqlHash: hashOf(sqlOf("migrate", root)),
  };
}

/** Where `bundleHandlers` writes a function's archive. */
export function archivePath(folder: string, name: HandlerName): string {
  return resolve(folder, `${name}.zip`);
}

/**
 * The same bundles in memory.
 * @throws esbuild's `BuildFailure` when a handler does not build, `PlanError` when the tracking plan is wrong.
 */
export function archiveHandlers(root: string): Archives {
  const { code, modules } = build(root);
  const snippet = buildSnippet(root);
  const plan = compilePlan(root);
  const beside: Partial<Record<HandlerName, Files>> = {
    collect: { "clickstream.js": snippet.code },
    transform: { [PLAN_MODULE]: plan.code },
    replay: { [PLAN_MODULE]: plan.code },
  };
  const archives = handlerNames.map(
    (name) =>
      [name, archiveOf(zip({ "index.mjs": code[name], ...sqlOf(name, root), ...beside[name] }))] as const,
  );
  return {
    functions: Object.fromEntries(archives) as Record<HandlerName, Archive>,
    modules: [...modules, ...snippet.modules, ...plan.modules],
  };
}

/** An archive with its hash. */
export function archiveOf(content: Buffer): Archive {
  return { zip: content, sha256: createHash("sha256").update(content).digest("base64") };
}

function build(root: string): {
  readonly code: Readonly<Record<HandlerName, Uint8Array>>;
  readonly modules: readonly string[];
} {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(handlerNames.map((name) => [name, `./handlers/${name}/index.ts`])),
    outdir: root,
    write: false,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "none",
    banner: { js: REQUIRE },
    external: [`./${PLAN_MODULE}`],
    metafile: true,
    logLevel: "silent", // what is thrown says it all
  });
  const code = outputFiles.map(({ path, contents }) => [basename(path, ".js"), contents]);
  return {
    code: Object.fromEntries(code) as Record<HandlerName, Uint8Array>,
    modules: Object.keys(metafile.inputs).filter((path) => !path.includes("node_modules/")),
  };
}

/** What a function runs of `sql/`, by path under `root`. */
function sqlOf(name: HandlerName, root: string): Files {
  const paths = sqlFolders[name].flatMap((folder) =>
    readdirSync(join(root, "sql", folder))
      .filter((file) => file.endsWith(".sql") && !file.startsWith(".")) // an editor's lock file is neither
      .map((file) => `sql/${folder}/${file}`),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path))]));
}

function hashOf(files: Files): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(files).sort()) {
    const content = createHash("sha256")
      .update(files[path] ?? "")
      .digest("hex");
    hash.update(`${path}\n${content}\n`);
  }
  return hash.digest("hex");
}
