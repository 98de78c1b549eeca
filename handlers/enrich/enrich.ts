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
  let enriched = event;
  const errors: Enriched["errors"][number][] = [];
  for (const [enricher, additionsTo] of Object.entries(list)) {
    try {
      enriched = withAdditions(enriched, additionsTo(enriched));
    } catch (error) {
      errors.push({ enricher, error });
    }
  }
  return { event: enriched, errors };
}

function withAdditions(event: CanonicalEvent, additions: Additions): CanonicalEvent {
  const missing: { [column in ColumnName]?: unknown } = {};
  for (const [column, value] of Object.entries(additions) as [ColumnName, Additions[ColumnName]][])
    if (value !== undefined && event[column] === undefined) missing[column] = value;
  if (Object.keys(missing).length === 0) return event;
  const { row, cut } = fitRow(missing, columns);
  const names = event.truncated === undefined ? cut : [event.truncated, ...cut];
  const truncated = cut.length === 0 ? {} : { truncated: names.join(",") };
  return { ...event, ...row, ...truncated } as CanonicalEvent;
}
