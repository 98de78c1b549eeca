import type { StoredEvent } from "../../../handlers/event/event";

/** Events as one visitor's browser sends them within a minute, made up. */
export function typicalEvents(count: number): StoredEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const second = String(index * 5).padStart(2, "0");
    const path = `/products/${1000 + index * 37}`;
    return {
      event_id: `ajs-next-1793${(index * 7_919_317 + 104_729) % 999_999_937}-${(index * 2_654_435_761) % 4_294_967_296}`,
      event_type: index % 3 === 0 ? "page" : "track",
      event_name: index % 3 === 0 ? "Product" : "Product Viewed",
      event_time: `2026-11-01T10:00:${second}.${100 + index * 13}Z`,
      sent_at: `2026-11-01T10:00:55.250Z`,
      anonymous_id: "7f1c2b1e-6f0a-4a51-9d55-0d3a8a6f9a11",
      page_url: `https://shop.example.com${path}?ref=list`,
      page_title: "Product · Example Shop",
      referrer_url: "https://www.google.com/",
      user_agent:
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
      locale: "en-US",
      timezone: "Europe/Berlin",
      screen_width: 1920,
      screen_height: 1080,
      ip_network: "203.0.113.0/24",
      sdk_name: "analytics.js",
      sdk_version: "npm:next-1.76.0",
      properties: { product_id: `sku-${1000 + index * 37}`, category: "Shoes", price: 49.9, quantity: 1 },
    };
  });
}
