import { logGroup, runtimeArn } from "./deployment";
import type { Environment } from "./environment";
import { RUNTIME_MAJOR } from "./node";
import type { InitFailure, Outcome } from "./outcome";
import type { JobResult } from "./pool";

/** Most of a log that an answer to an invocation carries, bytes. */
const TAIL_BYTES = 4_096;

/** Where lines go once they are whole. */
export interface LogSink {
  write(functionName: string, group: string, stream: string, line: string): void;
}

/** What is known of one environment's output. */
interface Output {
  /** The start of a line whose end has not been printed yet. */
  partial: string;
  /** The invocation's lines so far, kept only if the caller asked for them. */
  tail?: string[];
}

/**
 * Turns what environments print into lines, with the platform's own around each invocation.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
 */
export class InvocationLog {
  readonly #outputs = new WeakMap<Environment, Output>();

  constructor(private readonly sink: LogSink) {}

  printed(environment: Environment, text: string): void {
    const output = this.#output(environment);
    const lines = (output.partial + text).split("\n");
    output.partial = lines.pop() ?? "";
    for (const line of lines) this.#line(environment, output, line);
  }

  /** An environment begins to load its handler. */
  created(environment: Environment): void {
    const output = this.#output(environment);
    const { LoggingConfig, Runtime, FunctionName, Version } = environment.deployment.configuration;
    const runtimeVersion = `nodejs:${RUNTIME_MAJOR}`;
    const runtimeVersionArn = runtimeArn(Runtime);
    if (LoggingConfig.LogFormat === "Text")
      this.#line(
        environment,
        output,
        `INIT_START Runtime Version: ${runtimeVersion}\tRuntime Version ARN: ${runtimeVersionArn}`,
      );
    else if (showsInfo(LoggingConfig.SystemLogLevel))
      this.#line(
        environment,
        output,
        platformLine("platform.initStart", {
          ...{ initializationType: "on-demand", phase: "init", runtimeVersion, runtimeVersionArn },
          ...{ functionName: FunctionName, functionVersion: Version },
        }),
      );
  }

  /** A handler was not loaded. @param phase whether within an invocation. */
  initFailed(environment: Environment, { status, payload }: InitFailure, phase: "init" | "invoke"): void {
    const output = this.#output(environment);
    if (output.partial !== "") this.printed(environment, "\n");
    const durationMs = environment.initMs;
    const fields = [`Init Duration: ${durationMs.toFixed(2)} ms`, `Phase: ${phase}`, `Status: ${status}`];
    const type = errorType(payload);
    if (environment.deployment.configuration.LoggingConfig.LogFormat === "Text")
      this.#line(
        environment,
        output,
        `INIT_REPORT ${[...fields, ...(status === "error" ? [`Error Type: ${type}`] : [])].join("\t")}`,
      );
    else
      this.#line(
        environment,
        output,
        platformLine("platform.initReport", {
          ...{ initializationType: "on-demand", phase, status, errorType: type },
          metrics: { durationMs: Number(durationMs.toFixed(3)) },
        }),
      );
  }

  started(environment: Environment, requestId: string, tail: boolean): void {
    const output = this.#output(environment);
    if (tail) output.tail = [];
    const { LoggingConfig, Version } = environment.deployment.configuration;
    if (LoggingConfig.LogFormat === "Text")
      this.#line(environment, output, `START RequestId: ${requestId} Version: ${Version}`);
    else if (showsInfo(LoggingConfig.SystemLogLevel))
      this.#line(environment, output, platformLine("platform.start", { requestId, version: Version }));
  }

  /** @param initMs how long loading took, for the first invocation of an environment. */
  ended(
    environment: Environment,
    requestId: string,
    outcome: Outcome,
    initMs: number | undefined,
  ): JobResult {
    const output = this.#output(environment);
    if (output.partial !== "") this.printed(environment, "\n");
    const { LoggingConfig, MemorySize } = environment.deployment.configuration;
    if (LoggingConfig.LogFormat === "Text")
      for (const line of textReport(requestId, MemorySize, outcome, initMs))
        this.#line(environment, output, line);
    else if (showsInfo(LoggingConfig.SystemLogLevel) || outcome.status !== "success")
      this.#line(
        environment,
        output,
        platformLine("platform.report", jsonReport(requestId, MemorySize, outcome, initMs)),
      );
    const { tail } = output;
    if (tail === undefined) return outcome;
    delete output.tail;
    return { ...outcome, log: Buffer.from(`${tail.join("\n")}\n`).subarray(-TAIL_BYTES) };
  }

  #output(environment: Environment): Output {
    let output = this.#outputs.get(environment);
    if (output === undefined) {
      output = { partial: "" };
      this.#outputs.set(environment, output);
    }
    return output;
  }

  #line(environment: Environment, output: Output, line: string): void {
    output.tail?.push(line);
    const { configuration } = environment.deployment;
    this.sink.write(configuration.FunctionName, logGroup(configuration), environment.logStream, line);
  }
}

/** Each started millisecond is billed, init included. */
function billedMs(outcome: Outcome, initMs: number | undefined): number {
  return Math.ceil(outcome.durationMs + (initMs ?? 0));
}

function textReport(
  requestId: string,
  memoryMegabytes: number,
  outcome: Outcome,
  initMs: number | undefined,
): string[] {
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${outcome.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs(outcome, initMs)} ms`,
    `Memory Size: ${memoryMegabytes} MB`,
    `Max Memory Used: ${outcome.maxMemoryMegabytes} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(ended(outcome) ? [`Status: ${outcome.status}`] : []),
    ...(outcome.status === "error" ? [`Error Type: ${endedBy(outcome)}`] : []),
  ];
  const failure = ended(outcome) ? failureLines(requestId, outcome) : [];
  return [...failure, `END RequestId: ${requestId}`, `${fields.join("\t")}\t`];
}

/** Whether the outcome is the platform's, not the handler's own. */
function ended({ status }: Outcome): boolean {
  return status === "timeout" || status === "error";
}

function endedBy({ payload, errorType: cause }: Outcome): string {
  return cause ?? errorType(payload);
}

function failureLines(requestId: string, outcome: Outcome): string[] {
  const { errorMessage = "" } = JSON.parse(outcome.payload.toString("utf8")) as { errorMessage?: string };
  if (outcome.status === "timeout")
    return [`${new Date().toISOString()} ${requestId} ${errorMessage.replace(/^.*Error: /, "")}`, ""];
  return [errorMessage, endedBy(outcome)];
}

function jsonReport(
  requestId: string,
  memorySizeMB: number,
  outcome: Outcome,
  initMs: number | undefined,
): object {
  return {
    requestId,
    metrics: {
      durationMs: Number(outcome.durationMs.toFixed(3)),
      billedDurationMs: billedMs(outcome, initMs),
      memorySizeMB,
      maxMemoryUsedMB: outcome.maxMemoryMegabytes,
      ...(initMs === undefined ? {} : { initDurationMs: Number(initMs.toFixed(3)) }),
    },
    status: outcome.status,
    ...(outcome.status === "success" ? {} : { errorType: endedBy(outcome) }),
  };
}

function platformLine(type: string, record: object): string {
  return JSON.stringify({ time: new Date().toISOString(), type, record });
}

/** Start and report lines are of level INFO. */
function showsInfo(level: string | undefined): boolean {
  return level !== "WARN";
}

function errorType(payload: Buffer): string {
  try {
    return String((JSON.parse(payload.toString("utf8")) as { errorType?: unknown }).errorType);
  } catch {
    return "Unknown";
  }
}
