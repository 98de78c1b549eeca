import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex, Readable } from "node:stream";
import { lasts, type RoleCredentials } from "../../service/role";
import type { Configuration } from "../state";
import {
  credentialVariables,
  type Deployment,
  environmentVariables,
  type LocalFolders,
  logStream,
} from "./deployment";
import {
  errorPayload,
  exitFailure,
  type InitFailure,
  type InvocationHead,
  noRole,
  type Outcome,
  timedOut,
} from "./outcome";
import { encodeFrame, FRAME, frameReader } from "./runtime/frames.cjs";

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
  /** A new session of a function's role. Rejects with RoleRefused if Lambda may not take it on. */
  readonly credentials: (configuration: Configuration) => Promise<RoleCredentials>;
  /** Where every environment gets a folder of its own. */
  readonly environmentsFolder: string;
  /** Told of every invocation as it begins. @default nobody is */
  readonly invoked?: (environment: Environment, requestId: string) => void;
}

interface Running {
  readonly head: InvocationHead;
  readonly startedAt: number;
  readonly resolve: (outcome: Outcome) => void;
  timer?: NodeJS.Timeout;
}

/** One execution environment: a process of its own that serves one invocation at a time. */
export class Environment {
  readonly logStream: string;
  /** Resolves once the handler is loaded, or with why it is not. */
  readonly ready: Promise<InitFailure | undefined>;
  initMs = 0;
  idleSince = performance.now();
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  #running: Running | undefined;
  #memory = 0;
  #dead = false;
  #credentials: RoleCredentials | undefined;
  #fatal: Buffer | undefined;

  /** @param initLimitMs how long loading the handler may take. */
  constructor(
    readonly deployment: Deployment,
    host: EnvironmentHost,
    events: EnvironmentEvents,
    readonly initLimitMs: number,
  ) {
    const { configuration } = deployment;
    const startedAt = performance.now();
    const id = randomUUID().replaceAll("-", "");
    this.logStream = logStream(configuration, new Date(), id);
    const folder = join(host.environmentsFolder, id);
    const folders = makeFolders(folder, deployment.layerFolder);
    this.#child = spawn(host.node, nodeArguments(configuration.MemorySize), {
      cwd: deployment.codeFolder,
      env: environmentVariables(deployment, this.logStream, host.gatewayUrl, folders),
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    this.#channel = this.#child.stdio[3] as Duplex;
    this.#channel.on("error", () => undefined); // the exit tells
    for (const stream of [this.#child.stdout, this.#child.stderr] as Readable[])
      stream.on("data", (chunk: Buffer) => events.printed(chunk.toString("utf8")));
    this.ready = new Promise((resolve) => {
      const settle = (payload?: Buffer, status: InitFailure["status"] = "error"): void => {
        clearTimeout(timer);
        this.initMs = performance.now() - startedAt;
        resolve(payload && { payload, status });
      };
      const timer = setTimeout(() => {
        settle(errorPayload("Sandbox.Timedout", "Error: Init timed out"), "timeout");
        this.kill();
      }, initLimitMs);
      host.credentials(configuration).then(
        (credentials) => {
          this.#credentials = credentials;
          const variables = JSON.stringify(credentialVariables(credentials));
          this.#channel.write(encodeFrame(FRAME.CREDENTIALS, "", variables));
        },
        (error: unknown) => {
          settle(errorPayload(...noRole(error)));
          this.kill();
        },
      );
      this.#channel.on(
        "data",
        frameReader((type, head, body) => {
          if (type === FRAME.READY) settle();
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
        this.#exited(failure, existsSync(folders.outOfMemoryFile) ? "Runtime.OutOfMemory" : undefined);
        events.ended();
        rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined); // else at the next start
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** Whether the role's credentials will end soon: a new environment gets new ones. */
  get outdated(): boolean {
    return this.#credentials !== undefined && !lasts(this.#credentials);
  }

  /** Whether it is in the middle of an invocation. */
  runs(requestId: string): boolean {
    return this.#running?.head.requestId === requestId;
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
        this.#finish(timedOut(head.requestId, Timeout), "timeout");
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

  /** The answer names the exit, as AWS's does; what caused it is told by the log alone. */
  #exited(failure: string, cause = "Runtime.ExitError"): void {
    const running = this.#running;
    if (running === undefined) return;
    if (cause === "Runtime.OutOfMemory") this.#memory = this.deployment.configuration.MemorySize;
    const message = `RequestId: ${running.head.requestId} Error: ${failure}`;
    this.#finish(errorPayload("Runtime.ExitError", message), "error", cause);
  }

  #finish(payload: Buffer, status: Outcome["status"], errorType?: string): void {
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
      ...(errorType === undefined ? {} : { errorType }),
    });
  }
}

function makeFolders(folder: string, layerFolder: string | undefined): LocalFolders {
  const tmpFolder = join(folder, "tmp");
  const optFolder = layerFolder ?? join(folder, "opt");
  for (const each of [tmpFolder, optFolder]) mkdirSync(each, { recursive: true });
  return { tmpFolder, optFolder, outOfMemoryFile: join(folder, "out-of-memory") };
}

/** Heap limits as Lambda's Node.js runtimes set them: 90 % of the memory, and 5 % for the young generation. */
function nodeArguments(memoryMegabytes: number): string[] {
  return [
    `--max-old-space-size=${Math.floor(memoryMegabytes * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.min(16, Math.floor(memoryMegabytes * 0.05)))}`,
    join(__dirname, "runtime", "bootstrap.cjs"),
  ];
}
