import type { CanonicalEvent } from "../event/event";
import { type Additions, type FittedAdditions, NOTHING } from "./additions";

/** The campaign that the page's address names in its UTM parameters. */
export function addCampaign({ page_url = "", page_query }: CanonicalEvent): Additions | FittedAdditions {
  const query = page_query ?? queryOf(page_url);
  // Few addresses name a campaign: most are spared the parsing.
  if (query === undefined || !/utm_/i.test(query)) return NOTHING;
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

/** The query of what may be no address. */
function queryOf(url: string): string | undefined {
  if (!url.includes("?")) return undefined;
  const [address = ""] = url.split("#");
  return address.split("?").slice(1).join("?");
}
