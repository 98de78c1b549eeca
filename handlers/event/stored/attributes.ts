import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { StoredItem } from "./item";

/** An attribute as a Lambda stream event carries it: like DynamoDB's own, but binary values in base64. */
export type ImageValue = { readonly S?: string; readonly N?: string; readonly B?: string };

const numbers = new Set<keyof StoredItem>(["schema_version", "count", "codec", "expires_at"]);

/** The item as DynamoDB's API takes it. */
export function toAttributes(item: StoredItem): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item)) {
    if (value instanceof Uint8Array) attributes[name] = { B: value };
    else if (typeof value === "number") attributes[name] = { N: String(value) };
    else attributes[name] = { S: String(value) };
  }
  return attributes;
}

/**
 * The item that a stream record's new image holds.
 * @throws when the image lacks what every item has: it was not written by the collector.
 */
export function fromImage(image: Readonly<Record<string, ImageValue>>): StoredItem {
  const item: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(image)) {
    if (value.B !== undefined) item[name] = Buffer.from(value.B, "base64");
    else if (value.N !== undefined && numbers.has(name as keyof StoredItem)) item[name] = Number(value.N);
    else item[name] = value.S ?? value.N;
  }
  const missing = ["pk", "sk", "kind", "source", "protocol", "received_at", "count", "codec", "body"].filter(
    (name) => item[name] === undefined,
  );
  if (missing.length > 0) throw new Error(`a stored item lacks ${missing.join(", ")}`);
  return item as unknown as StoredItem;
}
