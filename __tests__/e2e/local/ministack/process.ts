import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { projectRoot, stateRoot } from "../../../../cli/paths";

/** The interpreter that has MiniStack: the environment that `npm start` makes, else CLICKSTREAM_PYTHON. */
function python(): string {
  const made = join(stateRoot, "python", "bin", "python");
  const interpreter = existsSync(made) ? made : process.env.CLICKSTREAM_PYTHON;
  if (interpreter === undefined)
    throw new Error(`${made} is missing: run npm start once, or set CLICKSTREAM_PYTHON`);
  return interpreter;
}

/** A MiniStack on a state folder and a port of its own, which a test kills and starts again. */
export class MiniStack {
  #child: ChildProcess | undefined;

  private constructor(
    readonly stateDir: string,
    readonly port: number,
  ) {}

  static async inFolder(): Promise<MiniStack> {
    const server = new MiniStack(mkdtempSync(join(tmpdir(), "ministack-")), await freePort());
    await server.start();
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What an SDK client needs to reach it. */
  get client() {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return { endpoint: this.endpoint, region: "us-east-1", credentials };
  }

  /** Starts the process; resolves when it serves. */
  async start(): Promise<void> {
    const child = spawn(python(), [join(projectRoot, "local", "ministack", "serve.py")], {
      env: {
        ...process.env,
        PORT: String(this.port),
        STATE_DIR: this.stateDir,
        AWS_ENDPOINT_URL: this.endpoint,
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout })) if (line === "READY") return;
    throw new Error("MiniStack ended before it was ready");
  }

  /** Ends the process: `SIGKILL` as a crash does, `SIGTERM` as the supervisor does. Answers its exit code. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    this.#child?.kill(signal);
    return this.#gone();
  }

  /** Lets go of its standard input, as a killed supervisor would. */
  async abandon(): Promise<number | null> {
    this.#child?.stdin?.end();
    return this.#gone();
  }

  /** Kills it and starts it again. */
  async crash(): Promise<void> {
    await this.end("SIGKILL");
    await this.start();
  }

  /** Kills it and removes its state. */
  async remove(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  async #gone(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined) return null;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    this.#child = undefined;
    return child.exitCode;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
