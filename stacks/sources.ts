import type { Source } from "../handlers/collect/env";
import type { SourceKind } from "../handlers/event/item";

/**
 * Who sends events. To add one, name it here and give it a write key in every row of `config.ts`.
 *
 * A write key tells sources apart. It stands in web pages and apps, is public by nature, and grants nothing but
 * sending; no secret manager needs to hold it. Make one with `openssl rand -hex 16`; to replace one, list the
 * new key first and the old one after it until its clients are gone, which the metric `older_key` tells. What
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

/** Write keys of each source; the first is the one to hand out. */
export type WriteKeys = Readonly<Record<SourceName, readonly [string, ...string[]]>>;

/** What an environment says of its sources. */
export interface SourceSettings {
  readonly writeKeys: WriteKeys;
  /** Origins whose pages may send to a source, like `https://www.example.com`. @default any may */
  readonly allowedOrigins?: { readonly [name in SourceName]?: readonly [string, ...string[]] };
  /** Sources that nothing is taken from: their clients are refused, and do not try again. @default none */
  readonly switchedOff?: readonly SourceName[];
}

/** The sources as the collector is told of them. */
export function sourcesOf({ writeKeys, allowedOrigins = {}, switchedOff = [] }: SourceSettings): Source[] {
  return (Object.keys(sourceKinds) as SourceName[]).map((name) => {
    const origins = allowedOrigins[name];
    return {
      name,
      kind: sourceKinds[name],
      writeKeys: writeKeys[name],
      ...(origins === undefined ? {} : { allowedOrigins: origins }),
      ...(switchedOff.includes(name) ? { enabled: false } : {}),
    };
  });
}
