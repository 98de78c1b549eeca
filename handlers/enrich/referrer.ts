import { parse } from "tldts";
import type { CanonicalEvent } from "../event/event";
import { FittedAdditions, NOTHING } from "./additions";
import { cached } from "./cache";
import { webAddress } from "./page";
import { type Referrer, referrers } from "./referrers";

/** Where the visitor came from: host, kind and name of the page before. */
export function addReferrer({ page_path, page_host, referrer_url }: CanonicalEvent): FittedAdditions {
  // Only of a page can it be said that nothing led to it.
  if (referrer_url === undefined) return page_path === undefined ? NOTHING : DIRECT;
  const { site, internal, external } = describe(referrer_url);
  return page_host !== undefined && siteOf(page_host).site === site ? internal : external;
}

const DIRECT = new FittedAdditions({ referrer_medium: "direct" });

/** What an address says of where the visitor came from, seen from a page of the same site and from any other. */
interface Described {
  readonly site: string | undefined;
  readonly internal: FittedAdditions;
  readonly external: FittedAdditions;
}

const describe = cached((referrer_url): Described => {
  const host = webAddress(referrer_url)?.hostname;
  if (!host) return { site: undefined, internal: NOTHING, external: NOTHING };
  const { site, known } = siteOf(host);
  const { medium, source } = known ?? { medium: "referral", source: undefined };
  return {
    site,
    internal: new FittedAdditions({ referrer_host: host, referrer_medium: "internal" }),
    external: new FittedAdditions({ referrer_host: host, referrer_medium: medium, referrer_source: source }),
  };
}, 2_000);

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
