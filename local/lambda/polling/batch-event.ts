/** Bytes of records in one event: what a synchronous invocation takes, less the event's frame. */
export const MAX_BATCH_BYTES = 6_291_456 - 64;

/** What a function that reports batch item failures says. */
export type Reported =
  | { readonly kind: "success" }
  /** The whole batch failed: the answer names an item that is not in it, or none properly. */
  | { readonly kind: "failure" }
  | { readonly kind: "items"; readonly ids: ReadonlySet<string> };

/**
 * Reads a partial batch response. An empty or null list, or an empty or null answer, is a success; an empty, null
 * or unknown `itemIdentifier`, or one under another name, fails the whole batch.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function readBatchResponse(payload: string, known: (id: string) => boolean): Reported {
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return { kind: "failure" };
  }
  if (typeof answer !== "object" || answer === null) return { kind: "success" };
  const { batchItemFailures } = answer as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return { kind: "success" };
  if (!Array.isArray(batchItemFailures)) return { kind: "failure" };
  const ids = new Set<string>();
  for (const item of batchItemFailures as { itemIdentifier?: unknown }[]) {
    const id = item?.itemIdentifier;
    if (typeof id !== "string" || id === "" || !known(id)) return { kind: "failure" };
    ids.add(id);
  }
  return ids.size === 0 ? { kind: "success" } : { kind: "items", ids };
}
