/** A record as GetRecords answers it, its attribute values in DynamoDB's JSON. */
export interface SourceRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly dynamodb: {
    /** Unix time, seconds. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Readonly<Record<string, unknown>>;
    readonly SequenceNumber: string;
  };
}

/** Where to start reading a shard. */
export type Position = "TRIM_HORIZON" | "LATEST" | { readonly after: string };

/** One shard of a stream. */
export interface Shard {
  readonly id: string;
  readonly parentId?: string;
}

/** A page of a shard; a closed shard's last page has no next iterator. */
export interface Page {
  readonly records: readonly SourceRecord[];
  readonly next?: string;
}

/** A stream to read. Every call may fail and is then repeated. */
export interface StreamSource {
  shards(): Promise<readonly Shard[]>;
  /** @throws PositionLost if the stream does not hold the sequence number (any more). */
  iterator(shardId: string, position: Position): Promise<string>;
  /** @throws PositionLost if the iterator's place has been trimmed or the iterator has expired. */
  read(iterator: string): Promise<Page>;
  /** What records must share for their order to matter: the item's partition key. */
  partitionKey(record: SourceRecord): string;
}

/** The stream does not know the place that was asked for. */
export class PositionLost extends Error {
  override readonly name = "PositionLost";
}

/** Time, as the poller sees it. */
export interface Clock {
  /** Unix time, ms. */
  now(): number;
  /** Resolves after a while, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What became of a batch: the function answered, it failed, or it could not be invoked (throttled, say). */
export type BatchOutcome =
  | {
      readonly kind: "answered";
      readonly requestId: string;
      readonly payload: string;
      readonly version: string;
    }
  | { readonly kind: "failed"; readonly requestId: string; readonly version: string }
  | { readonly kind: "rejected"; readonly reason: string };

/** Gives a batch's event to the function. */
export type InvokeBatch = (event: string) => Promise<BatchOutcome>;

/** Records that are given up. */
export interface Discarded {
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  readonly shardId: string;
  readonly records: readonly BatchRecord[];
  /** How often the function has been invoked with them. */
  readonly invocations: number;
  /** The last invocation, if there was one. */
  readonly last?: { readonly requestId: string; readonly version: string; readonly failed: boolean };
}

/** A record on its way to the function. */
export interface BatchRecord {
  /** As the event holds it. */
  readonly json: string;
  readonly sequenceNumber: string;
  /** Unix time, ms. */
  readonly createdAt: number;
}

/** How a mapping treats batches. */
export interface BatchRules {
  readonly batchSize: number;
  readonly windowMs: number;
  readonly lanes: number;
  /** -1 is for ever. */
  readonly maximumRetryAttempts: number;
  /** -1 is for ever. */
  readonly maximumRecordAgeSeconds: number;
  readonly bisect: boolean;
  readonly reportsItemFailures: boolean;
}
