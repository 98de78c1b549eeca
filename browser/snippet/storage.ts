import type { Settings } from "./settings";

/** Safari keeps what scripts store for seven days, Chromium a cookie for 400. */
const COOKIE_SECONDS = 34_560_000;

/** Everything stored begins with it. */
const PREFIX = "cs_";

/** Name of the anonymous id: alone in having a cookie, which the site's subdomains and servers can share. */
export const ID = "id";

/**
 * What the script remembers, by name. It lives as long as the page, and beyond it once that is allowed and where
 * the browser can.
 */
export interface Storage {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  remove(name: string): void;
  /** Names of what this page remembers that begin so, oldest first. */
  names(beginning: string): string[];
  /** Keeps beyond this page what is remembered now and from now on, and remembers what earlier pages kept. */
  keep(): void;
  /** Forgets everything, here and in the browser. */
  clear(): void;
}

export function openStorage({ storage, domain }: Settings): Storage {
  const memory = new Map<string, string>();
  let keeps = false;
  /** Local storage throws where it is switched off or full. */
  const local = <T>(use: (storage: globalThis.Storage) => T): T | undefined => {
    if (storage === "none") return undefined;
    try {
      return use(localStorage);
    } catch {
      return undefined;
    }
  };
  const hasCookie = (name: string): boolean => storage === "cookie" && name === ID;
  const setCookie = (name: string, value: string, seconds: number): void => {
    if (!hasCookie(name)) return;
    const shared = domain ? `; domain=${domain}` : "";
    const secure = location.protocol === "https:" ? "; secure" : "";
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere, and asynchronous.
    document.cookie = `${PREFIX}${name}=${value}; path=/; max-age=${seconds}; samesite=lax${shared}${secure}`;
  };
  const kept = (): string[] =>
    local((stored) => Object.keys(stored).filter((name) => name.startsWith(PREFIX))) ?? [];
  const write = (name: string, value: string): void => {
    setCookie(name, value, COOKIE_SECONDS);
    local((stored) => stored.setItem(PREFIX + name, value));
  };
  const remove = (name: string): void => {
    memory.delete(name);
    setCookie(name, "", 0);
    local((stored) => stored.removeItem(PREFIX + name));
  };
  return {
    get: (name) => memory.get(name),
    set(name, value) {
      memory.set(name, value);
      if (keeps) write(name, value);
    },
    remove,
    names: (beginning) => [...memory.keys()].filter((name) => name.startsWith(beginning)),
    keep() {
      if (keeps) return;
      keeps = true;
      const now = [...memory];
      memory.clear();
      for (const name of kept()) {
        const value = local((stored) => stored.getItem(name));
        if (value) memory.set(name.slice(PREFIX.length), value);
      }
      const shared = hasCookie(ID) && document.cookie.match(`(?:^|; )${PREFIX}${ID}=([^;]+)`)?.[1];
      if (shared) memory.set(ID, shared);
      for (const [name, value] of now) {
        // The visitor was known before this page: its events are theirs, whatever it began with.
        if (name !== ID || !memory.has(ID)) memory.set(name, value);
      }
      for (const [name, value] of memory) write(name, value);
    },
    clear() {
      keeps = false;
      for (const name of [ID, ...memory.keys(), ...kept().map((name) => name.slice(PREFIX.length))])
        remove(name);
    },
  };
}
