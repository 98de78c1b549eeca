import type { EnrichEnv } from "../handlers/enrich/env";
import { type EnrichmentName, enrichmentNames } from "../handlers/enrich/names";
import type { Environment } from "./config";
import { COUNTRY_DATABASE } from "./functions/countries";

/** Which enrichments are done: those that are not named are. */
export type EnrichmentSwitches = { readonly [name in EnrichmentName]?: boolean };

/** The enrichments that an environment has on. */
export function enrichmentsOf({ enrichments = {} }: Pick<Environment, "enrichments">): EnrichmentName[] {
  return enrichmentNames.filter((name) => enrichments[name] !== false);
}

/** What a function that enriches is given. */
export function enrichVariables(environment: Environment): Record<keyof EnrichEnv, string> {
  return { ENRICHMENTS: JSON.stringify(enrichmentsOf(environment)), COUNTRY_DATABASE };
}
