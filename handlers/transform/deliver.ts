import { type FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { type Patience, sendAll } from "../backoff";
import { callsOf, packLines } from "./pack";

/** Hands lines to a delivery stream. It resolves when all are taken, and throws when any may not be. */
export type Deliver = (stream: string, lines: readonly string[], patience: Patience) => Promise<void>;

/**
 * Delivery by Firehose. A call that took a part of its records answers 200: the others are sent again.
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export function firehoseDelivery(client: Pick<FirehoseClient, "send">): Deliver {
  return async (stream, lines, patience) => {
    for (const call of callsOf(packLines(lines)))
      await sendAll(
        `records for ${stream}`,
        call,
        async (records, abortSignal) => {
          const Records = records.map((Data) => ({ Data }));
          const command = new PutRecordBatchCommand({ DeliveryStreamName: stream, Records });
          const { FailedPutCount, RequestResponses } = await client.send(command, { abortSignal });
          if (FailedPutCount === 0) return [];
          // The answers stand in the order of the records. One without an answer counts as not taken.
          return records.filter((_, index) => RequestResponses?.[index]?.RecordId === undefined);
        },
        patience,
      );
  };
}
