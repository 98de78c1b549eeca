import type { ImageValue } from "../../../handlers/event/stored/attributes";
import { toAttributes } from "../../../handlers/event/stored/attributes";
import type { StoredItem } from "../../../handlers/event/stored/item";
import type { PlanRules } from "../../../handlers/plan/plan";
import type { StreamRecord } from "../../../handlers/transform/transform";
import { message, post } from "../collect/requests";

/** What the collector stores of messages. */
export function itemsOfMessages(...batch: readonly unknown[]): readonly StoredItem[] {
  return post({ batch }).items;
}

/** An item's image as a stream carries it to a function: binary values in base64. */
export function imageOf(item: StoredItem): Record<string, ImageValue> {
  return Object.fromEntries(
    Object.entries(toAttributes(item)).map(([name, value]): [string, ImageValue] => {
      if (value.B !== undefined) return [name, { B: Buffer.from(value.B).toString("base64") }];
      return [name, value.N === undefined ? { S: value.S ?? "" } : { N: value.N }];
    }),
  );
}

/** No plan: every event is as it is. */
export const noPlan: PlanRules = { plan: {}, policies: {} };

let sequence = 100;

export function record(item: StoredItem, change: StreamRecord["change"] = "INSERT"): StreamRecord {
  sequence += 1;
  return { change, sequenceNumber: String(sequence), newImage: imageOf(item) };
}

/** A record that no collector wrote. */
export function poisonRecord(): StreamRecord {
  return { change: "INSERT", sequenceNumber: "666", newImage: { pk: { S: "a" }, sk: { S: "b" } } };
}

/** One stored event with a page. */
export function pageItem(messageId: string): StoredItem {
  const [item] = itemsOfMessages(
    message({
      messageId,
      context: { page: { url: "https://example.com/a?utm_source=news" }, userAgent: "curl/8.9.1" },
    }),
  );
  if (item === undefined) throw new Error("nothing was stored");
  return item;
}
