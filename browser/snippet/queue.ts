import type { Settings } from "./settings";
import type { Storage } from "./storage";

/** Names of events in the storage begin so. */
const EVENT = "e_";

/** Marks an event that a beacon took along: most likely it arrived, but no answer says so. */
const BEACONED = "!";

/** At most so many events wait; the oldest go first. */
const MOST_EVENTS = 250;

/** UTF-16 units in a request: browsers let 64 KiB of UTF-8 outlive a page, and a unit is at most 3 bytes. */
const BATCH_LENGTH = 20_000;

/** Events of one moment travel together. */
const GATHER_MS = 300;

/** The first wait after a failure, doubled from one to the next. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** A request without an answer has failed. */
const ANSWER_MS = 15_000;

/** The warehouse knows an event again that comes twice within a day. */
const KNOWN_AGAIN_MS = 72_000_000;

/** Events on their way to the collector. */
export interface Queue {
  add(id: string, message: object): void;
  /** Takes on what earlier pages left, and begins to send. */
  start(): void;
  /** Hands over what is unsent, as the page may be gone in a moment. */
  leave(): void;
  /** Sends what is unsent, after a pause in which that could not be. */
  resume(): void;
}

/**
 * A queue that keeps every event until the collector has answered for it. An event that is sent again keeps its id,
 * so it counts once however often it arrives.
 */
export function openQueue({ endpoint, key }: Settings, storage: Storage): Queue {
  const given = new Set<string>();
  let running = false;
  let sending = false;
  let failures = 0;
  let timer: number | undefined;

  /** The next events, as many as a request takes. */
  const nextBatch = (): string[] => {
    const batch: string[] = [];
    let length = 0;
    for (const name of storage.names(EVENT)) {
      if (given.has(name)) continue;
      length += storage.get(name)?.length ?? 0;
      if (batch.length > 0 && length > BATCH_LENGTH) break;
      batch.push(name);
    }
    return batch;
  };

  const isBeaconed = (name: string): boolean => storage.get(name)?.startsWith(BEACONED) ?? false;

  const textOf = (name: string): string =>
    (storage.get(name) ?? "").slice(isBeaconed(name) ? BEACONED.length : 0);

  const bodyOf = (batch: readonly string[]): string => {
    const messages = batch.map(textOf);
    const transport = JSON.stringify({ writeKey: key, sentAt: new Date() }).slice(1);
    return `{"batch":[${messages.join()}],${transport}`;
  };

  /** @returns how long to wait before the same is sent again, in milliseconds; nothing when it is over */
  const post = async (body: string): Promise<number | undefined> => {
    const backOff = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** failures) * (0.5 + Math.random() / 2);
    try {
      const answer = await fetch(endpoint, {
        method: "POST",
        body, // as text: a type that needs no preflight
        keepalive: body.length <= BATCH_LENGTH + 1_000,
        credentials: "include",
        ...(AbortSignal.timeout ? { signal: AbortSignal.timeout(ANSWER_MS) } : {}),
      });
      if (answer.status < 500 && answer.status !== 408 && answer.status !== 429) return undefined;
      return Math.max(backOff, Number(answer.headers.get("retry-after")) * 1_000 || 0);
    } catch {
      return backOff;
    }
  };

  const later = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  };

  const send = async (): Promise<void> => {
    if (sending || !running) return;
    const batch = nextBatch();
    if (batch.length === 0) return;
    sending = true;
    for (const name of batch) given.add(name);
    const wait = await post(bodyOf(batch));
    sending = false;
    for (const name of batch) {
      given.delete(name);
      if (wait === undefined) storage.remove(name);
    }
    failures = wait === undefined ? 0 : failures + 1;
    later(wait ?? 0);
  };

  return {
    add(id, message) {
      storage.set(EVENT + id, JSON.stringify(message));
      const waiting = storage.names(EVENT);
      if (waiting.length > MOST_EVENTS) storage.remove(waiting[0] as string);
      if (running && failures === 0) later(GATHER_MS);
    },
    start() {
      for (const name of storage.names(EVENT)) {
        if (!isBeaconed(name)) continue;
        const { timestamp } = JSON.parse(textOf(name));
        if (Date.now() - Date.parse(timestamp) > KNOWN_AGAIN_MS) storage.remove(name);
      }
      running = true;
      later(GATHER_MS);
    },
    leave() {
      if (!running || !navigator.onLine) return;
      for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
        if (!navigator.sendBeacon(endpoint, bodyOf(batch))) return;
        for (const name of batch) {
          given.add(name);
          storage.set(name, BEACONED + textOf(name));
        }
      }
    },
    resume() {
      failures = 0;
      if (!sending) given.clear();
      later(0);
    },
  };
}
