import { AwsError } from "../../service/aws";
import { type Concurrency, throttled } from "./concurrency";
import type { Deployment } from "./deployment";
import { Environment, type EnvironmentHost } from "./environment";
import type { InvocationLog } from "./log";
import { type InitFailure, type InvocationHead, type Outcome, timedOut } from "./outcome";

/** How far one function may grow on this machine. */
export interface PoolLimits {
  /** Environments at once, whatever the function's own concurrency allows; further invocations queue. */
  readonly environments: number;
  /** Invocations that may wait before they are throttled. */
  readonly queue: number;
  /** How long an invocation waits for a busy environment before another one is started, ms. */
  readonly patienceMs: number;
  /** How long an unused environment is kept, ms. */
  readonly idleMs: number;
  /** How long loading a handler may take outside of an invocation, ms. */
  readonly initMs: number;
}

/** Enough for a laptop: AWS would start an environment for every concurrent invocation. */
export const LAPTOP_LIMITS: PoolLimits = {
  ...{ environments: 10, queue: 1_000, patienceMs: 20, idleMs: 300_000 },
  initMs: 10_000,
};

/** One invocation to run. */
export interface Job {
  readonly head: Omit<InvocationHead, "remainingMs">;
  readonly event: string | Buffer;
}

/** What running a job came to; `log` is set if it was asked for: its last 4 KB. */
export interface JobResult extends Outcome {
  readonly log?: Buffer;
}

interface Waiting {
  readonly job: Job;
  readonly tail: boolean;
  /** When it began to wait for a busy environment, ms. */
  since: number;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The execution environments of one version of a function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class FunctionPool {
  #deployment: Deployment;
  #environments = new Set<Environment>();
  #idle: Environment[] = [];
  #queue: Waiting[] = [];
  #starting = 0;
  #closed = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(
    deployment: Deployment,
    private readonly host: EnvironmentHost,
    private readonly log: InvocationLog,
    private readonly concurrency: Concurrency,
    private readonly limits: PoolLimits = LAPTOP_LIMITS,
  ) {
    this.#deployment = deployment;
  }

  get deployment(): Deployment {
    return this.#deployment;
  }

  /** Process ids of the living environments. */
  get pids(): number[] {
    return [...this.#environments].flatMap((environment) => environment.pid ?? []);
  }

  /**
   * Runs a job on an idle environment, or queues it.
   * @throws TooManyRequestsException when the reserved concurrency, or the queue, is used up.
   */
  async invoke(job: Job, tail = false): Promise<JobResult> {
    if (this.#closed) throw gone();
    if (this.#queue.length >= this.limits.queue) throw throttled("ConcurrentInvocationLimitExceeded");
    this.concurrency.enter();
    try {
      return await new Promise((resolve, reject) => {
        this.#queue.push({ job, tail, since: performance.now(), resolve, reject });
        this.#dispatch();
      });
    } finally {
      this.concurrency.leave();
    }
  }

  /** Uses another package or configuration from now on; environments of the old one end after their work. */
  replace(deployment: Deployment): void {
    this.#deployment = deployment;
    for (const environment of this.#idle.splice(0)) environment.kill();
    this.#dispatch();
  }

  /** Ends environments that nobody used for a while. */
  sweep(now = performance.now()): void {
    this.#idle = this.#idle.filter((environment) => {
      if (now - environment.idleSince < this.limits.idleMs) return true;
      environment.kill();
      return false;
    });
  }

  /** Ends everything at once: what runs fails, and what waits is turned away. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#patience);
    for (const { reject } of this.#queue.splice(0)) reject(gone());
    for (const environment of this.#environments) environment.kill();
  }

  #dispatch(): void {
    if (this.#closed) return;
    while (this.#queue.length > 0) {
      const environment = this.#idle.pop();
      if (environment === undefined) break;
      if (environment.outdated) environment.kill();
      if (environment.dead) continue;
      const waiting = this.#queue.shift();
      if (waiting !== undefined) void this.#run(environment, waiting);
    }
    this.#grow();
  }

  /** Starts an environment if there is none, or if the invocation that came first has waited long enough. */
  #grow(): void {
    const [first] = this.#queue;
    if (first === undefined || this.#environments.size >= this.#mostEnvironments()) return;
    if (this.#environments.size === 0) this.#start();
    else if (this.#patience === undefined && this.#starting === 0)
      this.#patience = setTimeout(
        () => {
          this.#patience = undefined;
          const waiting = this.#queue[0];
          if (waiting === undefined || this.#environments.size >= this.#mostEnvironments()) return;
          if (performance.now() - waiting.since >= this.limits.patienceMs) this.#start();
          else this.#grow();
        },
        Math.max(1, this.limits.patienceMs - (performance.now() - first.since)),
      );
  }

  #mostEnvironments(): number {
    return Math.min(this.limits.environments, this.concurrency.reserved() ?? this.limits.environments);
  }

  #start(): void {
    const environment = this.#environment(this.limits.initMs);
    this.#starting += 1;
    void environment.ready.then((failure) => {
      this.#starting -= 1;
      if (failure !== undefined && !this.#closed) {
        this.log.initFailed(environment, failure, "init");
        environment.kill();
        this.#environments.delete(environment);
        const waiting = this.#queue.shift();
        if (waiting !== undefined) void this.#initAgain(waiting);
      } else if (environment.deployment === this.#deployment && failure === undefined)
        this.#idle.push(environment);
      else environment.kill();
      const now = performance.now();
      for (const waiting of this.#queue) waiting.since = now; // the wait for a cold start is no sign of too few
      this.#dispatch();
    });
  }

  #environment(initLimitMs: number): Environment {
    const events = {
      printed: (text: string) => this.log.printed(environment, text),
      ended: () => {
        this.#environments.delete(environment);
        this.#idle = this.#idle.filter((other) => other !== environment);
        this.#dispatch();
      },
    };
    const environment = new Environment(this.#deployment, this.host, events, initLimitMs);
    this.log.created(environment);
    this.#environments.add(environment);
    return environment;
  }

  /** A handler that could not be loaded is loaded once more within the invocation, out of the function's timeout. */
  async #initAgain(waiting: Waiting): Promise<void> {
    const { requestId } = waiting.job.head;
    const timeoutMs = this.#deployment.configuration.Timeout * 1_000;
    const environment = this.#environment(timeoutMs);
    const failure = await environment.ready;
    if (failure === undefined) return this.#run(environment, waiting, environment.initMs);
    environment.kill();
    this.log.started(environment, requestId, waiting.tail);
    this.log.initFailed(environment, failure, "invoke");
    const outcome = this.#initOutcome(requestId, failure, Math.min(environment.initMs, timeoutMs));
    waiting.resolve(this.log.ended(environment, requestId, outcome, undefined));
  }

  #initOutcome(requestId: string, { payload, status }: InitFailure, durationMs: number): Outcome {
    const { Timeout } = this.#deployment.configuration;
    const common = { status, durationMs, maxMemoryMegabytes: 0 };
    return { ...common, payload: status === "timeout" ? timedOut(requestId, Timeout) : payload };
  }

  /** @param spentMs how much of the function's timeout loading has used up already. */
  async #run(environment: Environment, { job, tail, resolve }: Waiting, spentMs = 0): Promise<void> {
    const { requestId } = job.head;
    const { Timeout } = environment.deployment.configuration;
    const initMs = spentMs > 0 ? 0 : environment.initMs;
    environment.initMs = 0; // reported with the first invocation only
    this.log.started(environment, requestId, tail);
    this.host.invoked?.(environment, requestId);
    const remainingMs = Math.max(0, Timeout * 1_000 - spentMs);
    const ran = await environment.invoke({ ...job.head, remainingMs }, job.event);
    const outcome = { ...ran, durationMs: ran.durationMs + spentMs };
    const result = this.log.ended(environment, requestId, outcome, initMs === 0 ? undefined : initMs);
    if (!environment.dead) {
      if (environment.deployment === this.#deployment) this.#idle.push(environment);
      else environment.kill();
    }
    resolve(result);
    this.#dispatch();
  }
}

function gone(): AwsError {
  return new AwsError("ResourceNotFoundException", "The function has been deleted.", 404, { Type: "User" });
}
