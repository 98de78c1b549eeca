import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { Warehouse } from "../../handlers/warehouse/warehouse";
import { readCloud } from "../../local/cloud";
import { REGION } from "../../local/service/aws";
import type { Outputs } from "../../stacks/outputs";
import type { Bench } from "./case";

const LAUNCH = join(__dirname, "..", "..", "cli", "launch.mjs");

/**
 * Starts the benchmark's own deployed cloud; the first time it takes some minutes, for it is kept.
 * @returns what was deployed, and what the start said of it.
 */
export async function startDeployed(
  bench: Bench,
): Promise<{ readonly outputs: Outputs; readonly talk: string }> {
  const { stdout, stderr } = await verb(bench, "start", "--detach", "--no-traffic", "--no-watch", "--json");
  return { outputs: JSON.parse(stdout) as Outputs, talk: stderr };
}

/** Stops it; it stays deployed. */
export async function stopDeployed(bench: Bench): Promise<void> {
  await verb(bench, "stop");
}

/** Runs a verb on the benchmark's own state. @throws with what it said when it fails. */
export function verb(
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

/** What asks the deployed cloud's warehouse, and has its loader run before its turn comes. */
export interface Loading {
  /** A single number. */
  count(sql: string): Promise<number>;
  wake(): Promise<void>;
}

/** @param giveUpAt when no answer is waited for any longer, in milliseconds since 1970. */
export function loadingOf({ keptFolder }: Bench, outputs: Outputs, giveUpAt: number): Loading {
  const endpoint = readCloud(keptFolder)?.gatewayUrl;
  if (endpoint === undefined) throw new Error("the cloud has stopped");
  const aws = { endpoint, region: REGION, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const warehouse = new Warehouse(
    new RedshiftDataClient(aws),
    { workgroupName: outputs.workgroupName, database: outputs.databaseName },
    { remainingMs: () => giveUpAt - Date.now(), sleep: (ms) => sleep(ms) },
  );
  const lambda = new LambdaClient(aws);
  return {
    async count(sql) {
      const { rows } = await warehouse.query(sql);
      return Number(rows[0]?.[0]);
    },
    async wake() {
      const FunctionName = outputs.functions.load;
      await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: "{}" }));
    },
  };
}
