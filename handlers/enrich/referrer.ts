import { parse } from "tldts";
import type { CanonicalEvent } from "../event/event";
import { cached } from "./cache";
import type { Additions } from "./enrich";
import { webAddress } from "./page";
import { type Referrer, referrers } from "./referrers";

/** Where the visitor came from: host, kind and name of the page before. */
export function addReferrer({ page_path, page_host, referrer_url }: CanonicalEvent): Additions {
  // Only of a page can it be said that nothing led to it.
  if (referrer_url === undefined) return page_path === undefined ? {} : { referrer_medium: "direct" };
  const host = webAddress(referrer_url)?.hostname;
  if (!host) return {};
  if (page_host !== undefined && siteOf(host).site === siteOf(page_host).site)
    return { referrer_host: host, referrer_medium: "internal" };
  const { medium, source } = siteOf(host).known ?? { medium: "referral", source: undefined };
  return { referrer_host: host, referrer_medium: medium, referrer_source: source };
}

interface Site {
  /** The registrable domain, private suffixes as public ones; the host itself where there is none. */
  readonly site: string;
  readonly known: Referrer | undefined;
}

const siteOf = cached((host: string): Site => {
  const { domain, domainWithoutSuffix } = parse(host, { allowPrivateDomains: true });
  const known =
    referrers.get(host) ?? referrers.get(domain ?? host) ?? referrers.get(`${domainWithoutSuffix ?? host}.`);
  return { site: domain ?? host, known };
}, 5_000);
