import { randomBytes } from "node:crypto";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { RemoteFaults } from "../../../local/faults/remote";
import { cloud, json, until } from "../verb";
import { launchChromium } from "./chromium";
import type {} from "./pages/page"; // declares window.sdk
import { type Site, startSite } from "./site";

const MINUTES = 60_000;

/**
 * Stock clients by the page that uses them: the protocol they speak, how they name themselves, the page's title as
 * they tell it, and whether they know the user still on the next page. Snowplow's tells titles with page views alone,
 * and is to be given the user on each page.
 */
const sdks = {
  segment: { protocol: "segment", sdk: "analytics.js", title: "Shop", keepsUser: true },
  rudderstack: { protocol: "segment", sdk: "RudderLabs JavaScript SDK", title: "Shop", keepsUser: true },
  snowplow: { protocol: "snowplow", sdk: "js", title: null, keepsUser: false },
  clickstream: {
    protocol: "clickstream",
    sdk: "aws-solution-clickstream-sdk",
    title: "Shop",
    keepsUser: true,
  },
  snippet: { protocol: "segment", sdk: "clickstream.js", title: "Shop", keepsUser: true },
} as const;

/** What befalls the events, in this order; each event's `position` is its place here. */
const moments = ["plain", "throttled", "offline", "closing", "after"] as const;

/** Place of the first event after the page was opened anew. */
const firstOfNextPage = moments.indexOf("closing");

/** Names of this run's events end in it. */
const run = randomBytes(4).toString("hex");

let browser: Browser;
let site: Site;
let faults: RemoteFaults;
const strangers: string[] = [];

beforeAll(async () => {
  const { collectorUrl, writeKey } = await json<{ collectorUrl: string; writeKey: string }>("status");
  site = await startSite(Object.keys(sdks), { collector: collectorUrl.replace(/\/$/, ""), writeKey });
  faults = new RemoteFaults(cloud().gatewayUrl);
  browser = await launchChromium();
}, 2 * MINUTES);
afterAll(async () => {
  await faults.clear();
  await browser?.close();
  site?.close();
});

describe.each(Object.entries(sdks))("%s in a browser", (name, { protocol, sdk, title, keepsUser }) => {
  it(
    "delivers each event once, through throttling, an offline browser and a page closed at once",
    async () => {
      const context = await browser.newContext();
      await context.route(
        (url) => url.hostname !== "127.0.0.1",
        (route) => {
          strangers.push(route.request().url());
          return route.abort();
        },
      );
      let page = await open(context, name);
      await page.evaluate((user) => window.sdk?.identify(user), `user-${name}-${run}`);
      await track(page, name, "plain");

      await faults.set(["dynamodb:BatchWriteItem=throttle@1"]);
      const refused = page.waitForResponse((answer) => answer.status() === 503, { timeout: MINUTES });
      await track(page, name, "throttled");
      await refused;
      await faults.clear();

      await context.setOffline(true);
      const failed = page.waitForEvent("requestfailed", { timeout: MINUTES }).catch(() => undefined);
      await track(page, name, "offline");
      await Promise.race([failed, page.waitForTimeout(3_000)]); // some do not even try
      await context.setOffline(false);

      await page.close();
      page = await open(context, name);
      await track(page, name, "closing");
      await page.close();

      page = await open(context, name);
      await track(page, name, "after");
      await until(
        `${name}'s events have arrived`,
        async () => (await rowsOf(name)).length >= moments.length,
        240,
      );
      await context.close();
      expect(await rowsOf(name)).toEqual(
        moments.map((moment, position) => ({
          event_name: eventName(moment, name),
          copies: 1,
          position,
          user_id: keepsUser || position < firstOfNextPage ? `user-${name}-${run}` : null,
          protocol,
          sdk_name: sdk,
          page_url: `${site.url}/${name}`,
          page_title: title,
          browser_name: expect.stringContaining("Chrom"),
          source: "web",
        })),
      );
    },
    8 * MINUTES,
  );
});

it("asks nobody but the site and the collector", () => {
  expect(strangers).toEqual([]);
});

async function open(context: BrowserContext, name: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${site.url}/${name}`);
  await page.waitForFunction(() => window.sdk !== undefined);
  return page;
}

async function track(page: Page, name: string, moment: (typeof moments)[number]): Promise<void> {
  const event: [string, number] = [eventName(moment, name), moments.indexOf(moment)];
  await page.evaluate(([name, position]) => window.sdk?.track(name, position), event);
}

function eventName(moment: string, name: string): string {
  return `${moment}_${name}_${run}`;
}

/** This run's events of an SDK in the warehouse, in the order in which they were tracked. */
async function rowsOf(name: string): Promise<Record<string, unknown>[]> {
  const { columns, rows } = await json<{ columns: string[]; rows: unknown[][] }>(
    "query",
    `select event_name, count(*) as copies, max(cast(properties.position as integer)) as position,
            max(user_id) as user_id, max(protocol) as protocol, max(sdk_name) as sdk_name,
            max(page_url) as page_url, max(page_title) as page_title, max(browser_name) as browser_name,
            max(source) as source
     from events
     where event_name like '%\\\\_${name}\\\\_${run}'
     group by event_name
     order by position`,
  );
  return rows.map((row) => Object.fromEntries(row.map((value, at) => [columns[at] ?? "", value])));
}
