import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run";
import { SetupError } from "./setup-error";
import { entriesOfZip } from "./unzip";

/** Where HashiCorp publishes Terraform, with a file of checksums beside each release. */
const RELEASES = "https://releases.hashicorp.com/terraform";

/**
 * The Terraform to use: the one that TERRAFORM_BINARY_NAME names (OpenTofu, say), else the one on PATH when it
 * satisfies `.terraform-version`, else that version downloaded into `<stateRoot>/terraform-<version>`, its
 * published checksum verified.
 * @param releases where releases are published. @default HashiCorp's own
 * @throws SetupError when none of these can be had.
 */
export async function findTerraform(
  projectRoot: string,
  stateRoot: string,
  say: (what: string) => void,
  releases = RELEASES,
): Promise<string> {
  const named = process.env.TERRAFORM_BINARY_NAME;
  if (named) {
    if ((await run(named, ["version"])).code === 0) return named;
    throw new SetupError(
      `TERRAFORM_BINARY_NAME names "${named}", which does not run. Correct it or unset it.`,
    );
  }
  const wanted = readFileSync(join(projectRoot, ".terraform-version"), "utf8").trim();
  const onPath = await run("terraform", ["version", "-json"]);
  if (onPath.code === 0 && satisfies(versionOf(onPath.stdout), wanted)) return "terraform";
  const binary = join(
    stateRoot,
    `terraform-${wanted}`,
    process.platform === "win32" ? "terraform.exe" : "terraform",
  );
  if (existsSync(binary) && (await run(binary, ["version"])).code === 0) return binary;
  say(`downloading Terraform ${wanted}`);
  await download(wanted, binary, releases);
  return binary;
}

/** Whether a version is the wanted one or a later one of the same major version. */
export function satisfies(version: string, wanted: string): boolean {
  const [major = -1, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const [wantedMajor = 0, wantedMinor = 0, wantedPatch = 0] = wanted.split(".").map(Number);
  if (major !== wantedMajor) return false;
  return minor > wantedMinor || (minor === wantedMinor && patch >= wantedPatch);
}

function versionOf(json: string): string {
  try {
    return (JSON.parse(json) as { terraform_version?: string }).terraform_version ?? "";
  } catch {
    return "";
  }
}

async function download(version: string, binary: string, releases: string): Promise<void> {
  const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin", win32: "windows" };
  const machines: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
  const name = `terraform_${version}_${systems[process.platform]}_${machines[process.arch]}.zip`;
  const [sums, archive] = await Promise.all([
    get(`${releases}/${version}/terraform_${version}_SHA256SUMS`, version),
    get(`${releases}/${version}/${name}`, version),
  ]);
  const published = sums
    .toString("utf8")
    .split("\n")
    .find((line) => line.endsWith(`  ${name}`))
    ?.slice(0, 64);
  const actual = createHash("sha256").update(archive).digest("hex");
  if (published !== actual) {
    throw new SetupError(
      `${name} does not have its published checksum (${published ?? "none is published"}, got ${actual}). It was not used.`,
    );
  }
  const folder = join(binary, "..");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const entry of await entriesOfZip(archive)) {
    if (entry.name.startsWith("terraform")) writeFileSync(join(folder, entry.name), entry.content);
  }
  chmodSync(binary, 0o755);
}

async function get(url: string, version: string): Promise<Buffer> {
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new SetupError(
      `Terraform ${version} is not on PATH and could not be downloaded (${cause}). Install Terraform ${version} or newer (below 2.0), or name OpenTofu: TERRAFORM_BINARY_NAME=tofu npm start`,
    );
  }
}
