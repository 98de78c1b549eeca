import { randomBytes, randomUUID } from "node:crypto";
import { AwsError } from "../../service/aws";
import type { Configuration, FunctionRecord, LambdaStore } from "../state";
import type { CodeStore } from "./code";
import { Concurrency } from "./concurrency";
import { type Deployment, functionArn } from "./deployment";
import type { EnvironmentHost } from "./environment";
import type { InvocationLog } from "./log";
import { errorPayload } from "./outcome";
import { FunctionPool, LAPTOP_LIMITS, type PoolLimits } from "./pool";

/** Largest event of a synchronous invocation, bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_EVENT_BYTES = 6_291_456;
/** Largest answer of a function, bytes: the error that Lambda gives names this number. */
export const MAX_RESULT_BYTES = 6_291_556;

/** An invocation, whoever asks for it. */
export interface Invocation {
  readonly functionName: string;
  /** A version or an alias; none is `$LATEST`. */
  readonly qualifier?: string;
  /** The event as JSON. */
  readonly event: string | Buffer;
  /** An asynchronous invocation keeps its id over its retries. */
  readonly requestId?: string;
  readonly clientContext?: unknown;
  /** Whether the last 4 KB of the log are wanted. */
  readonly tail?: boolean;
}

/** What an invocation came to. A function's own error is a result, not an exception. */
export interface InvocationResult {
  readonly requestId: string;
  /** The function's JSON, or its error's. */
  readonly payload: Buffer;
  readonly functionError?: "Unhandled";
  readonly executedVersion: string;
  readonly log?: Buffer;
}

/** Invokes functions. Rejects with an AwsError if the function could not be invoked at all. */
export interface Invoker {
  invoke(invocation: Invocation): Promise<InvocationResult>;
}

/** Runs functions in execution environments on this machine. */
export class LocalInvoker implements Invoker {
  /** By function, then version. */
  readonly #pools = new Map<string, Map<string, FunctionPool>>();
  readonly #concurrencies = new Map<string, Concurrency>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(
    private readonly store: LambdaStore,
    private readonly code: CodeStore,
    private readonly host: EnvironmentHost,
    private readonly log: InvocationLog,
    private readonly limits: PoolLimits = LAPTOP_LIMITS,
  ) {
    this.#sweeper = setInterval(() => {
      for (const pool of this.#all()) pool.sweep();
    }, 30_000).unref();
  }

  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { functionName, qualifier, event, requestId = randomUUID(), clientContext, tail } = invocation;
    const record = this.store.state.functions[functionName];
    const configuration = record && findVersion(record, qualifier);
    if (record === undefined || configuration === undefined)
      throw new AwsError(
        "ResourceNotFoundException",
        `Function not found: ${functionArn(functionName, qualifier)}`,
        404,
        { Type: "User" },
      );
    const pool =
      this.#pools.get(functionName)?.get(configuration.Version) ?? (await this.#pool(record, configuration));
    const arn = functionArn(functionName, qualifier === "$LATEST" ? undefined : qualifier);
    const head = {
      requestId,
      arn,
      traceId: traceId(),
      ...(clientContext === undefined ? {} : { clientContext }),
    };
    const result = await pool.invoke({ head, event }, tail);
    const common = {
      requestId,
      executedVersion: configuration.Version,
      ...(result.log === undefined ? {} : { log: result.log }),
    };
    if (result.payload.length > MAX_RESULT_BYTES)
      return {
        ...common,
        functionError: "Unhandled",
        payload: errorPayload(
          "Function.ResponseSizeTooLarge",
          `Response payload size exceeded maximum allowed payload size (${MAX_RESULT_BYTES} bytes).`,
        ),
      };
    return {
      ...common,
      payload: result.payload,
      ...(result.status === "success" ? {} : { functionError: "Unhandled" as const }),
    };
  }

  /** Makes later invocations of a function run what is configured now. */
  async changed(functionName: string): Promise<void> {
    const record = this.store.state.functions[functionName];
    const pool = this.#pools.get(functionName)?.get("$LATEST");
    if (record === undefined || pool === undefined) return;
    pool.replace(await this.#deployment(record.latest));
  }

  /** Ends a removed function's environments. */
  removed(functionName: string): void {
    for (const pool of this.#pools.get(functionName)?.values() ?? []) pool.close();
    this.#pools.delete(functionName);
    this.#concurrencies.delete(functionName);
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const pool of this.#all()) pool.close();
  }

  *#all(): Iterable<FunctionPool> {
    for (const pools of this.#pools.values()) yield* pools.values();
  }

  async #pool(record: FunctionRecord, configuration: Configuration): Promise<FunctionPool> {
    const { FunctionName, Version } = configuration;
    const deployment = await this.#deployment(configuration);
    const pools = this.#pools.get(FunctionName) ?? new Map<string, FunctionPool>();
    this.#pools.set(FunctionName, pools);
    const existing = pools.get(Version);
    if (existing !== undefined) return existing; // made while this one waited
    const pool = new FunctionPool(deployment, this.host, this.log, this.#concurrency(record), this.limits);
    pools.set(Version, pool);
    return pool;
  }

  /** One for all versions of a function. */
  #concurrency(record: FunctionRecord): Concurrency {
    const name = record.latest.FunctionName;
    const existing = this.#concurrencies.get(name);
    if (existing !== undefined) return existing;
    const concurrency = new Concurrency(() => record.reservedConcurrency);
    this.#concurrencies.set(name, concurrency);
    return concurrency;
  }

  async #deployment(configuration: Configuration): Promise<Deployment> {
    const layers = (configuration.Layers ?? []).map(({ sha256 }) => sha256);
    return {
      configuration,
      codeFolder: this.code.unpacked(configuration.CodeSha256),
      ...(layers.length === 0 ? {} : { layerFolder: await this.code.merged(layers) }),
    };
  }
}

/** The version that a qualifier (a version's number, an alias or nothing) names. */
export function findVersion(record: FunctionRecord, qualifier = "$LATEST"): Configuration | undefined {
  if (qualifier === "$LATEST") return record.latest;
  const version = record.aliases[qualifier]?.FunctionVersion ?? qualifier;
  return version === "$LATEST" ? record.latest : record.versions.find(({ Version }) => Version === version);
}

function traceId(): string {
  const id = randomBytes(20).toString("hex");
  const time = Math.floor(Date.now() / 1_000).toString(16);
  return `Root=1-${time}-${id.slice(0, 24)};Parent=${id.slice(24)};Sampled=0`;
}
