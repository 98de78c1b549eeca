import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Duplex, Readable } from "node:stream";
import { type Deployment, environmentVariables, logStream } from "./deployment";
import { encodeFrame, FRAME, frameReader } from "./runtime/frames.cjs";

/** Longest init before an invocation's own timeout starts to count, in ms. */
const INIT_LIMIT_MS = 10_000;

/** What an invocation tells the environment, beside the event. */
export interface InvocationHead {
  readonly requestId: string;
  readonly arn: string;
  readonly traceId: string;
  readonly clientContext?: unknown;
  /** Time the function has, ms. */
  readonly remainingMs: number;
}

/** How an invocation ended: `payload` is the function's JSON, or the error's as Lambda words it. */
export interface Outcome {
  readonly payload: Buffer;
  /** `failure`: the handler threw, and the environment lives on; `error` and `timeout` ended it. */
  readonly status: "success" | "failure" | "error" | "timeout";
  readonly durationMs: number;
  readonly maxMemoryMegabytes: number;
}

/** What an environment tells of itself. */
export interface EnvironmentEvents {
  /** Text that the function printed, whole lines or parts of them. */
  readonly printed: (text: string) => void;
  /** The process has ended; it takes no further invocation. */
  readonly ended: () => void;
}

/** What every environment of this service shares. */
export interface EnvironmentHost {
  /** The Node binary. */
  readonly node: string;
  readonly gatewayUrl: string;
}

interface Running {
  readonly head: InvocationHead;
  readonly startedAt: number;
  readonly resolve: (outcome: Outcome) => void;
  timer?: NodeJS.Timeout;
}

/** An error as the body of a failed invocation. */
export function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}

/** One execution environment: a process of its own that serves one invocation at a time. */
export class Environment {
  readonly logStream: string;
  /** Resolves once the handler is loaded (or failed to: then it holds the error's JSON). */
  readonly ready: Promise<Buffer | undefined>;
  initMs = 0;
  idleSince = performance.now();
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  #running: Running | undefined;
  #memory = 0;
  #dead = false;
  #fatal: Buffer | undefined;

  constructor(
    readonly deployment: Deployment,
    host: EnvironmentHost,
    events: EnvironmentEvents,
  ) {
    const { configuration } = deployment;
    const startedAt = performance.now();
    this.logStream = logStream(configuration, new Date(), randomUUID().replaceAll("-", ""));
    this.#child = spawn(host.node, nodeArguments(configuration.MemorySize), {
      cwd: deployment.codeFolder,
      env: environmentVariables(deployment, this.logStream, host.gatewayUrl),
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    this.#channel = this.#child.stdio[3] as Duplex;
    this.#channel.on("error", () => undefined); // the exit tells
    for (const stream of [this.#child.stdout, this.#child.stderr] as Readable[])
      stream.on("data", (chunk: Buffer) => events.printed(chunk.toString("utf8")));
    this.ready = new Promise((resolve) => {
      const timer = setTimeout(() => this.kill(), INIT_LIMIT_MS + configuration.Timeout * 1_000);
      const settle = (failure: Buffer | undefined): void => {
        clearTimeout(timer);
        this.initMs = performance.now() - startedAt;
        resolve(failure);
      };
      this.#channel.on(
        "data",
        frameReader((type, head, body) => {
          if (type === FRAME.READY) settle(undefined);
          else if (type === FRAME.LOG) events.printed(body.toString("utf8"));
          else if (type === FRAME.INIT_ERROR) settle(Buffer.from(body));
          else this.#answer(type, head, Buffer.from(body));
        }),
      );
      this.#child.on("error", (error) => {
        this.#dead = true;
        settle(errorPayload("Runtime.InvalidEntrypoint", String(error)));
        events.ended();
      });
      this.#child.on("exit", (code, signal) => {
        this.#dead = true;
        const failure = exitFailure(code, signal);
        settle(this.#fatal ?? errorPayload("Runtime.ExitError", `Error: ${failure}`));
        this.#exited(failure);
        events.ended();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Runs one invocation; never rejects. The environment must be ready and idle. */
  invoke(head: InvocationHead, event: string | Buffer): Promise<Outcome> {
    return new Promise((resolve) => {
      const running: Running = { head, startedAt: performance.now(), resolve };
      this.#running = running;
      if (this.#dead) {
        this.#exited("Runtime exited without providing a reason");
        return;
      }
      const { Timeout } = this.deployment.configuration;
      running.timer = setTimeout(() => {
        this.#dead = true;
        this.#finish(
          errorPayload(
            "Sandbox.Timedout",
            `RequestId: ${head.requestId} Error: Task timed out after ${Timeout.toFixed(2)} seconds`,
          ),
          "timeout",
        );
        this.kill();
      }, head.remainingMs);
      this.#channel.write(encodeFrame(FRAME.INVOKE, JSON.stringify(head), event));
    });
  }

  /** Ends the process at once. */
  kill(): void {
    this.#dead = true;
    this.#child.kill("SIGKILL");
  }

  #answer(type: number, head: string, body: Buffer): void {
    const memory = Number(head);
    if (memory > this.#memory) this.#memory = memory;
    if (type === FRAME.FATAL) {
      this.#dead = true;
      this.#fatal = body;
      this.#finish(body, "error");
    } else if (type === FRAME.ERROR) this.#finish(body, "failure");
    else this.#finish(body, "success");
  }

  #exited(failure: string): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#finish(
      errorPayload("Runtime.ExitError", `RequestId: ${running.head.requestId} Error: ${failure}`),
      "error",
    );
  }

  #finish(payload: Buffer, status: Outcome["status"]): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    clearTimeout(running.timer);
    this.idleSince = performance.now();
    running.resolve({
      payload,
      status,
      durationMs: this.idleSince - running.startedAt,
      maxMemoryMegabytes: this.#memory,
    });
  }
}

/** Heap limits as Lambda's Node.js runtimes set them: 90 % of the memory, and 5 % for the young generation. */
function nodeArguments(memoryMegabytes: number): string[] {
  return [
    `--max-old-space-size=${Math.floor(memoryMegabytes * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.min(16, Math.floor(memoryMegabytes * 0.05)))}`,
    join(__dirname, "runtime", "bootstrap.cjs"),
  ];
}

function exitFailure(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "Runtime exited with error: signal: killed";
  if (signal !== null)
    return `Runtime exited with error: signal: ${signal === "SIGABRT" ? "aborted" : signal}`;
  return code === 0
    ? "Runtime exited without providing a reason"
    : `Runtime exited with error: exit status ${code}`;
}
