import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Deliver } from "../aws/destinations";
import type { RoleClients } from "../aws/role-clients";
import { parseFunction } from "../control/names";
import type { Invoker } from "../execution/invoker";
import type { LambdaStore, Mapping } from "../state";
import { systemClock } from "./clock";
import { anyOf, parsePatterns } from "./filters";
import { pollQueue } from "./queue/poller";
import { sqsQueue } from "./queue/source";
import { discardTo } from "./stream/discard";
import { pollStream } from "./stream/poller";
import { dynamoDbStream } from "./stream/source";
import type { BatchOutcome } from "./stream/types";

/** Batches of a queue that are processed at once unless the mapping says otherwise. */
const QUEUE_CONCURRENCY = 5;

/** What pollers need of the service. */
export interface PollerHost {
  readonly store: LambdaStore;
  readonly invoker: Invoker;
  readonly gatewayUrl: string;
  /** The clients of the role that a function, by its ARN or name, has at the time. */
  readonly clientsOf: (functionName: string) => RoleClients;
  /** Delivers as a function's role. */
  readonly deliverAs: (functionName: string) => Deliver;
  /** Where checkpoints are kept. It exists. */
  readonly folder: string;
  /** Whether a function's mappings are not polled for now, enabled as they are. @default they are */
  readonly paused?: (functionName: string) => boolean;
}

/** Polls the sources of all enabled mappings. */
export class Pollers {
  readonly #running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  readonly #results = new Map<string, string>();
  readonly #paused = new Set<string>();

  constructor(private readonly host: PollerHost) {}

  /** Starts polling for every enabled mapping in the state. */
  restore(): void {
    for (const mapping of Object.values(this.host.store.state.mappings)) this.apply(mapping);
  }

  /** Looks again at which mappings are paused. */
  refresh(): void {
    for (const mapping of Object.values(this.host.store.state.mappings))
      if (this.#isPaused(mapping) !== this.#paused.has(mapping.UUID)) this.apply(mapping);
  }

  /** Polls as the mapping says from now on: after what is being processed, from where that ended. */
  apply(mapping: Mapping): void {
    const { UUID } = mapping;
    const previous = this.#running.get(UUID);
    previous?.stop.abort();
    const stop = new AbortController();
    const paused = this.#isPaused(mapping);
    if (paused) this.#paused.add(UUID);
    else this.#paused.delete(UUID);
    const ended = (previous?.ended ?? Promise.resolve())
      .then(() =>
        mapping.enabled && !paused && !stop.signal.aborted ? this.#poll(mapping, stop.signal) : undefined,
      )
      .catch((error: unknown) => console.error(`polling ${mapping.EventSourceArn} has ended:`, error));
    this.#running.set(UUID, { stop, ended });
  }

  /** Stops polling and forgets the position. */
  remove(uuid: string): void {
    const running = this.#running.get(uuid);
    running?.stop.abort();
    void running?.ended.then(() => {
      rmSync(join(this.host.folder, `${uuid}.json`), { force: true });
      this.#running.delete(uuid);
      this.#results.delete(uuid);
    });
  }

  /** What became of the last invocation, in the words of the API. */
  lastResult(uuid: string): string {
    return this.#results.get(uuid) ?? "No records processed";
  }

  /** Takes no further batch. */
  close(): void {
    for (const { stop } of this.#running.values()) stop.abort();
  }

  #isPaused({ FunctionArn }: Mapping): boolean {
    return this.host.paused?.(parseFunction(FunctionArn).name) === true;
  }

  #poll(mapping: Mapping, signal: AbortSignal): Promise<void> {
    const patterns = parsePatterns(mapping.FilterCriteria);
    const common = {
      ...(patterns === undefined ? {} : { matches: anyOf(patterns) }),
      clock: systemClock,
      invoke: (event: string) => this.#invoke(mapping, event),
    };
    const reportsItemFailures = mapping.FunctionResponseTypes.includes("ReportBatchItemFailures");
    const { host } = this;
    const { EventSourceArn, FunctionArn, BatchSize: batchSize } = mapping;
    const clients = (): RoleClients => host.clientsOf(FunctionArn);
    const { gatewayUrl } = host;
    const windowMs = mapping.MaximumBatchingWindowInSeconds * 1_000;
    if (EventSourceArn.split(":")[2] === "sqs")
      return pollQueue(
        {
          ...common,
          queueArn: EventSourceArn,
          source: sqsQueue(() => clients().sqs, gatewayUrl, EventSourceArn),
          rules: {
            batchSize,
            windowMs,
            maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency ?? QUEUE_CONCURRENCY,
            reportsItemFailures,
          },
        },
        signal,
      );
    return pollStream(
      {
        ...common,
        uuid: mapping.UUID,
        streamArn: EventSourceArn,
        start: mapping.StartingPosition ?? "TRIM_HORIZON",
        ...(mapping.createdMs === undefined ? {} : { createdMs: mapping.createdMs }),
        source: dynamoDbStream({ gatewayUrl, credentials: () => clients().credentials() }, EventSourceArn),
        rules: {
          batchSize,
          windowMs,
          lanes: mapping.ParallelizationFactor ?? 1,
          maximumRetryAttempts: mapping.MaximumRetryAttempts ?? -1,
          maximumRecordAgeSeconds: mapping.MaximumRecordAgeInSeconds ?? -1,
          bisect: mapping.BisectBatchOnFunctionError ?? false,
          reportsItemFailures,
        },
        discard: discardTo(mapping, host.deliverAs(FunctionArn), () => new Date()),
        folder: host.folder,
      },
      signal,
    );
  }

  async #invoke(mapping: Mapping, event: string): Promise<BatchOutcome> {
    const { name: functionName, qualifier } = parseFunction(mapping.FunctionArn);
    try {
      const target = { functionName, ...(qualifier === undefined ? {} : { qualifier }) };
      const result = await this.host.invoker.invoke({ ...target, event });
      const failed = result.functionError !== undefined;
      this.#results.set(mapping.UUID, failed ? "PROBLEM: Function call failed" : "OK");
      const { requestId, executedVersion: version } = result;
      return failed
        ? { kind: "failed", requestId, version }
        : { kind: "answered", requestId, version, payload: result.payload.toString("utf8") };
    } catch (error) {
      this.#results.set(mapping.UUID, `PROBLEM: ${String(error)}`);
      return { kind: "rejected", reason: String(error) };
    }
  }
}
