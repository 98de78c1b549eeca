import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../../local/scheduler/clock";
import type { QueueMessage, Targets } from "../../../local/scheduler/invocation/targets";
import { openScheduler, type Scheduler } from "../../../local/scheduler/scheduler";

/** A clock that a test moves; what is due runs in its order, at its time. */
export class FakeClock implements Clock {
  #timers: { at: number; action: () => void }[] = [];

  constructor(private nowMs: number) {}

  readonly now = (): number => this.nowMs;

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.nowMs + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on, waiting after each timer for what it set off. */
  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    await settle();
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.nowMs = Math.max(this.nowMs, next.at);
      next.action();
      await settle();
    }
    this.nowMs = end;
  }

  /** Time passes and no timer runs: the process is down, or the machine asleep. */
  skip(ms: number): void {
    this.nowMs += ms;
  }
}

/** Lets everything that waits for nothing but promises run. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lambda and SQS as lists; each call fails with the next of `errors`, if there is one. */
export class FakeTargets implements Targets {
  readonly invocations: { functionArn: string; payload: string; atMs: number }[] = [];
  readonly messages: QueueMessage[] = [];
  errors: Error[] = [];
  attempts: number[] = [];

  constructor(private readonly clock: FakeClock) {}

  async invokeFunction(functionArn: string, payload: string): Promise<void> {
    this.#attempt();
    this.invocations.push({ functionArn, payload, atMs: this.clock.now() });
  }

  async sendMessage(message: QueueMessage): Promise<void> {
    this.#attempt();
    this.messages.push(message);
  }

  #attempt(): void {
    this.attempts.push(this.clock.now());
    const error = this.errors.shift();
    if (error !== undefined) throw error;
  }
}

/** An error as the SDK throws it. */
export function awsError(name: string): Error {
  return Object.assign(new Error(`${name} happened`), { name });
}

/** 2026-03-04 05:06:07 UTC, a Wednesday. */
export const NOW = Date.UTC(2026, 2, 4, 5, 6, 7);

export const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:load";
export const QUEUE = "arn:aws:sqs:us-east-1:000000000000:dead";
export const ROLE = "arn:aws:iam::000000000000:role/scheduler";

/** Scheduler in a folder of its own, with its edges faked. */
export class Bench {
  readonly stateDir = mkdtempSync(join(tmpdir(), "scheduler-"));
  readonly clock: FakeClock;
  readonly targets: FakeTargets;
  fraction = 0.5;
  scheduler: Scheduler;
  #executions = 0;

  constructor(nowMs = NOW) {
    this.clock = new FakeClock(nowMs);
    this.targets = new FakeTargets(this.clock);
    this.scheduler = this.#open();
  }

  /** Calls an operation with a plain JSON body. */
  async call(method: string, path: string, body: object = {}): Promise<Record<string, unknown>> {
    const [target = "", search] = path.split("?");
    const answer = await this.scheduler.handler({
      ...{ method, path: target, query: new URLSearchParams(search), headers: {} },
      body: Buffer.from(JSON.stringify(body)),
    });
    const output = JSON.parse(String(answer.body)) as Record<string, unknown>;
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(output)}`);
    await settle();
    return output;
  }

  async create(expression: string, settings: object = {}, target: object = {}): Promise<void> {
    await this.call("POST", "/schedules/load", scheduleOf(expression, settings, target));
  }

  /** When the function was invoked, as ISO times. */
  get invokedAt(): string[] {
    return this.targets.invocations.map(({ atMs }) => new Date(atMs).toISOString().slice(0, 19));
  }

  /** Another process on the same folder, after a while. */
  restart(downMs = 0): void {
    this.scheduler.stop();
    this.clock.skip(downMs);
    this.scheduler = this.#open();
  }

  remove(): void {
    this.scheduler.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  #open(): Scheduler {
    const { stateDir, clock, targets } = this;
    const chance = { fraction: () => this.fraction, executionId: () => `execution-${++this.#executions}` };
    return openScheduler({ stateDir, clock, targets, chance });
  }
}

export function scheduleOf(expression: string, settings: object = {}, target: object = {}) {
  return {
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: "OFF" as const },
    Target: { Arn: FUNCTION, RoleArn: ROLE, ...target },
    ...settings,
  };
}
