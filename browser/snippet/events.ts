import type { Properties } from "../types";

declare const VERSION: string;

/** What every event says of the page that it happened on. */
function pageContext(referrer: string): object {
  return { url: location.href, title: document.title, ...(referrer ? { referrer } : {}) };
}

/** What every event says of where it happened. @see https://segment.com/docs/connections/spec/common/#context */
export function contextOf(referrer: string): object {
  return {
    page: pageContext(referrer),
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: { width: screen.width, height: screen.height },
    library: { name: "clickstream.js", version: VERSION },
  };
}

/** A message of Segment's protocol, without who it is about. */
export interface Message {
  readonly type: "track" | "page" | "identify";
  readonly event?: string;
  readonly name?: string | undefined;
  readonly properties?: Properties | undefined;
  readonly traits?: Properties | undefined;
}

/** A random UUID, also on pages without TLS, which lack `crypto.randomUUID`. */
export function uuid(): string {
  return (
    crypto.randomUUID?.() ??
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
      (+digit ^ ((crypto.getRandomValues(new Uint8Array(1))[0] as number) & (15 >> (+digit / 4)))).toString(
        16,
      ),
    )
  );
}
