import type { SourceKind } from "../event/stored/item";

/** Who may send, and how what it sends is stored. */
export interface Source {
  /** Name of the source, as it stands in the events' `source`. */
  readonly name: string;
  readonly kind: SourceKind;
  /**
   * Keys that clients send; the first is the one that is handed out. They stand in web pages: they tell sources
   * apart and are no secret.
   */
  readonly writeKeys: readonly string[];
  /** When keys among them end, ISO 8601; the others do not. @default none does */
  readonly validUntil?: Readonly<Record<string, string>>;
  /** Origins whose pages may send, like `https://www.example.com`. @default any */
  readonly allowedOrigins?: readonly string[];
  /** Whether anything is taken at all. @default true */
  readonly enabled?: boolean;
}

/** What the collector must be given. */
export interface CollectEnv {
  /** The events table. */
  readonly TABLE_NAME: string;
  /** How many days DynamoDB keeps an item: "1" to "365". */
  readonly TTL_DAYS: string;
  /** JSON: `Source[]`. */
  readonly SOURCES: string;
  /** The largest event and the largest body that are taken, in bytes: "32768". */
  readonly MAX_EVENT_BYTES: string;
  readonly MAX_BODY_BYTES: string;
  /** JSON: addresses besides the standard ones, `{"/own": "/standard"}`; `"/"` is all of them. */
  readonly PATHS: string;
  /** JSON: `Edge`, whose word on the visitor is taken. */
  readonly EDGE: string;
  /** JSON: `IdCookie`, or `null`. */
  readonly COOKIE: string;
}
