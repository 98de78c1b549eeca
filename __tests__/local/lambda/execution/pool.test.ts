import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Concurrency } from "../../../../local/lambda/execution/concurrency";
import type { EnvironmentHost } from "../../../../local/lambda/execution/environment";
import { InvocationLog } from "../../../../local/lambda/execution/log";
import { runtimeNode } from "../../../../local/lambda/execution/node";
import {
  FunctionPool,
  type Job,
  LAPTOP_LIMITS,
  type PoolLimits,
} from "../../../../local/lambda/execution/pool";
import type { Configuration } from "../../../../local/lambda/state";
import { roleCredentials } from "../../credentials";
import { configuration } from "../configuration";

let host: EnvironmentHost;
let folder: string;
let pools: FunctionPool[] = [];
let lines: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lambda-pool-"));
  host = {
    ...{ node: runtimeNode(() => undefined), gatewayUrl: "http://127.0.0.1:1" },
    environmentsFolder: join(folder, "environments"),
    credentials: async () => roleCredentials,
  };
  lines = [];
});
afterEach(() => {
  for (const pool of pools) pool.close();
  pools = [];
  rmSync(folder, { recursive: true });
});

function deploy(source: string, more: Partial<Configuration> = {}, file = "index.mjs") {
  writeFileSync(join(folder, file), source);
  return { configuration: configuration(more), codeFolder: folder };
}

function start(
  source: string,
  more: Partial<Configuration> = {},
  { reserved, file, ...limits }: { reserved?: number; file?: string } & Partial<PoolLimits> = {},
): FunctionPool {
  const log = new InvocationLog({ write: (_name, _group, _stream, line) => lines.push(line) });
  const pool = new FunctionPool(deploy(source, more, file), host, log, new Concurrency(() => reserved), {
    ...{ ...LAPTOP_LIMITS, environments: 4 },
    ...limits,
  });
  pools.push(pool);
  return pool;
}

let requests = 0;
function job(event: unknown = {}): Job {
  requests += 1;
  return {
    head: { requestId: `r${requests}`, arn: "arn:probe", traceId: "Root=1" },
    event: JSON.stringify(event),
  };
}

async function run(pool: FunctionPool, event: unknown = {}) {
  const { payload, status } = await pool.invoke(job(event));
  return { status, value: JSON.parse(payload.toString("utf8")) as unknown };
}

const COUNTER = "let n = 0; export const handler = async () => ++n;";

test("loads an ES module once and serves later invocations warm", async () => {
  const pool = start(COUNTER);
  expect(await run(pool)).toEqual({ status: "success", value: 1 });
  expect(await run(pool)).toEqual({ status: "success", value: 2 });
  expect(pool.pids).toHaveLength(1);
});

test("loads a CommonJS module with a callback handler", async () => {
  const source =
    "exports.handler = (event, context, callback) => setImmediate(() => callback(null, event.x));";
  expect(await run(start(source, {}, { file: "index.js" }), { x: 7 })).toEqual({
    status: "success",
    value: 7,
  });
});

test("gives a function Lambda's environment and the declared variables, and nothing of this machine's", async () => {
  process.env.SECRET_OF_THIS_MACHINE = "yes";
  const pool = start("export const handler = async () => process.env;", {
    Environment: { Variables: { TABLE: "events" } },
  });
  const { value } = await run(pool);
  delete process.env.SECRET_OF_THIS_MACHINE;
  expect(value).toMatchObject({
    TABLE: "events",
    AWS_LAMBDA_FUNCTION_NAME: "probe",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/probe",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    LAMBDA_TASK_ROOT: folder,
    TZ: ":UTC",
  });
  expect(value).not.toHaveProperty("SECRET_OF_THIS_MACHINE");
  expect(value).not.toHaveProperty("NODE_OPTIONS");
  expect(value).not.toHaveProperty("USER");
});

test("gives the handler its context, with the time that is really left", async () => {
  const pool = start(`export const handler = async (event, context) => {
    const before = context.getRemainingTimeInMillis();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { before, after: context.getRemainingTimeInMillis(), id: context.awsRequestId, arn: context.invokedFunctionArn,
      name: context.functionName, memory: context.memoryLimitInMB };
  };`);
  const { value } = await run(pool);
  const { before, after, ...rest } = value as { before: number; after: number };
  expect(rest).toEqual({ id: `r${requests}`, arn: "arn:probe", name: "probe", memory: "256" });
  expect(before).toBeLessThanOrEqual(3_000);
  expect(before - after).toBeGreaterThanOrEqual(90);
});

test("reports what the handler throws and keeps the environment", async () => {
  const pool = start(
    "let n = 0; export const handler = async () => { if (++n === 1) throw new TypeError('no good'); return n; };",
  );
  expect(await run(pool)).toMatchObject({
    status: "failure",
    value: {
      errorType: "TypeError",
      errorMessage: "no good",
      trace: expect.arrayContaining(["TypeError: no good"]),
    },
  });
  expect(await run(pool)).toEqual({ status: "success", value: 2 });
});

test.each([
  ["waits", "await new Promise(() => setTimeout(() => undefined, 60_000));"],
  ["never yields", "for (;;);"],
])("ends an environment whose handler %s beyond the timeout", async (_name, body) => {
  const pool = start(
    `let n = 0; export const handler = async (event) => { n += 1; if (event.hang) { ${body} } return n; };`,
    {
      Timeout: 1,
    },
  );
  expect(await run(pool, { hang: true })).toEqual({
    status: "timeout",
    value: {
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: r${requests} Error: Task timed out after 1.00 seconds`,
    },
  });
  expect(lines.slice(-4)).toEqual([
    expect.stringMatching(new RegExp(`^\\d{4}-.*Z r${requests} Task timed out after 1.00 seconds$`)),
    "",
    `END RequestId: r${requests}`,
    expect.stringContaining("\tStatus: timeout\t"),
  ]);
  expect(await run(pool)).toEqual({ status: "success", value: 1 });
});

test("reports a process that exits, and starts another for the next invocation", async () => {
  const pool = start(
    "let n = 0; export const handler = async (event) => { n += 1; if ('exit' in event) process.exit(event.exit); return n; };",
  );
  const exited = (end: string) => ({
    status: "error",
    value: {
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: r${requests} Error: Runtime exited ${end}`,
    },
  });
  expect(await run(pool, { exit: 3 })).toEqual(exited("with error: exit status 3"));
  expect(await run(pool, { exit: 0 })).toEqual(exited("without providing a reason"));
  expect(await run(pool)).toEqual({ status: "success", value: 1 });
});

test("reports a killed environment", async () => {
  const pool = start(
    "export const handler = async () => { await new Promise((r) => setTimeout(r, 60_000)); };",
  );
  const running = run(pool);
  while (!lines.some((line) => line.startsWith("START")))
    await new Promise((resolve) => setTimeout(resolve, 10));
  process.kill(pool.pids[0] ?? 0, "SIGKILL");
  expect(await running).toMatchObject({
    status: "error",
    value: { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("signal: killed") },
  });
});

test("reports an error that nothing caught", async () => {
  const pool = start(
    "export const handler = async () => { Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 60_000)); };",
  );
  expect(await run(pool)).toMatchObject({
    status: "error",
    value: { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: lost" },
  });
});

test("ends an environment that uses more memory than the function has", async () => {
  const pool = start(
    `export const handler = async () => {
       const held = [];
       for (;;) { held.push(Buffer.alloc(20_000_000, 1)); await new Promise((r) => setTimeout(r, 20)); }
     };`,
    { MemorySize: 128, Timeout: 30 },
  );
  expect(await run(pool)).toMatchObject({
    status: "error",
    value: { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("signal: killed") },
  });
  expect(lines.at(-1)).toMatch(
    /Max Memory Used: 128 MB\t.*Status: error\tError Type: Runtime.OutOfMemory\t$/,
  );
});

test.each([
  ["a missing module", "import 'not-there'; export const handler = () => 1;", "Runtime.ImportModuleError"],
  ["a missing handler", "export const other = () => 1;", "Runtime.HandlerNotFound"],
  ["a syntax error", "export const handler = ;", "Runtime.UserCodeSyntaxError"],
  ["an error while loading", "throw new RangeError('at load');", "RangeError"],
  ["an exit while loading", "process.exit(4);", "Runtime.ExitError"],
])("reports %s, and tries to load again for the next invocation", async (_name, source, errorType) => {
  const pool = start(source);
  expect(await run(pool)).toMatchObject({ status: "error", value: { errorType } });
  deploy(COUNTER);
  expect(await run(pool)).toEqual({ status: "success", value: 1 });
});

test("runs one invocation at a time in an environment, and several environments side by side", async () => {
  const pool = start(`let busy = false; export const handler = async () => {
    const overlapped = busy; busy = true;
    await new Promise((resolve) => setTimeout(resolve, 300));
    busy = false;
    return { overlapped, pid: process.pid };
  };`);
  const results = (await Promise.all(Array.from({ length: 6 }, () => run(pool)))).map(
    ({ value }) => value as { overlapped: boolean; pid: number },
  );
  expect(results.some(({ overlapped }) => overlapped)).toBe(false);
  const environments = new Set(results.map(({ pid }) => pid)).size;
  expect(environments).toBeGreaterThan(1);
  expect(environments).toBeLessThanOrEqual(4);
});

test("throttles beyond the reserved concurrency", async () => {
  const pool = start(
    "export const handler = async () => { await new Promise((r) => setTimeout(r, 100)); return 1; };",
    {},
    {
      reserved: 1,
    },
  );
  const first = run(pool);
  await expect(pool.invoke(job())).rejects.toThrow(
    expect.objectContaining({
      code: "TooManyRequestsException",
      status: 429,
      members: { Type: "User", Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" },
    }),
  );
  expect(await first).toEqual({ status: "success", value: 1 });
});

test("runs the new code after a change, and lets the old finish what it has begun", async () => {
  const slow = (answer: string) =>
    `export const handler = async (event) => { if (event.slow) await new Promise((r) => setTimeout(r, 200)); return "${answer}"; };`;
  const pool = start(slow("old"));
  await run(pool);
  const running = run(pool, { slow: true });
  pool.replace(deploy(slow("new")));
  expect(await run(pool)).toEqual({ status: "success", value: "new" });
  expect(await running).toEqual({ status: "success", value: "old" });
  expect(pool.pids.length).toBeLessThanOrEqual(2);
});

test("ends environments that nobody uses", async () => {
  const pool = start(COUNTER);
  await run(pool);
  pool.sweep(performance.now() + LAPTOP_LIMITS.idleMs + 1);
  expect(await run(pool)).toEqual({ status: "success", value: 1 });
});

test("writes what the function prints between the platform's own lines, in order", async () => {
  const pool = start(
    "export const handler = async () => { console.log('one', { a: 1 }); process.stdout.write('two\\n'); console.error('three'); };",
  );
  const { log } = await pool.invoke(job(), true);
  const tail = log?.toString("utf8").slice(0, -1).split("\n") ?? [];
  const id = `r${requests}`;
  expect(tail).toEqual([
    `START RequestId: ${id} Version: $LATEST`,
    expect.stringMatching(new RegExp(`^\\d{4}-.*Z\\t${id}\\tINFO\\tone \\{ a: 1 \\}$`)),
    "two",
    expect.stringMatching(new RegExp(`\\t${id}\\tERROR\\tthree$`)),
    `END RequestId: ${id}`,
    expect.stringMatching(
      /^REPORT RequestId: r\d+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/,
    ),
  ]);
  expect(lines).toEqual([expect.stringMatching(/^INIT_START Runtime Version: nodejs:22\t/), ...tail]);
});

test("writes JSON lines of the levels that the function asks for", async () => {
  const pool = start("export const handler = async () => { console.info('quiet'); console.warn('loud'); };", {
    LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "WARN", SystemLogLevel: "WARN", LogGroup: "/g" },
  });
  await run(pool);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { timestamp: expect.any(String), level: "WARN", requestId: `r${requests}`, message: "loud" },
  ]);
});

test("keeps what was printed before an exit", async () => {
  const pool = start("export const handler = async () => { console.log('last words'); process.exit(1); };");
  await run(pool);
  expect(lines.some((line) => line.endsWith("last words"))).toBe(true);
});

test("loads a handler again within the invocation when it took too long before, out of the function's timeout", async () => {
  const slow = `await new Promise((r) => setTimeout(r, 400));
    export const handler = async (event, context) => context.getRemainingTimeInMillis();`;
  const { status, value } = await run(start(slow, { Timeout: 5 }, { initMs: 50 }));
  expect(status).toBe("success");
  expect(value).toBeLessThanOrEqual(4_600);
  expect(lines).toContainEqual(
    expect.stringMatching(/^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: timeout$/),
  );
});

test("fails an invocation whose handler does not load within the timeout", async () => {
  const pool = start("await new Promise((r) => setTimeout(r, 60_000));", { Timeout: 1 }, { initMs: 50 });
  expect(await run(pool)).toEqual({
    status: "timeout",
    value: {
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: r${requests} Error: Task timed out after 1.00 seconds`,
    },
  });
});

test("turns away what waits when the function is deleted, and starts nothing more", async () => {
  const pool = start(
    "export const handler = () => new Promise((r) => setTimeout(r, 60_000));",
    {},
    {
      environments: 1,
    },
  );
  const [running, waiting] = [run(pool), run(pool)];
  while (!lines.some((line) => line.startsWith("START"))) await new Promise((r) => setTimeout(r, 10));
  pool.close();
  await expect(waiting).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  expect(await running).toMatchObject({ status: "error" });
  expect(pool.pids).toEqual([]);
});
