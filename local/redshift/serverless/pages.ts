/** How a list is asked for, page by page. The model has checked `maxResults`: 1 to 100. */
export interface PageInput {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

const MOST = 100;
const TOKEN = /^page-after-(\d+)$/;

/**
 * One page of a list: `nextToken` says how many items are before the next page.
 * @param refused the error for a token that no earlier answer gave.
 */
export function paged<Item>(
  items: readonly Item[],
  { maxResults = MOST, nextToken }: PageInput,
  refused: (message: string) => Error,
): { readonly page: readonly Item[]; readonly next: { readonly nextToken?: string } } {
  const from = nextToken === undefined ? 0 : Number(TOKEN.exec(decoded(nextToken))?.[1] ?? Number.NaN);
  if (Number.isNaN(from))
    throw refused(`nextToken must be one that an earlier answer gave, got ${nextToken ?? ""}`);
  const end = from + maxResults;
  const nextOne = Buffer.from(`page-after-${end}`).toString("base64");
  return { page: items.slice(from, end), next: end < items.length ? { nextToken: nextOne } : {} };
}

function decoded(token: string): string {
  return Buffer.from(token, "base64").toString();
}
