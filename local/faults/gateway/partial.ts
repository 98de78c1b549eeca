import type { Random } from "../random";

type Json = Readonly<Record<string, unknown>>;

/** A batch of which some items shall not be taken. */
export interface Split {
  /** The request without those items; undefined when none is left. */
  readonly request: Json | undefined;
  /** The service's answer to that, and what became of the others, as one answer. */
  readonly answer: (answered: Json) => Json;
}

/** Takes items out of a batch, at least one; undefined if the request is no batch that its service would take. */
type Splitter = (input: Json, refuse: (count: number) => ReadonlySet<number>) => Split | undefined;

/** How each operation that answers in part does it. */
const splitters: Readonly<Record<string, Splitter>> = {
  "dynamodb:BatchWriteItem": splitWrites,
  "firehose:PutRecordBatch": splitRecords,
  "sqs:SendMessageBatch": splitEntries,
  "sqs:DeleteMessageBatch": splitEntries,
  "sqs:ChangeMessageVisibilityBatch": splitEntries,
};

/**
 * Divides a batch into what its service gets and what it seems not to have taken.
 * @param share the probability of each item to fail; one fails in any case.
 */
export function splitBatch(operation: string, input: Json, share: number, random: Random): Split | undefined {
  const refuse = (count: number): ReadonlySet<number> => {
    const refused = new Set(Array.from({ length: count }, (_, at) => at).filter(() => random() < share));
    if (refused.size === 0) refused.add(Math.floor(random() * count));
    return refused;
  };
  return splitters[operation]?.(input, refuse);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
function splitWrites(input: Json, refuse: (count: number) => ReadonlySet<number>): Split | undefined {
  const tables = input.RequestItems as Readonly<Record<string, readonly unknown[]>> | undefined;
  if (typeof tables !== "object" || tables === null || !Object.values(tables).every(Array.isArray))
    return undefined;
  const count = Object.values(tables).reduce((sum, writes) => sum + writes.length, 0);
  if (count === 0 || count > 25) return undefined;
  const refused = refuse(count);
  const pick = (wanted: boolean): Record<string, unknown[]> => {
    let at = 0;
    const picked = Object.entries(tables).map(
      ([table, writes]) => [table, writes.filter(() => refused.has(at++) === wanted)] as const,
    );
    return Object.fromEntries(picked.filter(([, writes]) => writes.length > 0));
  };
  const unprocessed = pick(true);
  return {
    request: refused.size === count ? undefined : { ...input, RequestItems: pick(false) },
    answer: (answered) => {
      const others = (answered.UnprocessedItems ?? {}) as Readonly<Record<string, readonly unknown[]>>;
      const names = new Set([...Object.keys(unprocessed), ...Object.keys(others)]);
      const UnprocessedItems = Object.fromEntries(
        [...names].map((name) => [name, [...(unprocessed[name] ?? []), ...(others[name] ?? [])]]),
      );
      return { ...answered, UnprocessedItems };
    },
  };
}

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
function splitRecords(input: Json, refuse: (count: number) => ReadonlySet<number>): Split | undefined {
  const records: unknown = input.Records;
  if (!Array.isArray(records) || records.length === 0 || records.length > 500) return undefined;
  const refused = refuse(records.length);
  const left = records.filter((_, at) => !refused.has(at));
  const failures = [
    { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." },
    { ErrorCode: "InternalFailure", ErrorMessage: "Internal service failure." },
  ];
  return {
    request: left.length === 0 ? undefined : { ...input, Records: left },
    answer: (answered) => {
      const others = [...((answered.RequestResponses ?? []) as readonly unknown[])];
      const RequestResponses = records.map((_, at) =>
        refused.has(at) ? failures[at % failures.length] : others.shift(),
      );
      return {
        Encrypted: false,
        ...answered,
        FailedPutCount: Number(answered.FailedPutCount ?? 0) + refused.size,
        RequestResponses,
      };
    },
  };
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_BatchResultErrorEntry.html */
function splitEntries(input: Json, refuse: (count: number) => ReadonlySet<number>): Split | undefined {
  const entries = input.Entries as readonly Json[] | undefined;
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > 10) return undefined;
  const refused = refuse(entries.length);
  const left = entries.filter((_, at) => !refused.has(at));
  const failed = entries.flatMap((entry: Json, at) =>
    refused.has(at)
      ? [
          {
            Id: entry.Id,
            SenderFault: false,
            Code: "InternalError",
            Message: "We encountered an internal error. Please try again.",
          },
        ]
      : [],
  );
  return {
    request: left.length === 0 ? undefined : { ...input, Entries: left },
    answer: (answered) => ({
      Successful: [],
      ...answered,
      Failed: [...((answered.Failed ?? []) as readonly unknown[]), ...failed],
    }),
  };
}
