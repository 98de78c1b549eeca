import { type Column, columns, failedColumns } from "./columns";
import type { CanonicalEvent, FailedEvent } from "./event";
import type { StoredItem } from "./stored/item";

/** Folders of the lake. `raw`, `events` and `failed` are one delivery stream's each. */
export const lakePrefixes = {
  /** What was stored, untouched: `RawLine`s. */
  raw: "raw/",
  /** One `CanonicalEvent` a line. */
  events: "events/",
  /** One `FailedEvent` a line. */
  failed: "failed/",
  /** Whole records that Lambda gave up on; it chooses the folder, and each mapping has its own in it. */
  undelivered: "aws/lambda/",
  /** What a delivery stream could not write as it should. */
  errors: "errors/",
  /** Manifests of the loader. */
  manifests: "manifests/",
} as const;

/** What the delivery streams put behind a folder: the UTC day and hour of arrival. */
export const LAKE_PARTITION = "dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/";

/**
 * One line of the lake's `raw/`: a stored item, or the fact that one was stored again.
 * `op` INSERT holds the item; MODIFY is a client's retry: it counts events that were already there and carries
 * no body. `(pk, sk, op, received_at)` identifies a line that was delivered twice.
 */
export type RawLine =
  | ({ readonly op: "INSERT"; readonly body: string } & Omit<StoredItem, "body">)
  | ({ readonly op: "MODIFY" } & Pick<StoredItem, "pk" | "sk" | "kind" | "source" | "received_at" | "count">);

/**
 * A stored item as its line in `raw/`; a compressed body is written in base64.
 * @param base64 the body in base64, where it is known already.
 */
export function rawInsert(item: StoredItem, base64?: string): RawLine {
  const body =
    typeof item.body === "string" ? item.body : (base64 ?? Buffer.from(item.body).toString("base64"));
  return { op: "INSERT", ...item, body };
}

/** A retry's line in `raw/`. */
export function rawModify({ pk, sk, kind, source, received_at, count }: StoredItem): RawLine {
  return { op: "MODIFY", pk, sk, kind, source, received_at, count };
}

/** The stored item of a line that holds one. */
export function itemOfRaw(line: Extract<RawLine, { op: "INSERT" }>): StoredItem {
  const { op: _, ...item } = line;
  return { ...item, body: item.codec === 0 ? item.body : Buffer.from(item.body, "base64") };
}

/**
 * An event as its line in `events/`, without a newline: columns as they stand in the event, timestamps as the
 * warehouse reads them (`YYYY-MM-DD HH:MM:SS.mmm`, UTC).
 */
export function eventLine(event: CanonicalEvent): string {
  return lineOf(event, eventTimes);
}

/**
 * A rejected event as its line in `failed/`, like `eventLine`.
 * @param wholePayload of which the event's column holds the beginning; under a name that no column has, so that COPY
 * leaves it out. @default the column holds it whole
 */
export function failedLine(event: FailedEvent, wholePayload?: string): string {
  return lineOf<string>(
    wholePayload === undefined ? event : { ...event, [WHOLE_PAYLOAD]: wholePayload },
    failedTimes,
  );
}

/** The member of a line in `failed/` that holds a payload that is too long for its column. */
export const WHOLE_PAYLOAD = "whole_payload";

/** An ISO 8601 time in UTC as the warehouse reads it. */
export function warehouseTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, -1)}`;
}

/** Columns of an event that are times. */
export const eventTimes = timestampsOf(columns);
const failedTimes = timestampsOf(failedColumns);

function timestampsOf<Name extends string>(table: Readonly<Record<Name, Column>>): readonly Name[] {
  return (Object.keys(table) as Name[]).filter((name) => table[name].type.kind === "timestamp");
}

/** JSON leaves out what is undefined. */
function lineOf<Name extends string>(
  source: { readonly [name in Name]?: unknown },
  times: readonly Name[],
): string {
  const row: { [name in Name]?: unknown } = { ...source };
  for (const name of times) {
    const time = row[name];
    if (time !== undefined) row[name] = warehouseTime(String(time));
  }
  return JSON.stringify(row);
}
