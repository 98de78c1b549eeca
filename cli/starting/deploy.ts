import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localEnvironment } from "../../local/cloud/environment";
import { terraformConfig } from "../../local/setup/provider";
import { hashOfSynth, type SynthesizedStack } from "../deployment/synth";
import { apply, init, type Terraform } from "../deployment/terraform";
import { stateRoot } from "../paths";
import { step } from "../terminal";

/** Where the local environment's stacks are synthesized to. */
export const localSynth = join(stateRoot, "cdktf.out");

/** The hash of what was last applied, whole. */
const marker = join(stateRoot, "deployed");

/** Terraform as it is called against the local cloud. */
export function localTerraform(binary: string, gatewayUrl: string, signal?: AbortSignal): Terraform {
  return {
    binary,
    env: {
      ...localEnvironment({ gatewayUrl }),
      TF_CLI_CONFIG_FILE: terraformConfig(stateRoot),
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
    },
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Applies the stacks, one after the other, unless exactly this was applied before. */
export async function deploy(terraform: Terraform, stacks: readonly SynthesizedStack[]): Promise<void> {
  const hash = hashOfSynth(localSynth);
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return;
  rmSync(marker, { force: true });
  for (const stack of stacks) {
    await step(`Deploying ${stack.name}`, async (shown) => {
      shown.update("terraform init");
      await init(terraform, stack);
      await apply(terraform, stack, (what) => shown.update(what));
    });
  }
  writeFileSync(marker, hash);
}
