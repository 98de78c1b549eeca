import { type Enrich, enrichedEvent, enricher } from "../../../handlers/enrich/enrich";
import type { CanonicalEvent } from "../../../handlers/event/event";

/** Countries of made-up networks. */
const countries: Readonly<Record<string, string>> = { "198.51.100.0/24": "SE", "2001:db8:1::/48": "NZ" };

/** Every enrichment. */
export const enrichAll: Enrich = enricher({ lookups: { countryOf: (network) => countries[network] } });

export function event(over: Partial<CanonicalEvent> = {}): CanonicalEvent {
  return {
    event_id: "e1",
    batch_id: "b1",
    event_type: "page",
    event_time: "2026-11-01T10:00:00.000Z",
    received_at: "2026-11-01T10:00:10.000Z",
    source: "web",
    protocol: "segment",
    schema_version: 1,
    ...over,
  };
}

/** The columns of an enriched event that are named. */
export function enriched(over: Partial<CanonicalEvent>, names: readonly (keyof CanonicalEvent)[]) {
  const result = enrichedEvent(enrichAll(event(over)));
  return names.map((name) => result[name]);
}
