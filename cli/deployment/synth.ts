import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../local/setup/run";
import { projectRoot } from "../paths";
import { UserError } from "../terminal";

/** A synthesized stack: its name and its folder with `cdk.tf.json`. */
export interface SynthesizedStack {
  readonly name: string;
  readonly folder: string;
}

/** The order in which stacks are applied; destroying goes the other way. */
const order = ["data", "pipeline", "operations"];

/**
 * Synthesizes one environment's stacks into a folder, in the order they are to be applied.
 * @throws UserError with the synthesizer's own words when it fails.
 */
export async function synthesize(environment: string, outputFolder: string): Promise<SynthesizedStack[]> {
  const stacks = join(outputFolder, "stacks");
  clear(stacks);
  const result = await run(
    process.execPath,
    ["--import", require.resolve("tsx"), join(projectRoot, "main.ts")],
    {
      cwd: projectRoot,
      env: { ...process.env, CLICKSTREAM_ENV: environment, CDKTF_OUTDIR: outputFolder },
    },
  );
  if (result.code !== 0) throw new UserError(`The stacks could not be synthesized:\n${result.stderr.trim()}`);
  return readdirSync(stacks)
    .filter((name) => existsSync(join(stacks, name, "cdk.tf.json")))
    .sort((one, other) => rank(one) - rank(other))
    .map((name) => ({ name, folder: join(stacks, name) }));
}

/** A hash over all that was synthesized, assets included: equal hashes need no apply. */
export function hashOfSynth(outputFolder: string): string {
  const hash = createHash("sha256");
  for (const file of filesOf(join(outputFolder, "stacks"))) {
    if (file.includes("/.terraform")) continue;
    hash.update(file.slice(outputFolder.length)).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** Removes what an earlier synth wrote, but not what `terraform init` did: nobody has to initialize anew. */
function clear(stacks: string): void {
  for (const file of filesOf(stacks)) if (!file.includes("/.terraform")) rmSync(file);
}

function rank(stack: string): number {
  return order.findIndex((name) => stack.endsWith(name));
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesOf(path) : [path];
    })
    .sort();
}
