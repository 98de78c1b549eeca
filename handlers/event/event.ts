import type { Column, columns, failedColumns } from "./columns";

/** JSON as it is kept in `properties` and `context`. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What a column holds on its way to the warehouse: timestamps are ISO 8601 text, decimals are text. */
type Value<C extends Column> = C["type"]["kind"] extends "varchar" | "timestamp" | "decimal"
  ? string
  : C["type"]["kind"] extends "boolean"
    ? boolean
    : C["type"]["kind"] extends "integer"
      ? number
      : C["type"] extends { readonly holds: "list" }
        ? readonly Json[]
        : { readonly [key: string]: Json };

type Row<Table extends Readonly<Record<string, Column>>> = {
  [Name in keyof Table as Table[Name] extends { required: true } ? Name : never]: Value<Table[Name]>;
} & {
  [Name in keyof Table as Table[Name] extends { required: true } ? never : Name]?: Value<Table[Name]>;
};

/** An event, sparse: a column that is null in the warehouse is absent here. One line of the lake's `events/`. */
export type CanonicalEvent = Row<typeof columns>;

/**
 * An event as it is stored in an item: what its item says for all of its events (`batch_id`, `received_at`,
 * `source`, `protocol`, `schema_version`, what is known of the request) is not repeated.
 */
export type StoredEvent = Omit<CanonicalEvent, SharedColumn>;

/** The columns that an item holds once for all of its events. */
export const sharedColumns = ["batch_id", "received_at", "source", "protocol", "schema_version"] as const;
export type SharedColumn = (typeof sharedColumns)[number];

/** What was rejected, whole, and why. One line of the lake's `failed/`. */
export type FailedEvent = Row<typeof failedColumns>;

/** A rejected event as it is stored in an item. */
export type StoredFailure = Omit<FailedEvent, "batch_id" | "received_at" | "source" | "protocol">;

export const eventTypes = ["track", "page", "screen", "identify", "group", "alias"] as const;
export type EventType = (typeof eventTypes)[number];
