import { AwsError } from "../../service/aws";
import type { Deployment } from "./deployment";
import { Environment, type EnvironmentHost, type InvocationHead, type Outcome } from "./environment";
import type { InvocationLog } from "./log";

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
}

/** Enough for a laptop: AWS would start an environment for every concurrent invocation. */
export const LAPTOP_LIMITS: PoolLimits = { environments: 10, queue: 1_000, patienceMs: 20, idleMs: 300_000 };

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
}

/** The execution environments of one version of a function. */
export class FunctionPool {
  #deployment: Deployment;
  #environments = new Set<Environment>();
  #idle: Environment[] = [];
  #queue: Waiting[] = [];
  #starting = 0;
  #running = 0;
  #patience: NodeJS.Timeout | undefined;

  constructor(
    deployment: Deployment,
    private readonly host: EnvironmentHost,
    private readonly log: InvocationLog,
    private readonly reserved: () => number | undefined,
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
  invoke(job: Job, tail = false): Promise<JobResult> {
    const reserved = this.reserved();
    const active = this.#running + this.#queue.length;
    if (reserved !== undefined && active >= reserved)
      throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
    if (this.#queue.length >= this.limits.queue) throw throttled("ConcurrentInvocationLimitExceeded");
    return new Promise((resolve) => {
      this.#queue.push({ job, tail, since: performance.now(), resolve });
      this.#dispatch();
    });
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

  /** Ends everything at once. */
  close(): void {
    clearTimeout(this.#patience);
    for (const environment of this.#environments) environment.kill();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const environment = this.#idle.pop();
      if (environment === undefined) break;
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
    return Math.min(this.limits.environments, this.reserved() ?? this.limits.environments);
  }

  #start(): void {
    const deployment = this.#deployment;
    this.#starting += 1;
    const environment = new Environment(deployment, this.host, {
      printed: (text) => this.log.printed(environment, text),
      ended: () => {
        this.#environments.delete(environment);
        this.#idle = this.#idle.filter((other) => other !== environment);
        this.#dispatch();
      },
    });
    this.#environments.add(environment);
    void environment.ready.then((failure) => {
      this.#starting -= 1;
      if (environment.deployment !== this.#deployment) environment.kill();
      else if (failure !== undefined) this.#initFailed(environment, failure);
      else this.#idle.push(environment);
      const now = performance.now();
      for (const waiting of this.#queue) waiting.since = now; // the wait for a cold start is no sign of too few
      this.#dispatch();
    });
  }

  /** The invocation that the environment was started for fails; the next one starts another environment. */
  #initFailed(environment: Environment, failure: Buffer): void {
    environment.kill();
    this.#environments.delete(environment);
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.log.started(environment, waiting.job.head.requestId, waiting.tail);
    const outcome: Outcome = {
      payload: failure,
      status: "error",
      durationMs: environment.initMs,
      maxMemoryMegabytes: 0,
    };
    waiting.resolve(this.log.ended(environment, waiting.job.head.requestId, outcome, undefined));
  }

  async #run(environment: Environment, { job, tail, resolve }: Waiting): Promise<void> {
    this.#running += 1;
    const { requestId } = job.head;
    const { Timeout } = environment.deployment.configuration;
    const initMs = environment.initMs;
    environment.initMs = 0; // reported with the first invocation only
    this.log.started(environment, requestId, tail);
    const outcome = await environment.invoke({ ...job.head, remainingMs: Timeout * 1_000 }, job.event);
    const result = this.log.ended(environment, requestId, outcome, initMs === 0 ? undefined : initMs);
    this.#running -= 1;
    if (!environment.dead) {
      if (environment.deployment === this.#deployment) this.#idle.push(environment);
      else environment.kill();
    }
    resolve(result);
    this.#dispatch();
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
export function throttled(reason: string): AwsError {
  return new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, { Type: "User", Reason: reason });
}
