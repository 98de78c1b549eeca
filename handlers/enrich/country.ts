import type { CanonicalEvent } from "../event/event";
import { FittedAdditions, NOTHING } from "./additions";
import type { Lookups } from "./list";

/** The country of the visitor's network. The address itself is not stored, and the edge may have named it already. */
export function addCountry(
  { ip_network, geo_country }: CanonicalEvent,
  { countryOf }: Lookups,
): FittedAdditions {
  if (ip_network === undefined || geo_country !== undefined) return NOTHING;
  const country = countryOf(ip_network);
  return country === undefined ? NOTHING : additionsOf(country);
}

const known = new Map<string, FittedAdditions>();

/** There are some 250 countries. */
function additionsOf(geo_country: string): FittedAdditions {
  const additions = known.get(geo_country) ?? FittedAdditions.fit({ geo_country });
  known.set(geo_country, additions);
  return additions;
}
