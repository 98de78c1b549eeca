import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import type { Patience } from "../backoff";
import type { Enrich } from "../enrich/enrich";
import type { Metrics } from "../metrics";
import type { PlanRules } from "../plan/plan";
import type { Deliver } from "./deliver";
import type { StreamsEnv } from "./env";
import { type StreamRecord, type TransformCount, transform } from "./transform";

export interface TransformDependencies {
  readonly streams: StreamsEnv;
  readonly enrich: Enrich;
  readonly rules: PlanRules;
  readonly deliver: Deliver;
  readonly metrics: Metrics<TransformCount>;
  readonly now: () => Date;
  readonly sleep: Patience["sleep"];
  readonly random: Patience["random"];
  /** Takes what is wrong with a record that cannot be read. */
  readonly log: (message: string, error: unknown) => void;
}

/** What is kept of an invocation's time for answering. */
const RESERVE_MS = 500;

/**
 * A handler of a DynamoDB stream whose event source mapping reports batch item failures.
 * @throws when a delivery stream does not take all lines in time: Lambda sends the whole batch again, and what
 * was delivered already is known by its keys.
 */
export function transformHandler(given: TransformDependencies) {
  return async (
    event: DynamoDBStreamEvent,
    context: Pick<Context, "getRemainingTimeInMillis">,
  ): Promise<DynamoDBBatchResponse> => {
    const { lines, counts, poison } = transform(event.Records.map(streamRecord), given.enrich, given.rules);
    const { deliver, streams, sleep, random } = given;
    const remainingMs = () => context.getRemainingTimeInMillis() - RESERVE_MS;
    const patience: Patience = { remainingMs, sleep, random };
    await Promise.all([
      deliver(streams.RAW_STREAM, lines.raw, patience),
      deliver(streams.EVENTS_STREAM, lines.events, patience),
      deliver(streams.FAILED_STREAM, lines.failed, patience),
    ]);
    given.metrics.add(counts);
    given.metrics.flush(given.now().getTime());
    if (poison === undefined) return { batchItemFailures: [] };
    given.log(`record ${poison.sequenceNumber} cannot be read`, poison.error);
    return { batchItemFailures: [{ itemIdentifier: poison.sequenceNumber }] };
  };
}

/** A record as Lambda hands it over, and as it keeps it where it gave it up. */
export function streamRecord({ eventName, dynamodb }: DynamoDBStreamEvent["Records"][number]): StreamRecord {
  return {
    // A record that does not say what it is has no readable image either.
    change: eventName ?? "INSERT",
    sequenceNumber: dynamodb?.SequenceNumber ?? "",
    newImage: (dynamodb?.NewImage ?? {}) as StreamRecord["newImage"],
  };
}
