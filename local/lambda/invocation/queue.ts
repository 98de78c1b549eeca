import { randomUUID } from "node:crypto";
import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Deliver, DestinationRecord } from "../aws/destinations";
import type { InvocationResult, Invoker } from "../execution/invoker";
import type { EventInvokeConfig, LambdaStore } from "../state";
import { deadLetter, destinationRecord, type Settled, settled } from "./record";

/** Waits before the first and the second retry, ms. AWS waits one and two minutes; a laptop's user does not. */
const RETRY_WAITS_MS = [2_000, 4_000];
/** Waits while the function is throttled: doubled each time, up to the second, ms. */
const THROTTLE_WAITS_MS = [1_000, 60_000] as const;
/** AWS's default for `MaximumEventAgeInSeconds`. */
const DEFAULT_AGE_SECONDS = 21_600;

/** Who is invoked. */
export interface Target {
  readonly functionName: string;
  readonly qualifier?: string;
}

/** An accepted event, as its file holds it. */
export interface Accepted extends Target {
  readonly requestId: string;
  readonly event: string;
  /** Unix time, ms. */
  readonly acceptedAt: number;
  /** How often the function has failed on it. */
  attempts: number;
  /** Set once the function will not be invoked again. */
  settled?: Settled;
}

/**
 * Asynchronous invocations: an event is on disk before it is acknowledged and stays there until the function has
 * taken it, or it was given up and delivered to the on-failure destination.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncQueue {
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  /**
   * @param folder where accepted events are kept. It exists.
   * @param deliverAs delivers with a function's role
   */
  constructor(
    private readonly folder: string,
    private readonly store: LambdaStore,
    private readonly invoker: Invoker,
    private readonly deliverAs: (functionName: string) => Deliver,
    private readonly retryWaitsMs: readonly number[] = RETRY_WAITS_MS,
  ) {}

  /** Takes up the events that an earlier process had accepted. */
  async restore(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const file = join(this.folder, name);
      if (name.endsWith(".json")) this.#later(0, JSON.parse(await readFile(file, "utf8")) as Accepted);
      else await rm(file, { force: true }); // written by half when the process ended: never acknowledged
    }
  }

  /** Accepts an event; when it resolves, the event survives anything. Resolves with the request's id. */
  async accept(target: Target, event: string): Promise<string> {
    const accepted: Accepted = {
      ...target,
      requestId: randomUUID(),
      event,
      acceptedAt: Date.now(),
      attempts: 0,
    };
    await this.#save(accepted);
    this.#later(0, accepted);
    return accepted.requestId;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #later(waitMs: number, accepted: Accepted, throttles = 0): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#attempt(accepted, throttles).catch((error: unknown) => {
        console.error(`asynchronous invocation ${accepted.requestId} of ${accepted.functionName}:`, error);
        if (!this.#closed) this.#later(THROTTLE_WAITS_MS[1], accepted, throttles + 1);
      });
    }, waitMs);
    this.#timers.add(timer);
  }

  async #attempt(accepted: Accepted, throttles: number): Promise<void> {
    const record = this.store.state.functions[accepted.functionName];
    if (record === undefined) return this.#forget(accepted); // removed since: AWS drops its events too
    if (accepted.settled !== undefined) return this.#tell(accepted, accepted.settled);
    const config = record.eventInvoke[accepted.qualifier ?? "$LATEST"];
    if (record.reservedConcurrency === 0) return this.#settle(accepted, settled("ZeroReservedConcurrency"));
    if (this.#isTooOld(accepted, config)) return this.#settle(accepted, settled("EventAgeExceeded"));
    let result: InvocationResult;
    try {
      result = await this.invoker.invoke({ ...accepted });
    } catch {
      // throttled: tried again until it is too old
      const [first, most] = THROTTLE_WAITS_MS;
      this.#later(Math.min(first * 2 ** throttles, most), accepted, throttles + 1);
      return;
    }
    if (this.#closed) return; // the environment was killed with this process: that was no attempt
    accepted.attempts += 1;
    if (result.functionError === undefined) return this.#settle(accepted, settled("Success", result));
    if (accepted.attempts > (config?.MaximumRetryAttempts ?? 2))
      return this.#settle(accepted, settled("RetriesExhausted", result));
    await this.#save(accepted);
    this.#later(this.retryWaitsMs[accepted.attempts - 1] ?? this.retryWaitsMs.at(-1) ?? 0, accepted);
  }

  /** Keeps how an event ended if somebody is to be told, so that the function does not see it again. */
  async #settle(accepted: Accepted, end: Settled): Promise<void> {
    accepted.settled = end;
    if (this.#listeners(accepted, end).length > 0) await this.#save(accepted);
    await this.#tell(accepted, end);
  }

  async #tell(accepted: Accepted, end: Settled): Promise<void> {
    const { functionName, requestId } = accepted;
    const listeners = this.#listeners(accepted, end);
    if (listeners.length === 0 && end.condition !== "Success")
      console.error(`${functionName} failed on asynchronous event ${requestId}: ${end.condition}`);
    for (const { arn, record } of listeners) await this.deliverAs(functionName)(arn, record);
    await this.#forget(accepted);
  }

  /** Who is to be told of an end, and what. */
  #listeners(accepted: Accepted, end: Settled): { arn: string; record: DestinationRecord }[] {
    const record = this.store.state.functions[accepted.functionName];
    const config = record?.eventInvoke[accepted.qualifier ?? "$LATEST"]?.DestinationConfig;
    const success = end.condition === "Success";
    const destination = (success ? config?.OnSuccess : config?.OnFailure)?.Destination;
    const deadLetters = success ? undefined : record?.latest.DeadLetterConfig?.TargetArn;
    return [
      ...(destination ? [{ arn: destination, record: destinationRecord(accepted, end, new Date()) }] : []),
      ...(deadLetters ? [{ arn: deadLetters, record: deadLetter(accepted, end) }] : []),
    ];
  }

  #isTooOld({ acceptedAt }: Accepted, config: EventInvokeConfig | undefined): boolean {
    const ageSeconds = config?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS;
    return Date.now() - acceptedAt > ageSeconds * 1_000;
  }

  async #save(accepted: Accepted): Promise<void> {
    const file = this.#file(accepted);
    const draft = await open(`${file}.tmp`, "w");
    await draft.writeFile(JSON.stringify(accepted));
    await draft.close();
    await rename(`${file}.tmp`, file);
  }

  #forget(accepted: Accepted): Promise<void> {
    return rm(this.#file(accepted), { force: true });
  }

  #file({ requestId }: Accepted): string {
    return join(this.folder, `${requestId}.json`);
  }
}
