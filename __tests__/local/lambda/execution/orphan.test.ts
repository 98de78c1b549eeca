import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A process that plays the service: it starts an environment, sends it one invocation, and prints its pid. */
const SERVICE = `
const { spawn } = require("node:child_process");
const { encodeFrame, FRAME, frameReader } = require(process.argv[1] + "/frames.cjs");
const child = spawn(process.execPath, [process.argv[1] + "/bootstrap.cjs"], {
  env: { LAMBDA_TASK_ROOT: process.argv[2], _HANDLER: "index.handler", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256" },
  stdio: ["ignore", "ignore", "ignore", "pipe"],
});
child.stdio[3].write(encodeFrame(FRAME.CREDENTIALS, "", "{}"));
child.stdio[3].on("data", frameReader((type) => {
  if (type === FRAME.READY) {
    child.stdio[3].write(encodeFrame(FRAME.INVOKE, JSON.stringify({ requestId: "1", remainingMs: 60000 }), "{}"));
    setTimeout(() => console.log(child.pid), 50);
  }
}));
`;

let folder: string;
let service: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lambda-orphan-"));
});
afterEach(() => {
  service?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ["waits", "await new Promise((r) => setTimeout(r, 60_000));"],
  ["never yields", "for (;;);"],
])(
  "an environment whose handler %s ends when the service is killed with -9",
  async (_name, body) => {
    writeFileSync(join(folder, "index.mjs"), `export const handler = async () => { ${body} };`);
    const execution = join(__dirname, "../../../../local/lambda/execution/runtime");
    const parent = spawn(process.execPath, ["-e", SERVICE, execution, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    service = parent;
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))),
    );
    expect(alive(pid)).toBe(true);
    parent.kill("SIGKILL");
    while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 20)); // the test's own limit bounds this
  },
  20_000,
);
