import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ACCOUNT_ID, REGION } from "../../local/service/aws";
import { namesOf } from "../../stacks/names";
import { cloud, projectRoot, testState, verb } from "./verb";

/** One deployment of the local cloud, from nothing, for all end-to-end tests. */
export default async function setup(): Promise<void> {
  await verb("reset");
  sharePython();
  const started = await verb("start", "--detach", "--no-traffic");
  if (started.code !== 0) throw new Error(`npm start failed:\n${started.stderr}`);
  void loadOften();
}

/** The Python environment of the unit tests, where they have made one, is the cloud's too. */
function sharePython(): void {
  const [made, own] = [join(projectRoot, ".local", "python"), join(testState, "python")];
  mkdirSync(testState, { recursive: true });
  if (existsSync(made) && !existsSync(own)) symlinkSync(made, own, "junction");
}

/** The schedule alone would have every test wait for up to a minute. It stays, and does what a call here misses. */
async function loadOften(): Promise<void> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const lambda = new LambdaClient({
    endpoint: cloud().gatewayUrl,
    region: REGION,
    credentials,
    maxAttempts: 1,
  });
  const { functions } = namesOf("local", ACCOUNT_ID, REGION);
  for (;;) {
    await sleep(4_000, undefined, { ref: false });
    // Tests stop what this needs, and the whole cloud at their end.
    await lambda.send(new InvokeCommand({ FunctionName: functions.load })).catch(() => undefined);
  }
}
