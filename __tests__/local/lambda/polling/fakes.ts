import {
  type BatchOutcome,
  type BatchRecord,
  type BatchRules,
  type Clock,
  type Page,
  PositionLost,
  type SourceRecord,
  type StreamSource,
} from "../../../../local/lambda/polling/stream/types";

/** Time that passes only when somebody sleeps. */
export function virtualClock(start = 1_000_000_000_000): Clock & { time: number } {
  const clock = {
    time: start,
    now: () => clock.time,
    sleep: async (ms: number, signal: AbortSignal) => {
      if (signal.aborted) return;
      await new Promise((resolve) => setImmediate(resolve));
      clock.time += ms;
    },
  };
  return clock;
}

export const RULES: BatchRules = {
  batchSize: 100,
  windowMs: 0,
  lanes: 1,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  bisect: false,
  reportsItemFailures: false,
};

export function answered(payload: unknown = null): BatchOutcome {
  return { kind: "answered", requestId: "request", version: "$LATEST", payload: JSON.stringify(payload) };
}

export const FAILED: BatchOutcome = { kind: "failed", requestId: "request", version: "$LATEST" };
export const REJECTED: BatchOutcome = { kind: "rejected", reason: "throttled" };

/** A record of a batch; its JSON holds what the tests look at. */
export function item(sequenceNumber: string, createdAt = 1_000_000_000_000): BatchRecord {
  return {
    sequenceNumber,
    createdAt,
    json: JSON.stringify({ dynamodb: { SequenceNumber: sequenceNumber } }),
  };
}

/** The sequence numbers of an event. */
export function sequences(event: string): string[] {
  const { Records } = JSON.parse(event) as { Records: SourceRecord[] };
  return Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
}

/** Answers a batch with the failures that it reports. */
export function reporting(...ids: unknown[]): BatchOutcome {
  return answered({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
}

/** A stream of one or more shards whose iterators are positions, as MiniStack's are. */
export class FakeStream implements StreamSource {
  readonly shardRecords = new Map<string, SourceRecord[]>();
  readonly parents = new Map<string, string>();
  readonly closed = new Set<string>();
  /** How many of the next calls fail. */
  faults = 0;
  #sequence = 0;

  constructor(...shardIds: string[]) {
    for (const id of shardIds) this.shardRecords.set(id, []);
  }

  /** @param createdAt Unix time, seconds. */
  put(shardId: string, key: string, eventName = "INSERT", createdAt = 1_000_000_000): string {
    this.#sequence += 1;
    const SequenceNumber = String(this.#sequence).padStart(6, "0");
    this.#records(shardId).push({
      eventID: `id-${SequenceNumber}`,
      eventName,
      dynamodb: {
        ApproximateCreationDateTime: createdAt,
        Keys: { pk: { S: key } },
        SequenceNumber,
      },
    });
    return SequenceNumber;
  }

  /** Forgets every record, as a restart without persistence does; iterators stay valid positions. */
  restart(): void {
    for (const id of this.shardRecords.keys()) this.shardRecords.set(id, []);
  }

  async shards() {
    this.#fault();
    return [...this.shardRecords.keys()].map((id) => {
      const parentId = this.parents.get(id);
      return parentId === undefined ? { id } : { id, parentId };
    });
  }

  async iterator(shardId: string, position: Parameters<StreamSource["iterator"]>[1]): Promise<string> {
    this.#fault();
    const records = this.#records(shardId);
    if (position === "TRIM_HORIZON") return `${shardId}:0`;
    if (position === "LATEST") return `${shardId}:${records.length}`;
    const index = records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === position.after);
    if (index < 0) throw new PositionLost(`${position.after} is not in ${shardId}`);
    return `${shardId}:${index + 1}`;
  }

  async read(iterator: string): Promise<Page> {
    this.#fault();
    const [shardId = "", position] = iterator.split(":");
    const records = this.#records(shardId).slice(Number(position), Number(position) + 10);
    const next = Number(position) + records.length;
    const over = this.closed.has(shardId) && next >= this.#records(shardId).length;
    return over ? { records } : { records, next: `${shardId}:${next}` };
  }

  partitionKey({ dynamodb }: SourceRecord): string {
    return JSON.stringify(dynamodb.Keys.pk);
  }

  #records(shardId: string): SourceRecord[] {
    const records = this.shardRecords.get(shardId);
    if (records === undefined) throw new Error(`no shard ${shardId}`);
    return records;
  }

  #fault(): void {
    if (this.faults === 0) return;
    this.faults -= 1;
    throw new Error("connection refused");
  }
}
