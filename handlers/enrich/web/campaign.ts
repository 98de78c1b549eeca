import type { CanonicalEvent } from "../../event/event";
import { isObject } from "../../event/json";
import { FittedAdditions, NOTHING } from "../additions";
import { cached } from "../cache";
import { clickIds } from "./click-ids";

/** What a page's address says of how it was advertised. */
export interface Advertised {
  readonly additions: FittedAdditions;
  /** Whether it was clicked in an ad that somebody paid for. */
  readonly paid: boolean;
}

/** The campaign that the page's address names in its UTM parameters, and the ad click in its click ids. */
export function addCampaign(event: CanonicalEvent): FittedAdditions {
  return advertisedBy(event).additions;
}

/** How an event's page was advertised, by its address and by what was sent of its campaign. */
export function advertisedBy({ page_url, page_query, campaign_medium, context }: CanonicalEvent): Advertised {
  const search = page_query ?? (page_url === undefined ? searchOf(context?.page) : undefined);
  const found = search !== undefined ? ofQuery(search) : page_url === undefined ? NOT : ofAddress(page_url);
  return campaign_medium !== undefined && isPaid(campaign_medium) ? { ...found, paid: true } : found;
}

const NOT: Advertised = { additions: NOTHING, paid: false };

/** Media that are paid for, as campaigns name them. @see https://support.google.com/analytics/answer/9756891 */
const PAID_MEDIUM = /^(.*cp.*|ppc|retargeting|paid.*|display|banner|expandable|interstitial)$/i;

function isPaid(medium: string): boolean {
  return PAID_MEDIUM.test(medium);
}

/** Few addresses name a campaign: most are spared the parsing. */
const TELLING = new RegExp(`(?:^|[?&;])(?:utm_|(?:${[...clickIds.keys()].join("|")})=)`, "i");

const ofAddress = cached((url): Advertised => {
  const [address = ""] = url.split("#");
  const start = address.indexOf("?");
  return start < 0 ? NOT : describe(address.slice(start + 1));
}, 2_000);

const ofQuery = cached((query): Advertised => describe(query.replace(/^\?/, "")), 500);

function describe(query: string): Advertised {
  if (!TELLING.test(query)) return NOT;
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase();
    if (value !== "" && !parameters.has(key)) parameters.set(key, value);
  }
  const click = [...clickIds].find(([name]) => parameters.has(name));
  const medium = parameters.get("utm_medium");
  const additions = FittedAdditions.fit({
    campaign_source: parameters.get("utm_source"),
    campaign_medium: medium,
    campaign_name: parameters.get("utm_campaign"),
    campaign_term: parameters.get("utm_term"),
    campaign_content: parameters.get("utm_content"),
    campaign_id: parameters.get("utm_id"),
    click_id: click === undefined ? undefined : parameters.get(click[0]),
    click_id_type: click?.[0],
    ad_network: click?.[1].network,
  });
  return { additions, paid: click?.[1].paid === true || (medium !== undefined && isPaid(medium)) };
}

function searchOf(page: unknown): string | undefined {
  return isObject(page) && typeof page.search === "string" ? page.search : undefined;
}
