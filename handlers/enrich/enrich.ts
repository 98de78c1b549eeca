import type { ColumnName } from "../event/columns";
import type { CanonicalEvent } from "../event/event";
import { FittedAdditions, NOTHING } from "./additions";
import { contentOf } from "./content-id";
import { type Enrichment, enrichments, type Lookups } from "./list";
import type { EnrichmentName } from "./names";

/** Which enrichments are done, and with what. */
export interface EnrichmentSettings {
  /** @default all */
  readonly enabled?: readonly EnrichmentName[];
  /** What enrichments ask that stands outside of the code. */
  readonly lookups: Lookups;
}

/** What is known of an event besides what was sent. */
export interface Enriched {
  /** The event as it was sent. */
  readonly event: CanonicalEvent;
  /** What is added; no column of it is one that was sent, or is added twice. */
  readonly additions: readonly FittedAdditions[];
  /** Enrichments that broke on the event, with what they threw. Their columns are missing; the event is not. */
  readonly errors: readonly { readonly enrichment: string; readonly error: unknown }[];
}

/**
 * Adds to an event what can be known of it.
 * @param content what `contentOf` answers of the event, where it is known already.
 * @param mayHave whether the event may have been sent with columns that are added. @default true
 */
export type Enrich = (event: CanonicalEvent, content?: string, mayHave?: boolean) => Enriched;

const NO_ERRORS: Enriched["errors"] = [];

/**
 * Makes the function that enriches events. What was sent is never overwritten, and what is added fits its column
 * like what was sent; an enrichment that throws is named in `enrichment_errors`.
 * @param list what there is. @default `enrichments`
 */
export function enricher(
  { enabled, lookups }: EnrichmentSettings,
  list: Readonly<Record<string, Enrichment>> = enrichments,
): Enrich {
  const active = Object.entries(list).filter(
    ([name]) => enabled === undefined || (enabled as readonly string[]).includes(name),
  );
  const names = active.map(([name]) => name);
  const functions = active.map(([, { add }]) => add);
  return (event, content = contentOf(event), mayHave = true) => {
    const additions: FittedAdditions[] = [];
    let errors = NO_ERRORS;
    let index = 0;
    for (const add of functions) {
      try {
        const answer = add(event, lookups, content);
        if (answer !== NOTHING) {
          const known = answer instanceof FittedAdditions ? answer : FittedAdditions.fit(answer);
          additions.push(mayHave ? known.missingIn(event) : known);
        }
      } catch (error) {
        errors = [...errors, { enrichment: names[index] ?? "", error }];
      }
      index += 1;
    }
    if (errors.length > 0) {
      const enrichment_errors = errors.map(({ enrichment }) => enrichment).join(",");
      additions.push(FittedAdditions.fit({ enrichment_errors }));
    }
    return { event, additions, errors };
  };
}

/** Columns that enrichments add. */
const added: ReadonlySet<string> = new Set(Object.values(enrichments).flatMap(({ adds }) => adds));

/** Whether a column is one that an enrichment adds. */
export function isAdded(name: string): boolean {
  return added.has(name);
}

/** The event with all that was added. */
export function enrichedEvent({ event, additions }: Enriched): CanonicalEvent {
  const whole: { [column in ColumnName]?: unknown } = { ...event };
  const cut: string[] = [];
  for (const { row, cut: own } of additions) {
    Object.assign(whole, row);
    cut.push(...own);
  }
  if (cut.length > 0)
    whole.truncated = [...(event.truncated === undefined ? [] : [event.truncated]), ...cut].join(",");
  return whole as CanonicalEvent;
}
