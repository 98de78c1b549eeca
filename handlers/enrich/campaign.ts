import type { CanonicalEvent } from "../event/event";
import type { Additions } from "./enrich";

/** The campaign that the page's address names in its UTM parameters. */
export function addCampaign({ page_url, page_query }: CanonicalEvent): Additions {
  const query = page_query ?? page_url?.split("#")[0]?.split("?").slice(1).join("?");
  // Few addresses name a campaign: most are spared the parsing.
  if (query === undefined || !/utm_/i.test(query)) return {};
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase();
    if (value !== "" && !parameters.has(key)) parameters.set(key, value);
  }
  return {
    campaign_source: parameters.get("utm_source"),
    campaign_medium: parameters.get("utm_medium"),
    campaign_name: parameters.get("utm_campaign"),
    campaign_term: parameters.get("utm_term"),
    campaign_content: parameters.get("utm_content"),
  };
}
