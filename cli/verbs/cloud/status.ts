import { LambdaClient } from "@aws-sdk/client-lambda";
import { readCloud, siteUrl } from "../../../local/cloud";
import type { SetFault } from "../../../local/faults/keeper";
import { RemoteFaults } from "../../../local/faults/remote";
import { type EnvironmentName, environmentsOf } from "../../../stacks/config";
import { concurrencyQuota } from "../../deployment/quota";
import { environmentName, openEnvironment, type Target } from "../../environment";
import { stateRoot } from "../../paths";
import { demoSource } from "../../starting/screen";
import { table, UserError } from "../../terminal";
import { faultTable } from "../../torture/fault-table";
import { queryRows } from "../../warehouse";
import type { Verb } from "../verb";

/** Something that must be as it should for events to flow. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Whether it is to be looked at, though events flow. */
  readonly warning?: boolean;
  readonly detail: string;
}

/** `npm run status`: does it run, and where? */
export const status: Verb = {
  summary: "Say whether the pipeline is ready, and where everything is",
  details:
    "Exit code 1 when it is not ready. The warehouse is asked one question, which wakes it. On AWS the account's quota of concurrent executions is looked at too.",
  async run(call) {
    const name = environmentName(call);
    const cloud = name === "local" ? readCloud(stateRoot) : undefined;
    const processes = (cloud?.processes ?? []).map(({ name, pid, port, state }) => ({
      name,
      pid,
      port,
      state,
    }));
    let target: Target | undefined;
    const checks: Check[] = processes.map((process) => ({
      name: process.name,
      ok: process.state === "ready",
      detail: `${process.state}, process ${process.pid ?? "none"}, port ${process.port}`,
    }));
    try {
      target = await openEnvironment(call);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      checks.push({ name: "deployment", ok: false, detail: error.message });
    }
    if (target !== undefined) checks.push(await checkCollector(target), await checkWarehouse(target));
    if (name !== "local") checks.push(await checkQuota(name));
    const ready = checks.length > 0 && checks.every(({ ok }) => ok);
    const faults = cloud === undefined ? [] : await faultsOf(cloud.gatewayUrl);
    const page = {
      ready,
      environment: name,
      collectorUrl: target?.outputs.collectorUrl ?? null,
      writeKey: target === undefined ? null : demoSource(target.outputs).writeKey,
      consoleUrl: null,
      demoUrl: cloud === undefined ? null : (siteUrl(cloud) ?? null),
      gatewayUrl: cloud?.gatewayUrl ?? null,
      checks,
      processes,
      faults,
      outputs: target?.outputs ?? null,
    };
    console.log(call.json ? JSON.stringify(page) : render(page));
    return ready ? 0 : 1;
  },
};

/** The faults that are set; a gateway that does not answer has none. */
async function faultsOf(gatewayUrl: string): Promise<readonly SetFault[]> {
  try {
    return (await new RemoteFaults(gatewayUrl).list()).faults;
  } catch {
    return [];
  }
}

async function checkCollector(target: Target): Promise<Check> {
  const name = "collector";
  try {
    const answer = await fetch(new URL("healthz", target.outputs.collectorUrl), {
      signal: AbortSignal.timeout(20_000),
    });
    return {
      name,
      ok: answer.status === 200,
      detail: `${target.outputs.collectorUrl} answers ${answer.status}`,
    };
  } catch (error) {
    return { name, ok: false, detail: `${target.outputs.collectorUrl} does not answer: ${String(error)}` };
  }
}

/** Before the first deploy, too: a reservation that the quota has no room for makes it fail. */
async function checkQuota(name: EnvironmentName): Promise<Check> {
  const [environment] = environmentsOf(name);
  const client = new LambdaClient(environment === undefined ? {} : { region: environment.region });
  const { warning, detail } = await concurrencyQuota(client, environment?.reservedConcurrency);
  return { name: "quota", ok: true, warning, detail };
}

async function checkWarehouse(target: Target): Promise<Check> {
  const name = "warehouse";
  try {
    const [row] = await queryRows(target, "select count(*) from events");
    return { name, ok: true, detail: `${String(row?.[0])} events in ${target.outputs.workgroupName}` };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function render(page: {
  readonly ready: boolean;
  readonly environment: string;
  readonly checks: readonly Check[];
  readonly faults: readonly SetFault[];
  readonly collectorUrl: string | null;
  readonly writeKey: string | null;
  readonly demoUrl: string | null;
}): string {
  return [
    `Environment ${page.environment} is ${page.ready ? "ready" : "not ready"}.`,
    "",
    table(
      ["what", "", "detail"],
      page.checks.map(({ name, ok, warning, detail }) => [
        name,
        !ok ? "FAILS" : warning ? "warns" : "ok",
        detail,
      ]),
    ),
    ...(page.faults.length === 0
      ? []
      : ["", "Faults are set on purpose (npm run torture -- --clear ends them):", faultTable(page.faults)]),
    ...(page.collectorUrl === null
      ? []
      : ["", `Collector  ${page.collectorUrl}`, `Write key  ${page.writeKey ?? ""}`]),
    ...(page.demoUrl === null ? [] : [`Demo site  ${page.demoUrl}`]),
  ].join("\n");
}
