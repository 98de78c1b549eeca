import type { Source } from "../handlers/collect/env";
import type { SourceKind } from "../handlers/event/stored/item";
import type { PlanPolicy } from "../handlers/plan/plan";

/**
 * Who sends events. To add one, name it here and give it a write key in every row of `config.ts`.
 *
 * A write key tells sources apart. It stands in web pages and apps, is public by nature, and grants nothing but
 * sending; no secret manager needs to hold it. Make one with `openssl rand -hex 16`; to replace one, list the
 * new key first and the old one after it, with a day on which it ends or until its clients are gone, which the metric
 * `older_key` tells. What
 * Snowplow's and AWS's clients call the id of their app is a write key too: where clients out there cannot be
 * given another, list theirs.
 */
export const sourceKinds = {
  /** The site's visitors. */
  web: "browser",
  /** The team's own servers. */
  server: "server",
  /** Files that the import verb sends. */
  import: "server",
} as const satisfies Readonly<Record<string, SourceKind>>;

export type SourceName = keyof typeof sourceKinds;

/** A write key that gives way to another. */
export interface EndingKey {
  readonly key: string;
  /** When it is taken no more, UTC: `2027-01-31`, which is that day's beginning, or `2027-01-31T12:00Z`. */
  readonly validUntil: string;
}

/** Write keys of each source; the first is the one to hand out. */
export type WriteKeys = Readonly<Record<SourceName, readonly [string, ...(string | EndingKey)[]]>>;

/** A write key as clients send it. */
export function keyOf(key: string | EndingKey): string {
  return typeof key === "string" ? key : key.key;
}

/** What an environment says of its sources. */
export interface SourceSettings {
  readonly writeKeys: WriteKeys;
  /** Origins whose pages may send to a source, like `https://www.example.com`. @default any may */
  readonly allowedOrigins?: { readonly [name in SourceName]?: readonly [string, ...string[]] };
  /** Sources that nothing is taken from: their clients are refused, and do not try again. @default none */
  readonly switchedOff?: readonly SourceName[];
  /**
   * What becomes of a source's events that break the tracking plan (`violations`: "allow", "flag" or "reject"), and of
   * tracked ones that it does not name (`unplanned`). @default as each event's plan says, and "allow"
   */
  readonly planPolicies?: { readonly [name in SourceName]?: PlanPolicy };
}

/** The sources as the collector is told of them. */
export function sourcesOf({ writeKeys, allowedOrigins = {}, switchedOff = [] }: SourceSettings): Source[] {
  return (Object.keys(sourceKinds) as SourceName[]).map((name) => {
    const origins = allowedOrigins[name];
    const ending = writeKeys[name].flatMap((key) =>
      typeof key === "string" ? [] : [[key.key, key.validUntil]],
    );
    return {
      name,
      kind: sourceKinds[name],
      writeKeys: writeKeys[name].map(keyOf),
      ...(ending.length === 0 ? {} : { validUntil: Object.fromEntries(ending) as Record<string, string> }),
      ...(origins === undefined ? {} : { allowedOrigins: origins }),
      ...(switchedOff.includes(name) ? { enabled: false } : {}),
    };
  });
}
