import type { CanonicalEvent, Json } from "../event/event";
import { isObject } from "../event/json";
import { type Additions, FittedAdditions, NOTHING } from "./additions";
import { cached } from "./cache";

/** Stands in where an address names no host; nobody can own it (RFC 6761). */
const NOWHERE = "http://nowhere.invalid";

/** Host, path and query of the page's address. A server's log may know the path alone. */
export function addPage({ page_url, context }: CanonicalEvent): Additions | FittedAdditions {
  return page_url === undefined ? pathOf(context?.page) : describe(page_url);
}

/** A visitor's events are of few pages, and most visitors come to the same ones. */
const describe = cached((page_url): FittedAdditions => {
  const isPath = page_url.startsWith("/") && !page_url.startsWith("//");
  const url = webAddress(isPath ? `${NOWHERE}${page_url}` : page_url);
  if (url === undefined) return NOTHING;
  return new FittedAdditions({
    page_host: isPath ? undefined : url.hostname || undefined,
    page_path: url.pathname || undefined,
    page_query: url.search.slice(1) || undefined,
  });
}, 2_000);

function pathOf(page: Json | undefined): Additions | FittedAdditions {
  if (!isObject(page)) return NOTHING;
  const { path, search } = page;
  return {
    page_path: typeof path === "string" && path !== "" ? path : undefined,
    page_query: typeof search === "string" && search !== "" ? search.replace(/^\?/, "") : undefined,
  };
}

/** An address, parsed; undefined for what is none. */
export function webAddress(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
