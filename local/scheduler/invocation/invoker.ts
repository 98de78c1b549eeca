import type { Failure, Invocation, Schedule } from "../state";
import { type AttemptContext, payloadOf, timestamp } from "./payload";
import { isRetryable, type Targets } from "./targets";

/** What became of an attempt. */
export type Outcome =
  /** The target or the dead-letter queue has it, or there is nobody left to give it to. */
  { readonly kind: "done" } | { readonly kind: "later"; readonly invocation: Invocation };

const FIRST_BACKOFF_MS = 1_000;
/** So that AWS's 185 retries fill the 24 hours that an event may live. */
const LONGEST_BACKOFF_MS = 8 * 60_000;
const RETENTION_MS = 24 * 60 * 60 * 1000;

/**
 * Attempts an invocation once: on its target, or, once that was given up, on the dead-letter queue. A target
 * is given up after its retry policy's attempts or age, and at once on an error that no retry mends.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 */
export async function attemptInvocation(
  { arn, settings: { Target: target } }: Schedule,
  invocation: Invocation,
  targets: Targets,
  now: () => number,
): Promise<Outcome> {
  const context = contextOf(arn, invocation);
  if (invocation.failure !== undefined)
    return deadLetter(target, context, { ...invocation, failure: invocation.failure }, targets, now());
  try {
    await send(target, payloadOf(target.Input, context), targets, arn);
    return { kind: "done" };
  } catch (error) {
    const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: ageSeconds } = target.RetryPolicy;
    const attempts = invocation.attempts + 1;
    const dueMs = now() + backoffMs(invocation.attempts);
    const tooOften = attempts > retries;
    const tooOld = dueMs - invocation.startedMs > ageSeconds * 1000;
    if (isRetryable(error) && !tooOften && !tooOld)
      return { kind: "later", invocation: { ...invocation, attempts, dueMs } };
    const failure: Failure = {
      ...describeError(error),
      ...(isRetryable(error)
        ? { exhausted: tooOften ? "MaximumRetryAttempts" : "MaximumEventAgeInSeconds" }
        : {}),
    };
    console.error(`${arn}: gave up after ${attempts} attempts: ${failure.code}: ${failure.message}`);
    return target.DeadLetterConfig?.Arn === undefined
      ? { kind: "done" }
      : { kind: "later", invocation: { ...invocation, attempts, dueMs: now(), failure } };
  }
}

async function deadLetter(
  target: Schedule["settings"]["Target"],
  context: AttemptContext,
  invocation: Invocation & { failure: Failure },
  targets: Targets,
  nowMs: number,
): Promise<Outcome> {
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return { kind: "done" };
  const attempts = invocation.deadLetterAttempts ?? 0;
  try {
    const message = {
      queueArn,
      body: payloadOf(target.Input, { ...context, attempt: invocation.attempts }),
      attributes: deadLetterAttributes(target.Arn, context, invocation),
    };
    await targets.sendMessage(message, { roleArn: target.RoleArn, scheduleArn: context.scheduleArn });
    return { kind: "done" };
  } catch (error) {
    if (nowMs - invocation.startedMs >= RETENTION_MS) {
      console.error(
        `${context.scheduleArn}: LOST an invocation: its dead-letter queue does not take it`,
        error,
      );
      return { kind: "done" };
    }
    const dueMs = nowMs + backoffMs(attempts);
    return { kind: "later", invocation: { ...invocation, dueMs, deadLetterAttempts: attempts + 1 } };
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
function deadLetterAttributes(
  targetArn: string,
  { scheduleArn, executionId, scheduledMs }: AttemptContext,
  { failure, attempts }: Invocation & { failure: Failure },
): Record<string, string> {
  return {
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    EXECUTION_ID: executionId,
    ...(failure.exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: failure.exhausted }),
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: String(attempts - 1),
    SCHEDULED_TIME: timestamp(scheduledMs),
    SCHEDULE_ARN: scheduleArn,
    TARGET_ARN: targetArn,
  };
}

async function send(
  target: Schedule["settings"]["Target"],
  payload: string,
  targets: Targets,
  scheduleArn: string,
): Promise<void> {
  const caller = { roleArn: target.RoleArn, scheduleArn };
  if (target.Arn.split(":")[2] === "lambda") return targets.invokeFunction(target.Arn, payload, caller);
  const groupId = target.SqsParameters?.MessageGroupId;
  const message = { queueArn: target.Arn, body: payload, ...(groupId === undefined ? {} : { groupId }) };
  return targets.sendMessage(message, caller);
}

function contextOf(scheduleArn: string, { id, scheduledMs, attempts }: Invocation): AttemptContext {
  return { scheduleArn, scheduledMs, executionId: id, attempt: attempts + 1 };
}

function backoffMs(attempts: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** attempts, LONGEST_BACKOFF_MS);
}

function describeError(error: unknown): { code: string; message: string } {
  return error instanceof Error
    ? { code: error.name, message: error.message || error.name }
    : { code: "Error", message: String(error) };
}
