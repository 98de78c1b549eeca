import type { Source } from "../handlers/collect/env";
import type { SourceKind } from "../handlers/event/item";

/**
 * Who sends events. To add one, name it here and give it a write key in every row of `config.ts`.
 *
 * A write key tells sources apart. It stands in web pages and apps, is public by nature, and grants nothing but
 * sending; no secret manager needs to hold it. Make one with `openssl rand -hex 16`; to replace one, list the
 * new key first and the old one after it until its clients are gone.
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

/** The sources as the collector is told of them. */
export function sourcesOf(writeKeys: WriteKeys): Source[] {
  return (Object.keys(sourceKinds) as SourceName[]).map((name) => ({
    name,
    kind: sourceKinds[name],
    writeKeys: writeKeys[name],
  }));
}
