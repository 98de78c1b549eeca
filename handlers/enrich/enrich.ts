import { type ColumnName, columns } from "../event/columns";
import type { CanonicalEvent } from "../event/event";
import { fitRow } from "../event/fit";
import { addCampaign } from "./campaign";
import { addPage } from "./page";
import { addReferrer } from "./referrer";
import { addUserAgent } from "./user-agent";

/** What an enrichment adds to an event. */
export type Additions = { readonly [column in ColumnName]?: string | number | boolean | undefined };

/**
 * One enrichment: what an event, enriched so far, lets it know. It neither changes the event nor anything else.
 */
export type Enricher = (event: CanonicalEvent) => Additions;

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
  for (const [enricher, additionsTo] of Object.entries(list)) {
    try {
      add(enriched, additionsTo(enriched as CanonicalEvent));
    } catch (error) {
      errors.push({ enricher, error });
    }
  }
  return { event: enriched as CanonicalEvent, errors };
}

/** An event while columns are added to it. */
type Writable = { [column in ColumnName]?: unknown };

function add(event: Writable, additions: Additions): void {
  const missing: Writable = {};
  for (const column of Object.keys(additions) as ColumnName[])
    if (additions[column] !== undefined && event[column] === undefined) missing[column] = additions[column];
  const { row, cut } = fitRow(missing, columns);
  Object.assign(event, row);
  if (cut.length > 0)
    event.truncated = event.truncated === undefined ? cut.join(",") : `${event.truncated},${cut.join(",")}`;
}
