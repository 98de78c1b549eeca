import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { Warehouse } from "../../handlers/warehouse/warehouse";
import { readCloud } from "../../local/cloud";
import { REGION } from "../../local/service/aws";
import type { Outputs } from "../../stacks/outputs";
import type { Bench, Case } from "../harness/case";

const LAUNCH = join(__dirname, "..", "..", "cli", "launch.mjs");
const POLL_MS = 100;
/** The loader's own turn comes every minute; `import --wait` asks for one as often. */
const WAKE_EVERY_MS = 2_000;
const PATIENCE_MS = 120_000;

export default {
  summary:
    "From npm start, everything installed and nothing changed, to the first event in the warehouse, asking the loader to run as import --wait does; the limit is an event's way alone. A start that applies fails",
  unit: "s",
  target: { of: "value", bound: "at most", is: 45 },
  async prepare(bench) {
    bench.defer(async () => {
      await verb(bench, "stop");
    });
    bench.say(
      "deploying a cloud of the benchmark's own (the first time it takes some minutes) and stopping it",
    );
    await start(bench);
    await verb(bench, "stop");
    return async () => {
      const since = performance.now();
      const { outputs, talk } = await start(bench);
      if (talk.includes("Deploying"))
        throw new Error(`a start with nothing changed must not apply:\n${talk}`);
      await arrival(bench, outputs);
      const value = (performance.now() - since) / 1_000;
      const sent = performance.now();
      await arrival(bench, outputs);
      const limit = (performance.now() - sent) / 1_000;
      await verb(bench, "stop");
      return { value, limit };
    };
  },
} satisfies Case;

async function start(bench: Bench): Promise<{ readonly outputs: Outputs; readonly talk: string }> {
  const { stdout, stderr } = await verb(bench, "start", "--detach", "--no-traffic", "--no-watch", "--json");
  return { outputs: JSON.parse(stdout) as Outputs, talk: stderr };
}

/** Runs a verb on the benchmark's own state. @throws with what it said when it fails. */
function verb(
  { keptFolder, signal }: Bench,
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [LAUNCH, ...args], {
    env: { ...process.env, CLICKSTREAM_STATE: keptFolder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const interrupt = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", interrupt, { once: true });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      signal.removeEventListener("abort", interrupt);
      if (code === 0) resolve({ stdout, stderr });
      else reject(new Error(`npm run ${args.join(" ")} ended with ${code}:\n${stderr.trim()}`));
    });
  });
}

/** Sends an event and waits until the warehouse has it. */
async function arrival({ keptFolder, signal }: Bench, outputs: Outputs): Promise<void> {
  const endpoint = readCloud(keptFolder)?.gatewayUrl;
  if (endpoint === undefined) throw new Error("the cloud has stopped");
  const aws = { endpoint, region: REGION, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const giveUpAt = Date.now() + PATIENCE_MS;
  const warehouse = new Warehouse(
    new RedshiftDataClient(aws),
    { workgroupName: outputs.workgroupName, database: outputs.databaseName },
    { remainingMs: () => giveUpAt - Date.now(), sleep: (ms) => sleep(ms) },
  );
  const lambda = new LambdaClient(aws);
  const id = randomUUID();
  const answer = await fetch(new URL("v1/track", outputs.collectorUrl), {
    method: "POST",
    body: JSON.stringify({
      writeKey: outputs.sources[0]?.writeKey,
      event: "Bench",
      anonymousId: id,
      messageId: id,
    }),
    signal,
  });
  if (answer.status !== 200) throw new Error(`the collector answered ${answer.status}`);
  for (let wokenAt = Date.now(); ; await sleep(POLL_MS, undefined, { signal })) {
    const { rows } = await warehouse.query(`select count(*) from events where event_id = '${id}'`);
    if (Number(rows[0]?.[0]) === 1) return;
    if (Date.now() > giveUpAt) throw new Error(`an event must arrive within ${PATIENCE_MS / 1_000} s`);
    if (Date.now() - wokenAt < WAKE_EVERY_MS) continue;
    wokenAt = Date.now();
    await lambda.send(
      new InvokeCommand({ FunctionName: outputs.functions.load, InvocationType: "Event", Payload: "{}" }),
    );
  }
}
