import type { CanonicalEvent, Json } from "../event/event";
import { isObject } from "../event/json";
import type { Additions } from "./enrich";

/** Stands in where an address names no host; nobody can own it (RFC 6761). */
const NOWHERE = "http://nowhere.invalid";

/** Host, path and query of the page's address. A server's log may know the path alone. */
export function addPage({ page_url, context }: CanonicalEvent): Additions {
  if (page_url === undefined) return pathOf(context?.page);
  const isPath = page_url.startsWith("/") && !page_url.startsWith("//");
  const url = webAddress(isPath ? `${NOWHERE}${page_url}` : page_url);
  if (url === undefined) return {};
  return {
    page_host: isPath ? undefined : url.hostname || undefined,
    page_path: url.pathname || undefined,
    page_query: url.search.slice(1) || undefined,
  };
}

function pathOf(page: Json | undefined): Additions {
  const { path, search } = isObject(page) ? page : {};
  return {
    page_path: typeof path === "string" && path !== "" ? path : undefined,
    page_query: typeof search === "string" && search !== "" ? search.replace(/^\?/, "") : undefined,
  };
}

/** An address, parsed; undefined for what is none. */
export function webAddress(text: string | undefined): URL | undefined {
  return text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
}
