import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The folder inside a mirror that holds the AWS provider. */
const PROVIDER = join("registry.terraform.io", "hashicorp", "aws");

/** How deep below a place a mirror is looked for. */
const DEPTH = 4;

/**
 * Writes the Terraform CLI configuration that the local cloud uses, and names it: the AWS provider from a
 * filesystem mirror if this machine has one, else downloaded once into a cache.
 * @returns the file's path, for TF_CLI_CONFIG_FILE.
 */
export function terraformConfig(stateRoot: string): string {
  const cache = join(stateRoot, "terraform-plugins");
  mkdirSync(cache, { recursive: true });
  const mirror = findMirror();
  const lines =
    mirror === undefined
      ? [`plugin_cache_dir = ${JSON.stringify(cache)}`]
      : [
          "provider_installation {",
          "  filesystem_mirror {",
          `    path    = ${JSON.stringify(mirror)}`,
          '    include = ["hashicorp/aws"]',
          "  }",
          "  direct {",
          '    exclude = ["hashicorp/aws"]',
          "  }",
          "}",
        ];
  const file = join(stateRoot, "terraform.rc");
  writeFileSync(file, `disable_checkpoint = true\n${lines.join("\n")}\n`);
  return file;
}

/** A folder of this machine that is laid out as a provider mirror and holds the AWS provider. */
export function findMirror(
  places: readonly string[] = ["/opt", "/usr/local/share", "/usr/share", homedir()],
): string | undefined {
  for (const place of places) {
    const found = search(place, DEPTH);
    if (found !== undefined) return found;
  }
  return undefined;
}

function search(folder: string, depth: number): string | undefined {
  if (existsSync(join(folder, PROVIDER))) return folder;
  if (depth === 0) return undefined;
  for (const name of subfolders(folder)) {
    const found = search(join(folder, name), depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
      .map((entry) => entry.name);
  } catch {
    return []; // a folder that may not be read holds no mirror for us
  }
}
