import { randomUUID } from "node:crypto";
import { type DestinationRecord, datedKey } from "../aws/destinations";
import { functionArn } from "../execution/deployment";
import type { InvocationResult } from "../execution/invoker";
import type { Accepted } from "./queue";

/** How an asynchronous invocation ended, in the words of a destination's record. */
export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

/** An ended invocation, kept until everybody who is to know of it does. */
export interface Settled {
  readonly condition: Condition;
  /** What the function last said, if it was invoked. */
  readonly executedVersion?: string;
  readonly failed?: boolean;
  /** JSON. */
  readonly payload?: string;
}

/** Most of an error's message that a dead-letter queue is told, bytes. */
const MAX_MESSAGE_BYTES = 1_024;

/** How an invocation ended that had this result, if any. */
export function settled(condition: Condition, result?: InvocationResult): Settled {
  if (result === undefined) return { condition };
  const { executedVersion, functionError, payload } = result;
  return {
    condition,
    executedVersion,
    failed: functionError !== undefined,
    payload: payload.toString("utf8"),
  };
}

/**
 * What a destination receives.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function destinationRecord(accepted: Accepted, end: Settled, now: Date): DestinationRecord {
  const { condition, executedVersion, failed, payload } = end;
  const content = JSON.stringify({
    version: "1.0",
    timestamp: now.toISOString(),
    requestContext: {
      requestId: accepted.requestId,
      functionArn: functionArn(accepted.functionName, accepted.qualifier ?? "$LATEST"),
      condition,
      approximateInvokeCount: accepted.attempts,
    },
    requestPayload: JSON.parse(accepted.event) as unknown,
    ...(payload === undefined
      ? {}
      : {
          responseContext: {
            ...{ statusCode: 200, executedVersion },
            ...(failed ? { functionError: "Unhandled" } : {}),
          },
          responsePayload: JSON.parse(payload) as unknown,
        }),
  });
  const key = datedKey(`aws/lambda/async/${accepted.functionName}`, now, randomUUID());
  return { message: content, object: { key, content } };
}

/**
 * What a dead-letter queue or topic receives: the event itself, and why in attributes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
 */
export function deadLetter(accepted: Accepted, { condition, payload }: Settled): DestinationRecord {
  const { errorMessage = condition } = JSON.parse(payload ?? "{}") as { errorMessage?: string };
  const message = Buffer.from(errorMessage).subarray(0, MAX_MESSAGE_BYTES).toString("utf8") || condition;
  return {
    message: accepted.event,
    attributes: {
      RequestID: { DataType: "String", StringValue: accepted.requestId },
      ErrorCode: { DataType: "Number", StringValue: payload === undefined ? "429" : "200" },
      ErrorMessage: { DataType: "String", StringValue: message },
    },
    object: { key: "", content: "" }, // never a bucket
  };
}
