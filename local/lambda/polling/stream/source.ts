import { CallError, callJson, type Endpoint } from "../../../service/signed";
import { type Page, PositionLost, type Shard, type SourceRecord, type StreamSource } from "./types";

/** Errors that say that a place in the stream is gone. */
const LOST = new Set(["TrimmedDataAccessException", "ExpiredIteratorException"]);

interface StreamDescription {
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly Shards: readonly { readonly ShardId: string; readonly ParentShardId?: string }[];
  readonly LastEvaluatedShardId?: string;
}

/**
 * A DynamoDB stream at the gateway. Records are taken as the service's JSON has them, because that is how they
 * stand in a function's event; the SDK would decode every attribute only for it to be encoded again.
 */
export function dynamoDbStream(endpoint: Endpoint, streamArn: string): StreamSource {
  let partitionKeyName: string | undefined;
  const call = async <Output>(operation: string, input: object): Promise<Output> => {
    try {
      const target = `DynamoDBStreams_20120810.${operation}`;
      return await callJson<Output>(endpoint, "dynamodb", target, "1.0", input);
    } catch (error) {
      if (error instanceof CallError && LOST.has(error.code))
        throw new PositionLost(error.message, { cause: error });
      throw error;
    }
  };
  return {
    async shards() {
      const shards: Shard[] = [];
      let ExclusiveStartShardId: string | undefined;
      do {
        const { StreamDescription } = await call<{ StreamDescription: StreamDescription }>("DescribeStream", {
          StreamArn: streamArn,
          ...(ExclusiveStartShardId === undefined ? {} : { ExclusiveStartShardId }),
        });
        partitionKeyName = StreamDescription.KeySchema.find(
          ({ KeyType }) => KeyType === "HASH",
        )?.AttributeName;
        for (const { ShardId, ParentShardId } of StreamDescription.Shards)
          shards.push({ id: ShardId, ...(ParentShardId === undefined ? {} : { parentId: ParentShardId }) });
        ExclusiveStartShardId = StreamDescription.LastEvaluatedShardId;
      } while (ExclusiveStartShardId !== undefined);
      return shards;
    },
    async iterator(shardId, position) {
      const { ShardIterator } = await call<{ ShardIterator: string }>("GetShardIterator", {
        StreamArn: streamArn,
        ShardId: shardId,
        ...(typeof position === "string"
          ? { ShardIteratorType: position }
          : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: position.after }),
      });
      return ShardIterator;
    },
    async read(iterator): Promise<Page> {
      const page = await call<{ Records: SourceRecord[]; NextShardIterator?: string }>("GetRecords", {
        ShardIterator: iterator,
        Limit: 1_000,
      });
      const { Records: records, NextShardIterator: next } = page;
      return { records, ...(next === undefined || next === null ? {} : { next }) };
    },
    partitionKey: ({ dynamodb: { Keys } }) =>
      JSON.stringify(partitionKeyName === undefined ? Keys : Keys[partitionKeyName]),
  };
}
