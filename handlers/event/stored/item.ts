import { hash } from "node:crypto";
import { columnNames, failedColumnNames, SCHEMA_VERSION } from "../columns";
import type { CanonicalEvent, FailedEvent, SharedColumn, StoredEvent, StoredFailure } from "../event";
import { type BodyRow, decodeBody, decodeTable, eachRow, encodeBody, type Table } from "./codec";

/**
 * How a source's requests are stored: a `browser`'s one item per visitor, a `server`'s one item per request,
 * because its batches mix many visitors.
 */
export type SourceKind = "browser" | "server";

/** One item of the events table: the events, or the rejections, of one request (and visitor). */
export interface StoredItem {
  /**
   * `anonymous_id`, else `user:<user_id>`; for a whole request, or where nobody is named,
   * `request:<hash of its event ids>`.
   */
  readonly pk: string;
  /** `<earliest client timestamp before skew correction>#<hash of the sorted event ids>`. */
  readonly sk: string;
  readonly kind: "events" | "failed";
  readonly source: string;
  readonly protocol: string;
  /** ISO 8601, UTC. */
  readonly received_at: string;
  readonly schema_version: number;
  /** How many events, or rejections, the body holds. */
  readonly count: number;
  /** Earliest and latest client timestamp in the body, ISO 8601. */
  readonly first_time?: string;
  readonly last_time?: string;
  readonly user_id?: string;
  /** See `Body`. */
  readonly codec: number;
  readonly body: string | Uint8Array;
  /** When DynamoDB may remove the item, in seconds since 1970. */
  readonly expires_at: number;
}

/** An event as a protocol's decoder gives it: the columns, and what the key is made of. */
export interface DecodedEvent {
  readonly event: StoredEvent;
  /** The client's own time of the event before skew correction, ISO 8601, where it gave one. */
  readonly clientTime?: string;
}

/** What came of one request. */
export interface Decoded {
  readonly source: string;
  readonly sourceKind: SourceKind;
  readonly protocol: string;
  readonly receivedAt: Date;
  readonly events: readonly DecodedEvent[];
  readonly failures: readonly StoredFailure[];
}

/** DynamoDB takes 400 KB an item; this leaves room for the attributes around the body. */
const MAX_BODY_BYTES = 380 * 1024;

/** What DynamoDB counts of an item besides keys and body: attribute names and small values, rounded up. */
const ATTRIBUTE_BYTES = 220;

/**
 * The items that a request is stored as. Nothing in a key depends on when, or how often, the request was sent,
 * so a client's retry meets the same keys.
 * @param ttlDays how long DynamoDB keeps them.
 */
export function itemsOf(request: Decoded, ttlDays: number): StoredItem[] {
  const groups = new Map<string | undefined, DecodedEvent[]>();
  for (const event of request.events) {
    const visitor = request.sourceKind === "browser" ? visitorOf(event.event) : undefined;
    const group = groups.get(visitor);
    if (group === undefined) groups.set(visitor, [event]);
    else group.push(event);
  }
  const items: StoredItem[] = [];
  for (const [visitor, events] of groups) items.push(...eventItems(request, visitor, events, ttlDays));
  if (request.failures.length > 0) items.push(...failureItems(request, request.failures, ttlDays));
  return items;
}

/** The hash in a sort key: 128 bits over the sorted identities, as 32 hex digits. */
export function batchIdOf(ids: readonly string[]): string {
  return hash("sha256", [...ids].sort().join("\n"), "hex").slice(0, 32);
}

/** The item's `batch_id`, from its sort key. */
export function batchIdOfKey(sk: string): string {
  return sk.slice(sk.lastIndexOf("#") + 1);
}

/** An item's events, whole. @throws on an item of kind `failed`, or a body that cannot be read. */
export function eventsOf(item: StoredItem): CanonicalEvent[] {
  const shared = sharedOf(item);
  const rows = decodeBody(item.codec, eventBodyOf(item)) as unknown as StoredEvent[];
  return rows.map((row) => ({ ...row, ...shared }));
}

/** An item's events as they are stored: a table, and what the item says once for all of them. */
export interface EventTable {
  readonly shared: Pick<CanonicalEvent, SharedColumn>;
  readonly table: Table;
}

/** Reads an item's events. @throws on an item of kind `failed`, or a body that cannot be read. */
export function eventTableOf(item: StoredItem): EventTable {
  return { shared: sharedOf(item), table: decodeTable(item.codec, eventBodyOf(item)) };
}

/** Shows the same events as `eventsOf` one after the other, in one object. @see eachRow */
export function eachEvent(
  { shared, table }: EventTable,
  use: (event: CanonicalEvent, index: number) => void,
): void {
  eachRow(table, shared, use as unknown as (row: BodyRow, index: number) => void);
}

function eventBodyOf({ kind, pk, sk, body }: StoredItem): string | Uint8Array {
  if (kind !== "events") throw new Error(`item ${pk} ${sk} holds no events but ${kind}`);
  return body;
}

/** What an item says once for all of its events. */
function sharedOf(item: StoredItem): Pick<CanonicalEvent, SharedColumn> {
  return {
    batch_id: batchIdOfKey(item.sk),
    received_at: item.received_at,
    source: item.source,
    protocol: item.protocol,
    schema_version: item.schema_version,
  };
}

/** An item's rejections, whole. @throws on an item of kind `events`, or a body that cannot be read. */
export function failuresOf(item: StoredItem): FailedEvent[] {
  if (item.kind !== "failed")
    throw new Error(`item ${item.pk} ${item.sk} holds no rejections but ${item.kind}`);
  const shared = {
    batch_id: batchIdOfKey(item.sk),
    received_at: item.received_at,
    source: item.source,
    protocol: item.protocol,
  };
  return decodeBody(item.codec, item.body).map((row) => ({
    ...(row as unknown as StoredFailure),
    ...shared,
  }));
}

/** Whom an event is about; undefined where it tells nobody, as anonymous tracking wants it. */
function visitorOf({ anonymous_id, user_id }: StoredEvent): string | undefined {
  return anonymous_id ?? (user_id === undefined ? undefined : `user:${user_id}`);
}

function eventItems(
  request: Decoded,
  visitor: string | undefined,
  events: readonly DecodedEvent[],
  ttlDays: number,
): StoredItem[] {
  const batchId = batchIdOf(events.map(({ event }) => event.event_id));
  const times = events.flatMap(({ clientTime }) => clientTime ?? []).sort();
  const users = new Set(events.map(({ event }) => event.user_id));
  const [user] = users.size === 1 ? users : [];
  const item = toItem(request, ttlDays, {
    kind: "events",
    pk: visitor ?? `request:${batchId}`,
    batchId,
    times,
    rows: events.map(({ event }) => event),
    names: columnNames,
    ...(user === undefined ? {} : { user_id: user }),
  });
  return bodyBytes(item) <= MAX_BODY_BYTES || events.length === 1
    ? [item]
    : halves(events).flatMap((half) => eventItems(request, visitor, half, ttlDays));
}

function failureItems(request: Decoded, failures: readonly StoredFailure[], ttlDays: number): StoredItem[] {
  const batchId = batchIdOf(failures.map(({ failed_id }) => failed_id));
  const item = toItem(request, ttlDays, {
    kind: "failed",
    pk: `failed:${batchId}`,
    batchId,
    times: [],
    rows: failures,
    names: failedColumnNames,
  });
  return bodyBytes(item) <= MAX_BODY_BYTES || failures.length === 1
    ? [item]
    : halves(failures).flatMap((half) => failureItems(request, half, ttlDays));
}

function toItem(
  request: Decoded,
  ttlDays: number,
  part: {
    readonly kind: StoredItem["kind"];
    readonly pk: string;
    readonly batchId: string;
    readonly times: readonly string[];
    readonly rows: readonly object[];
    /** Columns that the rows may have. */
    readonly names: readonly string[];
    readonly user_id?: string;
  },
): StoredItem {
  const [firstTime] = part.times;
  const lastTime = part.times.at(-1);
  const sk = `${firstTime ?? "-"}#${part.batchId}`;
  const { codec, body } = encodeBody(
    part.rows as readonly BodyRow[],
    part.pk.length + sk.length + ATTRIBUTE_BYTES,
    part.names,
  );
  return {
    pk: part.pk,
    sk,
    kind: part.kind,
    source: request.source,
    protocol: request.protocol,
    received_at: request.receivedAt.toISOString(),
    schema_version: SCHEMA_VERSION,
    count: part.rows.length,
    ...(firstTime === undefined || lastTime === undefined
      ? {}
      : { first_time: firstTime, last_time: lastTime }),
    ...(part.user_id === undefined ? {} : { user_id: part.user_id }),
    codec,
    body,
    expires_at: Math.floor(request.receivedAt.getTime() / 1000) + ttlDays * 86_400,
  };
}

function bodyBytes(item: StoredItem): number {
  return typeof item.body === "string" ? Buffer.byteLength(item.body) : item.body.length;
}

function halves<T>(list: readonly T[]): [readonly T[], readonly T[]] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}
