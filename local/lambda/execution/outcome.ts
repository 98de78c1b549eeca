import { RoleRefused } from "../../service/role";

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
  /** Why the environment ended, if it did: an error type of the platform. */
  readonly errorType?: string;
}

/** Why a handler could not be loaded: `payload` is the error's JSON. */
export interface InitFailure {
  readonly payload: Buffer;
  readonly status: "error" | "timeout";
}

/** An error as the body of a failed invocation. */
export function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}

/** The body of an invocation that took too long. */
export function timedOut(requestId: string, timeoutSeconds: number): Buffer {
  const message = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  return errorPayload("Sandbox.Timedout", message);
}

/** Why a role could not be taken on: the error's type and message. */
export function noRole(error: unknown): [errorType: string, errorMessage: string] {
  return error instanceof RoleRefused
    ? [error.name, "The role defined for the function cannot be assumed by Lambda."]
    : ["ServiceException", `The role defined for the function could not be taken on: ${String(error)}`];
}

/** How a process ended, in Lambda's words. */
export function exitFailure(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return "Runtime exited with error: signal: killed";
  if (signal !== null)
    return `Runtime exited with error: signal: ${signal === "SIGABRT" ? "aborted" : signal}`;
  return code === 0
    ? "Runtime exited without providing a reason"
    : `Runtime exited with error: exit status ${code}`;
}
