import type { Clickstream, ClickstreamCall, Properties } from "../types";
import { watchClicks } from "./clicks";
import { keepConsent, readConsent } from "./consent";
import { contextOf, type Message, uuid } from "./events";
import { watchPages } from "./navigation";
import { openQueue } from "./queue";
import { readSettings } from "./settings";
import { ID, openStorage } from "./storage";

/** Name of the id that the site knows the visitor by. */
const USER = "user";

const settings = readSettings(document.currentScript);
const storage = openStorage(settings);
const queue = openQueue(settings, storage);
let consent = readConsent(settings);
let referrer = document.referrer;

function anonymousId(): string {
  const id = storage.get(ID) ?? uuid();
  storage.set(ID, id);
  return id;
}

/** Takes an event in. Until the visitor has decided it waits in this page alone. */
function record(message: Message): void {
  if (consent === false) return;
  const messageId = uuid();
  queue.add(messageId, {
    ...message,
    messageId,
    anonymousId: anonymousId(),
    userId: storage.get(USER),
    timestamp: new Date(),
    context: contextOf(referrer),
  });
}

function start(): void {
  storage.keep();
  queue.start();
}

const calls: Omit<Clickstream, "push" | "anonymousId"> = {
  track: (event: string, properties?: Properties) => record({ type: "track", event, properties }),
  page: (name, properties) => record({ type: "page", name, properties }),
  identify(userId, traits) {
    if (consent !== false) storage.set(USER, userId);
    record({ type: "identify", traits });
  },
  reset() {
    storage.remove(USER);
    storage.remove(ID);
  },
  consent(given) {
    consent = given;
    keepConsent(settings, given);
    if (given) start();
    else storage.clear();
  },
};

const push = ([method, ...values]: ClickstreamCall): void =>
  (calls[method] as (...values: unknown[]) => void)(...values);

// A second tag would record everything twice.
if (!window.clickstream || Array.isArray(window.clickstream)) {
  const before = window.clickstream ?? [];
  window.clickstream = { ...calls, anonymousId, push };
  if (consent) start();
  if (settings.pages !== "off")
    watchPages(settings, (from) => {
      referrer = from;
      calls.page();
    });
  before.forEach(push);
  if (settings.clicks) watchClicks(calls.track);
  document.addEventListener("visibilitychange", () => (document.hidden ? queue.leave() : queue.resume()));
  addEventListener("pagehide", queue.leave);
  addEventListener("online", queue.resume);
}
