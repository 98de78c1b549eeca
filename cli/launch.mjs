// The one entry of every npm script. It runs before anything is installed, so it is plain JavaScript and uses
// Node's own modules alone: it installs the dependencies that package-lock.json names, then hands over to main.ts.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = [20, 19];

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(
    `Node ${OLDEST_NODE.join(".")} or newer is needed; this is ${process.versions.node}. Install it and try again.`,
  );
}

installDependencies();
// The SDK warns in every process on Node 20 that it will want Node 22 some day: nothing a user can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
process.chdir(root);
const require = createRequire(join(root, "package.json"));
await import(pathToFileURL(require.resolve("tsx")).href);
const { main } = require(join(root, "cli", "main.ts"));
process.exitCode = await main(process.argv.slice(2));

/** Installs what package-lock.json names, unless the last installation was of the same lock file. */
function installDependencies() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const marker = join(root, "node_modules", ".installed-lock");
  if (existsSync(marker) && readFileSync(marker, "utf8") === lock) return;
  console.error(
    "Installing the dependencies that package-lock.json names (the first time takes a minute or two) …",
  );
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    const reason = result.error?.message ?? result.stderr.trim().split("\n").slice(0, 12).join("\n");
    fail(
      `The dependencies could not be installed. Is the npm registry reachable from here? npm said:\n${reason}`,
    );
  }
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, lock);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
