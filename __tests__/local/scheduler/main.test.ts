import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { listen, readBody } from "../../../local/service/http";
import { answerAssumeRole, isForSts } from "../sts";
import { scheduleOf } from "./fakes";

const MAIN = join(__dirname, "../../../local/scheduler/main.ts");
const folder = mkdtempSync(join(tmpdir(), "scheduler-main-"));
const requests: { url: string; type: string; body: string }[] = [];
const children: ChildProcess[] = [];
let lambda: Server;
let lambdaPort = 0;
let down = true;

/** Lambda's Invoke, as much of it as the SDK needs. */
beforeAll(async () => {
  lambda = createServer(async (request, response) => {
    if (isForSts(request)) return answerAssumeRole(response);
    const body = (await readBody(request)).toString();
    if (request.url?.startsWith("/_local/")) return void response.writeHead(404).end();
    const type = String(request.headers["x-amz-invocation-type"]);
    requests.push({ url: String(request.url), type, body });
    response.writeHead(down ? 503 : 202).end();
  });
  lambdaPort = await listen(lambda, 0);
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  lambda.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<{ child: ChildProcess; client: SchedulerClient }> {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: {
      ...process.env,
      ...{ PORT: "0", STATE_DIR: folder, LOG_DIR: folder, AWS_REGION: "us-east-1" },
      ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${lambdaPort}` },
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    },
  });
  children.push(child);
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`exited with ${code}`)));
  });
  const client = new SchedulerClient({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", maxAttempts: 1 },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return { child, client };
}

async function requested(count: number): Promise<void> {
  while (requests.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.kill(signal);
  return exited;
}

test("invokes through Lambda's API, and attempts again what a kill cut short", async () => {
  const first = await start();
  const schedule = scheduleOf("rate(1 day)", {}, { Input: '{"at":"<aws.scheduler.scheduled-time>"}' });
  await first.client.send(new CreateScheduleCommand({ Name: "load", ...schedule }));
  await requested(1);
  await end(first.child, "SIGKILL");

  down = false;
  const before = requests.length;
  const second = await start();
  await requested(before + 1);
  const last = requests.at(-1);
  expect(decodeURIComponent(last?.url ?? "")).toContain(schedule.Target.Arn);
  expect(last?.type).toBe("Event");
  expect(JSON.parse(last?.body ?? "")).toEqual({ at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.{8}Z$/) });
  const { ScheduleExpression } = await second.client.send(new GetScheduleCommand({ Name: "load" }));
  expect(ScheduleExpression).toBe("rate(1 day)");
  expect(await end(second.child, "SIGTERM")).toBe(0);
}, 60_000);
