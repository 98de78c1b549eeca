import { invalid } from "./validation";

/** How a list is asked for, page by page. */
export interface PageInput {
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/**
 * One page of a list: `NextToken` says how many items are before the next page.
 * @param most items of a page.
 * @throws AwsError ValidationException.
 */
export function paged<Item>(
  items: readonly Item[],
  { NextToken, MaxResults }: PageInput,
  most: number,
): { readonly page: readonly Item[]; readonly NextToken?: string } {
  const from = NextToken === undefined || NextToken === "" ? 0 : position(NextToken);
  if (MaxResults !== undefined && !(Number.isInteger(MaxResults) && MaxResults >= 0 && MaxResults <= most))
    throw invalid(`MaxResults must be between 0 and ${most}, got ${MaxResults}`);
  const end = from + (MaxResults === undefined || MaxResults === 0 ? most : MaxResults);
  return { page: items.slice(from, end), ...(end < items.length ? { NextToken: token(end) } : {}) };
}

function token(at: number): string {
  return Buffer.from(`after ${at}`).toString("base64");
}

function position(text: string): number {
  const at = /^after (\d+)$/.exec(Buffer.from(text, "base64").toString())?.[1];
  if (at === undefined) throw invalid("NextToken is not valid");
  return Number(at);
}
