import type { CanonicalEvent, Json } from "../../event/event";
import { isObject } from "../../event/json";
import { FittedAdditions, NOTHING } from "../additions";
import { cached } from "../cache";
import { withoutSecretParts, withoutSecrets } from "./secrets";

/** Stands in where an address names no host; nobody can own it (RFC 6761). */
const NOWHERE = "http://nowhere.invalid";

/** Host, path and query of the page's address. A server's log may know the path alone. */
export function addPage({ page_url, context }: CanonicalEvent): FittedAdditions {
  return page_url === undefined ? pathOf(context?.page) : describe(page_url);
}

/** A visitor's events are of few pages, and most visitors come to the same ones. */
const describe = cached((page_url): FittedAdditions => {
  const isPath = page_url.startsWith("/") && !page_url.startsWith("//");
  const url = webAddress(isPath ? `${NOWHERE}${page_url}` : page_url);
  if (url === undefined) return NOTHING;
  return partsOf(isPath ? undefined : url.hostname, url.pathname, url.search.slice(1));
}, 5_000);

function pathOf(page: Json | undefined): FittedAdditions {
  if (!isObject(page)) return NOTHING;
  const { path, search } = page;
  return partsOf(
    undefined,
    typeof path === "string" ? path : "",
    typeof search === "string" ? search.replace(/^\?/, "") : "",
  );
}

function partsOf(host: string | undefined, path: string, query: string): FittedAdditions {
  return FittedAdditions.fit({
    page_host: host || undefined,
    page_path: withoutSecretParts(path) || undefined,
    page_query: withoutSecrets(query) || undefined,
  });
}

/** Whether an event is about a page. */
export function isOfPage({ page_url, page_path, context }: CanonicalEvent): boolean {
  if (page_url !== undefined) return describe(page_url).row.page_path !== undefined;
  return page_path !== undefined || pathOf(context?.page).row.page_path !== undefined;
}

/** The host of the page, as sent or by its address. */
export function pageHostOf({ page_url, page_host }: CanonicalEvent): string | undefined {
  return page_host ?? (page_url === undefined ? undefined : describe(page_url).row.page_host?.toString());
}

/** An address, parsed; undefined for what is none. */
export function webAddress(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
