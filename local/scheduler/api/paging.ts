import { AwsError } from "../../service/aws";

/** A page of what a list operation found, and where the next one begins. */
export interface Page<Item> {
  readonly items: Item[];
  readonly NextToken?: string;
}

/**
 * Takes the page that a query asks for (`NamePrefix`, `MaxResults`, `NextToken`) out of entries that are sorted
 * by their key here.
 * @param nameOf the name that NamePrefix is about.
 */
export function pageOf<Item>(
  entries: Readonly<Record<string, Item>>,
  query: URLSearchParams,
  nameOf: (item: Item) => string,
): Page<Item> {
  const [prefix, size, token] = ["NamePrefix", "MaxResults", "NextToken"].map(
    (name) => query.get(name) ?? undefined,
  );
  const limit = size === undefined ? 100 : Number(size);
  const start = token === undefined ? "" : keyOf(token);
  const found = Object.entries(entries)
    .filter(([key, item]) => key > start && nameOf(item).startsWith(prefix ?? ""))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const page = found.slice(0, limit);
  const last = page.at(-1)?.[0];
  return {
    items: page.map(([, item]) => item),
    ...(found.length > limit && last !== undefined
      ? { NextToken: Buffer.from(last).toString("base64url") }
      : {}),
  };
}

function keyOf(token: string): string {
  const key = Buffer.from(token, "base64url").toString();
  if (Buffer.from(key).toString("base64url") !== token)
    throw new AwsError("ValidationException", "Invalid NextToken");
  return key;
}
