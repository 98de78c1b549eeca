import { randomUUID } from "node:crypto";
import { type Deliver, datedKey } from "../../aws/destinations";
import type { Mapping } from "../../state";
import type { Discarded } from "./types";

/**
 * Keeps records that were given up in the mapping's on-failure destination: a queue or topic learns where they
 * were in the stream, a bucket gets them whole, as `payload`. Without a destination they are dropped, and the
 * console says so.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function discardTo(
  mapping: Mapping,
  deliver: Deliver,
  now: () => Date,
): (discarded: Discarded) => Promise<void> {
  return async (discarded) => {
    const destination = mapping.DestinationConfig?.OnFailure?.Destination;
    const about = `${discarded.records.length} record(s) of ${discarded.shardId} given up: ${discarded.condition}`;
    console.error(
      `${mapping.FunctionArn}: ${about}${destination ? `, sent to ${destination}` : ", dropped"}`,
    );
    if (!destination) return;
    const time = now();
    const metadata = failureMetadata(mapping, discarded, time);
    const payload = `{"Records":[${discarded.records.map(({ json }) => json).join(",")}]}`;
    await deliver(destination, {
      message: JSON.stringify(metadata),
      object: {
        key: datedKey(`aws/lambda/${mapping.UUID}/${discarded.shardId}`, time, randomUUID()),
        content: JSON.stringify({ ...metadata, payload }),
      },
    });
  };
}

function failureMetadata(mapping: Mapping, discarded: Discarded, time: Date): object {
  const { records, last, condition, shardId, invocations } = discarded;
  const [first] = records;
  const final = records.at(-1);
  return {
    requestContext: {
      requestId: last?.requestId ?? randomUUID(),
      functionArn: mapping.FunctionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    ...(last === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: last.version,
            ...(last.failed ? { functionError: "Unhandled" } : {}),
          },
        }),
    version: "1.0",
    timestamp: time.toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: final?.sequenceNumber,
      approximateArrivalOfFirstRecord: isoSeconds(first?.createdAt),
      approximateArrivalOfLastRecord: isoSeconds(final?.createdAt),
      batchSize: records.length,
      streamArn: mapping.EventSourceArn,
    },
  };
}

function isoSeconds(time = 0): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, "Z");
}
