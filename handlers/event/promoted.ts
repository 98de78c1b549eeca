import type { Column } from "./columns";

/** A column that holds a property of one planned event. */
export interface PromotedColumn extends Column {
  readonly from: "plan";
  readonly of: {
    readonly type: "track" | "page" | "screen" | "identify" | "group";
    /** The event's name; empty where its type has none. */
    readonly event: string;
    /** Names that lead to the value, from `properties`. */
    readonly path: readonly string[];
  };
}

/**
 * Properties of the tracking plan that have a column of their own, in the order they were promoted.
 * `npm run schema -- --promote "Event.property"` writes this list, the migration and the loader's columns.
 */
export const promotedColumns = {
  order_id: {
    type: { kind: "varchar", bytes: 256 },
    from: "plan",
    privacy: "none",
    meaning: "Order Completed: the shop's number of the order",
    of: { type: "track", event: "Order Completed", path: ["order_id"] },
  },
} as const satisfies Readonly<Record<string, PromotedColumn>>;
