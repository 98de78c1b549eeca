import type { CollectSettings } from "../collect/collect";
import type { Enrich } from "../enrich/enrich";
import { type FailedEvent, type StoredEvent, sharedColumns } from "../event/event";
import { failedIdOf } from "../event/failure";
import { rawInsert } from "../event/lake";
import type { ImageValue } from "../event/stored/attributes";
import { eventsOf, failuresOf, itemsOf, type StoredItem } from "../event/stored/item";
import type { PlanRules } from "../plan/plan";
import { linesOfItem, type StreamRecord, transform } from "../transform/transform";
import { collectAgain, sourceNamed, underBatch } from "./again";
import type { Entry } from "./part";

/** What events go through again. */
export interface Through {
  /** What rejected events are collected with. */
  readonly settings: Pick<CollectSettings, "sources" | "limits">;
  readonly enrich: Enrich;
  /** The tracking plan that events are held to. */
  readonly rules: PlanRules;
}

/** What becomes of a stored item today. @throws when it cannot be read. */
export function entryOfItem(item: StoredItem, { enrich, rules }: Through): Entry {
  const { events, failed } = linesOfItem(item, enrich, rules);
  if (item.kind !== "events" || failed.length === 0) return { events, failed };
  return {
    events,
    failed,
    rejected: new Map(
      eventsOf(item).map((event) => [failedIdOf(event.source, event.event_id), event.event_id]),
    ),
  };
}

/** What became of rejected events of a stored item. */
export interface Recovery {
  readonly entries: readonly Entry[];
  readonly recovered: number;
  readonly stillFailing: number;
}

/**
 * Sends an item's rejected events through the collector and the transform again.
 * @param reason which ones. @default all
 * @param byTransform ids of rejections by the transform, whose events the item holds whole.
 * @throws when the item cannot be read.
 */
export function recover(
  item: StoredItem,
  reason: string | undefined,
  byTransform: ReadonlySet<string>,
  through: Through,
): Recovery {
  const { settings } = through;
  const again: { readonly items: StoredItem[] | undefined }[] =
    item.kind === "failed"
      ? failuresOf(item)
          .filter((failure) => reason === undefined || failure.reason === reason)
          .map((failure) => ({ items: collectAgain(failure, settings) }))
      : eventsOf(item)
          .map((event) => ({ event, id: failedIdOf(event.source, event.event_id) }))
          .filter(({ id }) => byTransform.has(id))
          .map(({ event, id }) => ({ items: alone(event, item, id, settings) }));
  const entries: Entry[] = [];
  for (const { items } of again) {
    const entry = items === undefined ? undefined : storedAnew(items, through);
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, recovered: entries.length, stillFailing: again.length - entries.length };
}

/** An event that was rejected by the transform, as an item of its own under the rejection's id. */
function alone(
  event: FailedEvent | StoredEvent,
  item: StoredItem,
  failedId: string,
  settings: Through["settings"],
): StoredItem[] {
  const own = { ...event } as Record<string, unknown>;
  for (const name of sharedColumns) delete own[name];
  const items = itemsOf(
    {
      source: item.source,
      sourceKind: sourceNamed(item.source, settings)?.kind ?? "server",
      protocol: item.protocol,
      receivedAt: new Date(item.received_at),
      events: [{ event: own as unknown as StoredEvent, ...clientTimeOf(item) }],
      failures: [],
    },
    1,
  );
  return underBatch(items, failedId);
}

function clientTimeOf({ first_time }: StoredItem): { readonly clientTime?: string } {
  return first_time === undefined ? {} : { clientTime: first_time };
}

/** Lines of items that were never stored so; undefined when the transform rejects all of them still. */
function storedAnew(items: readonly StoredItem[], { enrich, rules }: Through): Entry | undefined {
  const lines = items.map((item) => linesOfItem(item, enrich, rules));
  const events = lines.flatMap((each) => each.events);
  if (events.length === 0) return undefined;
  return {
    raw: items.map((item) => ({ receivedAt: item.received_at, line: JSON.stringify(rawInsert(item)) })),
    events,
    failed: lines.flatMap((each) => each.failed),
  };
}

/** A record that was given up, or why it cannot be read. */
export type Undelivered = { readonly entry: Entry } | { readonly problem: string };

/** What becomes of records that the transform gave up on, one by one. */
export function entriesOfRecords(
  records: readonly StreamRecord[],
  { enrich, rules }: Through,
): Undelivered[] {
  return records.map((record) => {
    const { lines, poison } = transform([record], enrich, rules);
    if (poison !== undefined)
      return { problem: `record ${record.sequenceNumber} cannot be read: ${String(poison.error)}` };
    const receivedAt = receivedAtOf(record.newImage);
    return {
      entry: {
        raw: lines.raw.map((line) => ({ receivedAt, line })),
        rawAlways: true,
        events: lines.events,
        failed: lines.failed,
      },
    };
  });
}

function receivedAtOf({ received_at }: Readonly<Record<string, ImageValue>>): string {
  return received_at?.S ?? "";
}
