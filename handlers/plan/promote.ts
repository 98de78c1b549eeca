import type { CanonicalEvent, Json } from "../event/event";
import { isObject } from "../event/json";
import { type PromotedColumn, promotedColumns } from "../event/promoted";

/** Promoted columns of one event, each with the names that lead to its value. */
type Promotion = readonly (readonly [column: string, path: readonly string[]])[];

/** Promoted columns by type and name of their event. */
export type Promotions = ReadonlyMap<string, ReadonlyMap<string, Promotion>>;

const promotions = promotionsOf(promotedColumns);

/** Sorts promoted columns by the event that they belong to. */
export function promotionsOf(table: Readonly<Record<string, PromotedColumn>>): Promotions {
  const types = new Map<string, Map<string, Promotion>>();
  for (const [column, { of }] of Object.entries(table)) {
    const events = types.get(of.type) ?? new Map<string, Promotion>();
    events.set(of.event, [...(events.get(of.event) ?? []), [column, of.path]]);
    types.set(of.type, events);
  }
  return types;
}

/**
 * What an event's promoted columns are to hold, from its properties, before it is fitted to them.
 * @returns nothing when it has none of them.
 */
export function promotedOf(
  event: CanonicalEvent,
  all: Promotions = promotions,
): Readonly<Record<string, Json>> | undefined {
  const promotion = all.get(event.event_type)?.get(event.event_name ?? "");
  if (promotion === undefined || event.properties === undefined) return undefined;
  let row: Record<string, Json> | undefined;
  for (const [column, path] of promotion) {
    const value = valueAt(event.properties, path);
    if (value === undefined || value === null) continue;
    row ??= {};
    row[column] = value;
  }
  return row;
}

function valueAt(properties: Json, path: readonly string[]): Json | undefined {
  let here: Json | undefined = properties;
  for (const name of path) {
    if (!isObject(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}
