import type { Settings } from "./settings";

/**
 * Calls back for every page that the visitor sees: this one, those that a single-page application shows under
 * another address, and those that the browser brings back from its cache.
 */
export function watchPages({ pages }: Settings, seen: (referrer: string) => void): void {
  const address = (): string => location.pathname + location.search + (pages === "hash" ? location.hash : "");
  let shown = address();
  let href = location.href;
  const changed = (): void => {
    if (address() === shown) return;
    const referrer = href;
    shown = address();
    href = location.href;
    // An application sets the title after the address.
    setTimeout(() => seen(referrer));
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function (this: History, ...values: Parameters<History["pushState"]>) {
      original.apply(this, values);
      changed();
    };
  }
  addEventListener("popstate", changed);
  addEventListener("hashchange", changed);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) seen(document.referrer);
  });
  if ((document as { prerendering?: boolean }).prerendering)
    document.addEventListener("prerenderingchange", () => seen(document.referrer), { once: true });
  else seen(document.referrer);
}
