import type { Effect, FaultKind } from "./fault";
import { isActivity } from "./fault";

export type KindName = FaultKind;

/** A kind of fault: how it is written, what it does, and what it can strike. */
export interface Kind {
  readonly usage: string;
  readonly meaning: string;
  /** Whether it can strike an operation, `*`, or something a service does by itself. */
  readonly strikes: (service: string, operation: string) => boolean;
  /** Reads its arguments; undefined when they are not as `usage` has them. */
  readonly read: (args: readonly string[]) => Effect | undefined;
}

/** How long a caller is kept waiting unless the fault says: longer than clients wait. */
const HOLD_MS = 30_000;
const LONGEST_MS = 600_000;

/** Operations whose answer can say that a part of the request was not taken. */
export const BATCHES: ReadonlySet<string> = new Set([
  "dynamodb:BatchWriteItem",
  "firehose:PutRecordBatch",
  "sqs:SendMessageBatch",
  "sqs:DeleteMessageBatch",
  "sqs:ChangeMessageVisibilityBatch",
]);

const DELIVERIES = new Set(["lambda:batch", "lambda:event", "firehose:object", "scheduler:invocation"]);

const onApi = (_: string, operation: string): boolean => !isActivity(operation);
const only =
  (...places: readonly string[]) =>
  (service: string, operation: string): boolean =>
    places.includes(`${service}:${operation}`);
const plain =
  (kind: Exclude<FaultKind, "timeout" | "slow" | "partial" | "kill">) =>
  (args: readonly string[]): Effect | undefined =>
    args.length === 0 ? { kind } : undefined;

/** Every kind of fault there is. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  throttle: {
    usage: "throttle",
    meaning: "the service answers with its own throttling error",
    strikes: onApi,
    read: plain("throttle"),
  },
  error: {
    usage: "error",
    meaning: "the service answers with its own internal error (5xx)",
    strikes: onApi,
    read: plain("error"),
  },
  timeout: {
    usage: "timeout, timeout(done), timeout(undone,5s) …",
    meaning:
      "the connection is held (30 s, or as long as is said) and then cut; the service had the request (done) or not (undone, the default)",
    strikes: onApi,
    read: readTimeout,
  },
  lost: {
    usage: "lost",
    meaning: "the service does what was asked, and the connection is cut instead of an answer",
    strikes: onApi,
    read: plain("lost"),
  },
  slow: {
    usage: "slow(500ms)",
    meaning: "the request reaches the service so much later",
    strikes: onApi,
    read: ([delay = "", ...rest]) => {
      const delayMs = duration(delay);
      return delayMs === undefined || rest.length > 0 ? undefined : { kind: "slow", delayMs };
    },
  },
  partial: {
    usage: "partial, partial(0.2)",
    meaning:
      "items of a batch are not taken, each with this probability (half of them unless it is said) and at least one: UnprocessedItems, FailedPutCount, Failed",
    strikes: (service, operation) => BATCHES.has(`${service}:${operation}`),
    read: ([text, ...rest]) => {
      const share = text === undefined ? 0.5 : Number(text);
      return rest.length === 0 && share > 0 && share <= 1 ? { kind: "partial", share } : undefined;
    },
  },
  duplicate: {
    usage: "duplicate",
    meaning:
      "it happens twice: a request reaches the service twice, received messages come again in the next call, a batch, event, object or scheduled call is delivered twice",
    strikes: (service, operation) =>
      onApi(service, operation) ||
      DELIVERIES.has(`${service}:${operation}`) ||
      isNotification(service, operation),
    read: plain("duplicate"),
  },
  reorder: {
    usage: "reorder",
    meaning:
      "messages are handed out in another order, some of them in the next call; never those of a FIFO queue",
    strikes: (service, operation) =>
      only("sqs:ReceiveMessage")(service, operation) || isNotification(service, operation),
    read: plain("reorder"),
  },
  kill: {
    usage: "kill(100ms)",
    meaning: "the environment is killed (SIGKILL) so long after the invocation began, if it still runs",
    strikes: only("lambda:environment"),
    read: ([after = "", ...rest]) => {
      const afterMs = duration(after);
      return afterMs === undefined || rest.length > 0 ? undefined : { kind: "kill", afterMs };
    },
  },
  stop: {
    usage: "stop",
    meaning: "nothing is polled until the fault is cleared; what was being processed is finished",
    strikes: only("lambda:poller"),
    read: plain("stop"),
  },
};

function isNotification(service: string, operation: string): boolean {
  return service === "s3" && operation === "notification";
}

function readTimeout(args: readonly string[]): Effect | undefined {
  const [first, second, ...rest] = args;
  const said = first === "done" || first === "undone" ? first : undefined;
  const time = said === undefined ? first : second;
  if (rest.length > 0 || (said === undefined && second !== undefined)) return undefined;
  const holdMs = time === undefined ? HOLD_MS : duration(time);
  return holdMs === undefined ? undefined : { kind: "timeout", done: said === "done", holdMs };
}

/**
 * `250ms`, `5s` or `2m` in milliseconds.
 * @param longestMs what is longer is none. @default ten minutes
 */
export function duration(text: string, longestMs = LONGEST_MS): number | undefined {
  const [, amount, unit = "ms"] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const ms = Number(amount) * (unit === "ms" ? 1 : unit === "s" ? 1_000 : 60_000);
  return ms <= longestMs ? ms : undefined;
}
