import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { localEnvironment } from "../../local/cloud/environment";
import { terraformConfig } from "../../local/setup/provider";
import type { Outputs } from "../../stacks/outputs";
import { outdated, runMigration, synthesizedCode, updateCode } from "../deployment/functions";
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

/**
 * Gives functions the code that was synthesized where they run another: what was swapped while the cloud ran and
 * taken back since. Terraform does not see it, for it compares with its own state alone.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/41092
 */
export async function restoreCode({ functions }: Outputs): Promise<void> {
  const lambda = new LambdaClient({});
  const code = synthesizedCode(localSynth);
  const names = await outdated(lambda, functions, code);
  if (names.length === 0) return;
  await step(`Updating the code of ${names.join(", ")}`, async () => {
    await updateCode(lambda, functions, code, names);
    if (names.includes("migrate")) await runMigration(lambda, functions);
  });
}
