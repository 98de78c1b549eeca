import { parse } from "tldts";
import type { CanonicalEvent } from "../../event/event";
import { FittedAdditions, NOTHING } from "../additions";
import { cached } from "../cache";
import { advertisedBy } from "./campaign";
import { isOfPage, pageHostOf, webAddress } from "./page";
import { type Referrer, referrers } from "./referrers";

/**
 * Where the visitor came from: host, kind and name of the page before. A click on an ad that somebody paid for is
 * `paid` wherever the ad stood; within the same site nothing but `internal` is.
 */
export function addReferrer(event: CanonicalEvent): FittedAdditions {
  const { referrer_url } = event;
  // Only of a page can it be said that nothing led to it.
  if (referrer_url === undefined)
    return !isOfPage(event) ? NOTHING : advertisedBy(event).paid ? PAID : DIRECT;
  const { site, internal, external, paid } = describe(referrer_url);
  const host = pageHostOf(event);
  if (host !== undefined && siteOf(host).site === site) return internal;
  return advertisedBy(event).paid ? paid : external;
}

const DIRECT = FittedAdditions.fit({ referrer_medium: "direct" });
const PAID = FittedAdditions.fit({ referrer_medium: "paid" });

/** What an address says of where the visitor came from, by what the page is to it and how it was reached. */
interface Described {
  readonly site: string | undefined;
  readonly internal: FittedAdditions;
  readonly external: FittedAdditions;
  readonly paid: FittedAdditions;
}

const describe = cached((referrer_url): Described => {
  const host = webAddress(referrer_url)?.hostname;
  if (!host) return { site: undefined, internal: NOTHING, external: NOTHING, paid: PAID };
  const { site, known } = siteOf(host);
  const { medium, source } = known ?? { medium: "referral", source: undefined };
  const as = (referrer_medium: string): FittedAdditions =>
    FittedAdditions.fit({ referrer_host: host, referrer_medium, referrer_source: source });
  return {
    site,
    internal: FittedAdditions.fit({ referrer_host: host, referrer_medium: "internal" }),
    external: as(medium),
    paid: as("paid"),
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
