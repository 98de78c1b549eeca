import { randomUUID } from "node:crypto";

/** A random number from 0 up to, not including, 1. */
export type Random = () => number;

/** A message of Segment's HTTP API. */
export type Message = Readonly<Record<string, unknown>> & { readonly type: string };

const SITE = "https://shop.example";

const pages = [
  "/",
  "/collections/coats",
  "/collections/shoes",
  "/products/parka",
  "/products/loafer",
  "/about",
  "/cart",
];
const referrers = [
  "",
  "",
  "https://www.google.com/",
  "https://www.bing.com/",
  "https://t.co/x",
  "https://blog.example/review",
];
const campaigns = [
  "",
  "",
  "",
  "?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
  "?utm_source=google&utm_medium=cpc&utm_campaign=brand",
];
const devices = [
  {
    width: 1920,
    height: 1080,
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
  },
  {
    width: 1440,
    height: 900,
    userAgent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
  },
  {
    width: 393,
    height: 852,
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  },
  {
    width: 412,
    height: 915,
    userAgent:
      "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
  },
  {
    width: 1366,
    height: 768,
    userAgent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  },
] as const;
const locales = ["en-US", "en-GB", "de-DE", "fr-FR", "es-ES"];

/**
 * One made-up visit to a made-up shop: page views, now and then a product in the cart and an order. Every event
 * says `made_up: true` in its properties and names `demo-traffic` as its library.
 * @param at when the visit takes place.
 */
export function visit(random: Random, at: Date): Message[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const device = pick(devices);
  const referrer = pick(referrers);
  const anonymousId = randomUUID();
  const locale = pick(locales);
  const known = random() < 0.2;
  const views = 1 + Math.floor(random() * 5);
  const messages: Message[] = [];
  const say = (type: string, path: string, members: Readonly<Record<string, unknown>>): void => {
    const time = new Date(at.getTime() + messages.length * 50).toISOString();
    messages.push({
      type,
      messageId: randomUUID(),
      anonymousId,
      ...(known ? { userId: `made-up-${anonymousId.slice(0, 8)}` } : {}),
      originalTimestamp: time,
      context: {
        library: { name: "demo-traffic", version: "1" },
        userAgent: device.userAgent,
        locale,
        screen: { width: device.width, height: device.height },
        page: {
          url: `${SITE}${path}`,
          path: path.replace(/\?.*/, ""),
          ...(referrer === "" ? {} : { referrer }),
        },
      },
      ...members,
    });
  };
  const landing = `${pick(pages)}${pick(campaigns)}`;
  for (let view = 0; view < views; view += 1) {
    const path = view === 0 ? landing : pick(pages);
    say("page", path, { name: "Shop", properties: { made_up: true } });
    if (path.startsWith("/products/") && random() < 0.4)
      say("track", path, {
        event: "Product Added",
        properties: { made_up: true, product: path.slice(10), price: 79 },
      });
  }
  if (messages.some(({ event }) => event === "Product Added") && random() < 0.5)
    say("track", "/cart", {
      event: "Order Completed",
      properties: { made_up: true, order_id: randomUUID(), revenue: 79, currency: "EUR" },
    });
  if (known) say("identify", "/", { traits: { made_up: true, plan: pick(["basic", "gold"]) } });
  return messages;
}
