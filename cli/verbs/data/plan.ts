import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { Applied } from "../../../handlers/migrate/pending";
import { readCloud } from "../../../local/cloud";
import { SetupError } from "../../../local/setup/setup-error";
import { findTerraform } from "../../../local/setup/terraform";
import type { EnvironmentName } from "../../../stacks/config";
import { synthesize } from "../../deployment/synth";
import { init, type Terraform } from "../../deployment/terraform";
import { environmentName, openEnvironment } from "../../environment";
import { invoke } from "../../invocation";
import { projectRoot, stateRoot } from "../../paths";
import { type PlannedMigrations, planMigrations } from "../../planning/migrations";
import { type PlannedStack, planStack } from "../../planning/stacks";
import { localTerraform } from "../../starting/deploy";
import { step, table, UserError } from "../../terminal";
import type { Verb } from "../verb";

/** What a deploy would do. */
interface Plan {
  readonly environment: EnvironmentName;
  readonly stacks: readonly PlannedStack[];
  readonly migrations: PlannedMigrations;
  /** Whether a deploy would change anything. */
  readonly changes: boolean;
  /** Whether a deploy would fail, as far as can be known before. */
  readonly blocked: boolean;
}

/** `npm run plan`: what would a deploy change? */
export const plan: Verb = {
  summary: "Say what a deploy would change: resources, and migrations of the warehouse",
  details: [
    "Nothing is changed. The migration function is asked for its ledger, which wakes the warehouse.",
    "Exit code 1 when the deploy would fail: a stack cannot be planned, or an applied migration was edited or is missing.",
  ].join("\n"),
  async run(call) {
    const environment = environmentName(call);
    const terraform = await terraformFor(environment);
    const folder = join(stateRoot, "plans", environment);
    mkdirSync(folder, { recursive: true });
    const stacks = await step("Synthesizing the stacks", () => synthesize(environment, folder));
    const planned: PlannedStack[] = [];
    for (const stack of stacks)
      planned.push(
        await step(`Planning ${stack.name}`, async () => {
          await init(terraform, stack);
          return planStack(terraform, stack);
        }),
      );
    const migrations = await step("Asking the warehouse what was applied", async () =>
      planMigrations(join(projectRoot, "sql"), await ledgerOf(call)),
    );
    const result: Plan = {
      environment,
      stacks: planned,
      migrations,
      changes:
        planned.some(({ resources }) => resources.length > 0) ||
        migrations.pending.length + migrations.models.length > 0,
      blocked: planned.some(({ problem }) => problem !== undefined) || migrations.problems.length > 0,
    };
    console.log(call.json ? JSON.stringify(result) : page(result));
    return result.blocked ? 1 : 0;
  },
};

/** The local environment is planned against the running cloud, others with the operator's own credentials. */
async function terraformFor(environment: EnvironmentName): Promise<Terraform> {
  const cloud = environment === "local" ? readCloud(stateRoot) : undefined;
  if (environment === "local" && cloud === undefined)
    throw new UserError("The local cloud is not running. Start it: npm start");
  try {
    const binary = await step("Finding Terraform", (shown) =>
      findTerraform(projectRoot, stateRoot, (what) => shown.update(what)),
    );
    if (cloud !== undefined) return localTerraform(binary, cloud.gatewayUrl);
    return { binary, env: { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" } };
  } catch (error) {
    throw error instanceof SetupError ? new UserError(error.message) : error;
  }
}

/** What was applied; nothing where nothing is deployed. */
async function ledgerOf(call: { readonly env?: unknown }): Promise<readonly Applied[]> {
  let functionName: string;
  try {
    functionName = (await openEnvironment(call)).outputs.functions.migrate;
  } catch (error) {
    if (error instanceof UserError && /is not deployed|nothing is deployed/.test(error.message)) return [];
    throw error;
  }
  const { ledger } = await invoke<{ ledger: readonly Applied[] }>(new LambdaClient({}), functionName, {
    ledger: true,
  });
  return ledger;
}

const signs = { create: "+", update: "~", delete: "-", replace: "-/+" } as const;

function page({ environment, stacks, migrations, changes, blocked }: Plan): string {
  const { pending, models, problems } = migrations;
  return [
    table(
      ["stack", "add", "change", "destroy"],
      stacks.map(({ name, add, change, destroy }) => [name, add, change, destroy]),
    ),
    ...stacks.flatMap(({ name, resources, problem }) => [
      ...(problem === undefined ? [] : ["", `${name} cannot be planned:`, problem]),
      ...(resources.length === 0 ? [] : ["", name]),
      ...resources.map(({ address, action }) => `  ${signs[action].padEnd(3)} ${address}`),
    ]),
    "",
    pending.length === 0 ? "No migration is pending." : `Migrations to be applied: ${pending.join(", ")}`,
    models.length === 0 ? "No model is to be made anew." : `Models to be made anew: ${models.join(", ")}`,
    ...problems,
    "",
    blocked
      ? `A deploy of ${environment} would fail.`
      : changes
        ? `A deploy of ${environment} would do this: npx cdktf deploy 'clickstream-${environment}-*'`
        : `A deploy of ${environment} would change nothing.`,
  ].join("\n");
}
