import type { ColumnName } from "../event/columns";
import type { CanonicalEvent } from "../event/event";
import { type Additions, FittedAdditions } from "./additions";
import { addCampaign } from "./campaign";
import { addPage } from "./page";
import { addReferrer } from "./referrer";
import { addUserAgent } from "./user-agent";

/**
 * One enrichment: what an event, enriched so far, lets it know. It neither changes the event nor anything else.
 */
export type Enricher = (event: CanonicalEvent) => Additions | FittedAdditions;

/** Every enrichment, in order: a later one sees what earlier ones added. */
export const enrichers: Readonly<Record<string, Enricher>> = {
  userAgent: addUserAgent,
  page: addPage,
  campaign: addCampaign,
  referrer: addReferrer,
};

export interface Enriched {
  readonly event: CanonicalEvent;
  /** Enrichments that broke on the event, with what they threw. Their columns are missing; the event is not. */
  readonly errors: readonly { readonly enricher: string; readonly error: unknown }[];
}

/**
 * Adds to an event what can be known of it. What was sent is never overwritten, and what is added fits its
 * column like what was sent.
 */
export function enrich(event: CanonicalEvent, list = enrichers): Enriched {
  const enriched: Writable = { ...event };
  const errors: Enriched["errors"][number][] = [];
  for (const enricher of Object.keys(list)) {
    try {
      const additions = list[enricher]?.(enriched as CanonicalEvent);
      if (additions instanceof FittedAdditions) add(enriched, additions);
      else if (additions !== undefined) add(enriched, new FittedAdditions(additions));
    } catch (error) {
      errors.push({ enricher, error });
    }
  }
  return { event: enriched as CanonicalEvent, errors };
}

/** An event while columns are added to it. */
type Writable = { [column in ColumnName]?: unknown };

function add(event: Writable, { row, names, cut }: FittedAdditions): void {
  const wanting = cut.length === 0 ? cut : cut.filter((column) => event[column] === undefined);
  for (const column of names) if (event[column] === undefined) event[column] = row[column];
  if (wanting.length > 0)
    event.truncated = [...(event.truncated === undefined ? [] : [event.truncated]), ...wanting].join(",");
}
