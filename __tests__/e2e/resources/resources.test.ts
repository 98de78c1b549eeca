import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FirehoseClient, ListDeliveryStreamsCommand } from "@aws-sdk/client-firehose";
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListScheduleGroupsCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { apply, init, plan, planChanges } from "../../../cli/deployment/terraform";
import { stateRoot } from "../../../cli/paths";
import { localTerraform } from "../../../cli/starting/deploy";
import { type Cloud, startCloud } from "../../../local/cloud";
import { REGION } from "../../../local/service/aws";
import { pythonInterpreter } from "../../../local/setup/python";
import { run } from "../../../local/setup/run";
import { findTerraform } from "../../../local/setup/terraform";
import { zip } from "../../local/lambda/zip";
import { type CheckedGateway, checkedGateway } from "../checked-gateway";
import { projectRoot } from "../verb";
import { configuration } from "./configuration";

const MINUTES = 60_000;
const ownState = join(stateRoot, "resources");
const stack = { name: "resources", folder: join(ownState, "terraform") };
const code = { first: join(stack.folder, "first.zip"), changed: join(stack.folder, "changed.zip") };

let cloud: Cloud;
let gateway: CheckedGateway;
let terraform: ReturnType<typeof localTerraform>;

beforeAll(async () => {
  rmSync(ownState, { recursive: true, force: true });
  mkdirSync(stack.folder, { recursive: true });
  for (const [version, path] of Object.entries(code))
    writeFileSync(path, zip({ "index.mjs": `export const handler = async () => "${version}";` }));
  cloud = await startCloud({ stateRoot: ownState, python: pythonInterpreter(stateRoot) });
  gateway = await checkedGateway(cloud.gatewayUrl);
  terraform = localTerraform(await findTerraform(projectRoot, stateRoot, () => undefined), gateway.url);
  write("first");
  await init(terraform, stack);
}, 3 * MINUTES);
afterAll(async () => {
  gateway?.close();
  await cloud?.stop();
  rmSync(ownState, { recursive: true, force: true });
}, 3 * MINUTES);

describe("every kind of resource that is served here, under the real provider", () => {
  it(
    "is made, and a second plan finds nothing to change",
    async () => {
      await apply(terraform, stack, () => undefined);
      expect(await changesOf()).toBe("");
    },
    3 * MINUTES,
  );

  it(
    "is updated in place where it can be and made anew where not, and a plan after that finds nothing to change",
    async () => {
      write("changed");
      const planned = await planChanges(terraform, stack);
      const anew = planned.filter(({ action }) => action !== "update").map(({ address }) => address);
      expect(anew.sort()).toEqual([
        "aws_lambda_event_source_mapping.anew",
        "aws_lambda_layer_version.layer",
        "aws_lambda_permission.permission",
        "aws_scheduler_schedule.anew",
      ]);
      await apply(terraform, stack, () => undefined);
      expect(await changesOf()).toBe("");
    },
    3 * MINUTES,
  );

  it(
    "goes back to what it was",
    async () => {
      write("first");
      await apply(terraform, stack, () => undefined);
      expect(await changesOf()).toBe("");
    },
    3 * MINUTES,
  );

  it(
    "is destroyed, and nothing of it stays",
    async () => {
      await destroy();
      expect(await left()).toEqual([]);
    },
    3 * MINUTES,
  );

  it("was answered in all of it as AWS's models have it", () => {
    const operations = new Set(gateway.exchanges.map(({ service, operation }) => `${service} ${operation}`));
    for (const called of ["Lambda CreateFunction", "Firehose UpdateDestination", "Scheduler DeleteSchedule"])
      expect(operations).toContain(called);
    expect(gateway.exchanges.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });
});

function write(version: "first" | "changed"): void {
  writeFileSync(join(stack.folder, "main.tf.json"), JSON.stringify(configuration(version, code)));
}

async function destroy(): Promise<void> {
  const { binary, env } = terraform;
  const args = ["destroy", "-input=false", "-auto-approve", "-no-color"];
  const { code, stderr } = await run(binary, args, { cwd: stack.folder, env });
  if (code !== 0) throw new Error(`terraform destroy failed:\n${stderr}`);
}

/** What a plan would change, in Terraform's words; empty when nothing. */
async function changesOf(): Promise<string> {
  const planned = await plan(terraform, stack);
  return planned.changes ? planned.text : "";
}

/** Names of this configuration that the services still know. */
async function left(): Promise<string[]> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const aws = { endpoint: cloud.gatewayUrl, region: REGION, credentials };
  const [lambda, firehose, scheduler] = [
    new LambdaClient(aws),
    new FirehoseClient(aws),
    new SchedulerClient(aws),
  ];
  const [functions, mappings, streams, schedules, groups] = await Promise.all([
    lambda.send(new ListFunctionsCommand({})),
    lambda.send(new ListEventSourceMappingsCommand({})),
    firehose.send(new ListDeliveryStreamsCommand({})),
    scheduler.send(new ListSchedulesCommand({})),
    scheduler.send(new ListScheduleGroupsCommand({})),
  ]);
  return [
    ...(functions.Functions ?? []).map(({ FunctionName }) => FunctionName),
    ...(mappings.EventSourceMappings ?? []).map(({ FunctionArn }) => FunctionArn),
    ...(streams.DeliveryStreamNames ?? []),
    ...(schedules.Schedules ?? []).map(({ Name }) => Name),
    ...(groups.ScheduleGroups ?? []).map(({ Name }) => Name),
  ]
    .filter((name) => name !== undefined)
    .filter((name) => name.includes("resources"));
}
