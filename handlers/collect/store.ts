import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from "@aws-sdk/client-dynamodb";
import { type Patience, sendAll } from "../backoff";
import { toAttributes } from "../event/stored/attributes";
import type { StoredItem } from "../event/stored/item";

/**
 * What one call takes. Its limit of 16 MB needs no counting: no item is larger than 400 KB.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
const ITEMS_PER_CALL = 25;

/** Writes items durably. It resolves when all of them are stored, and throws when any may not be. */
export type Store = (items: readonly StoredItem[], patience: Patience) => Promise<void>;

/** The store that a table is. */
export function tableStore(client: Pick<DynamoDBClient, "send">, table: string): Store {
  return async (items, patience) => {
    const requests = distinct(items).map((item) => ({ PutRequest: { Item: toAttributes(item) } }));
    const calls: WriteRequest[][] = [];
    for (let from = 0; from < requests.length; from += ITEMS_PER_CALL)
      calls.push(requests.slice(from, from + ITEMS_PER_CALL));
    await Promise.all(
      calls.map((call) =>
        sendAll(
          "items",
          call,
          async (left, abortSignal) => {
            const command = new BatchWriteItemCommand({ RequestItems: { [table]: [...left] } });
            const { UnprocessedItems } = await client.send(command, { abortSignal });
            return UnprocessedItems?.[table] ?? [];
          },
          patience,
        ),
      ),
    );
  };
}

/** A call with two puts of one key is refused whole. One key is one set of events: either item will do. */
function distinct(items: readonly StoredItem[]): StoredItem[] {
  return [...new Map(items.map((item) => [JSON.stringify([item.pk, item.sk]), item])).values()];
}
