import { countryDatabase } from "./country-database";
import { type Enrich, enricher } from "./enrich";
import { type EnrichmentName, enrichmentNames } from "./names";

/** What a function that enriches events must be given. */
export interface EnrichEnv {
  /** Names of the enrichments that are on, a list in JSON. */
  readonly ENRICHMENTS: string;
  /** Path of the database of countries. It is read when a country is first looked up. */
  readonly COUNTRY_DATABASE: string;
}

/** Makes the function that enriches events as the environment says. @throws when it names what there is not. */
export function enricherOf({ ENRICHMENTS, COUNTRY_DATABASE }: EnrichEnv): Enrich {
  return enricher({
    enabled: readEnrichments(ENRICHMENTS),
    lookups: { countryOf: countryDatabase(COUNTRY_DATABASE) },
  });
}

/** Reads a list of enrichments in JSON. @throws when it is none, or names what there is not. */
export function readEnrichments(json: string): EnrichmentName[] {
  const names: unknown = JSON.parse(json);
  if (!Array.isArray(names) || !names.every(isEnrichment))
    throw new Error(`ENRICHMENTS must list some of ${enrichmentNames.join(", ")}, got ${json}`);
  return names;
}

/** Whether a name is an enrichment's. */
export function isEnrichment(name: unknown): name is EnrichmentName {
  return enrichmentNames.some((known) => known === name);
}
