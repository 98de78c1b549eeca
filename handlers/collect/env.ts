import type { SourceKind } from "../event/item";

/** Who may send, and how what it sends is stored. */
export interface Source {
  /** Name of the source, as it stands in the events' `source`. */
  readonly name: string;
  readonly kind: SourceKind;
  /** Keys that clients send. They stand in web pages: they tell sources apart and are no secret. */
  readonly writeKeys: readonly string[];
}

/** What the collector must be given. */
export interface CollectEnv {
  /** The events table. */
  readonly TABLE_NAME: string;
  /** How many days DynamoDB keeps an item: "1" to "365". */
  readonly TTL_DAYS: string;
  /** JSON: `Source[]`. */
  readonly SOURCES: string;
}
