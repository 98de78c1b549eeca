import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { buildSnippet } from "../../../browser/build";
import type {} from "../../../browser/types"; // declares window.clickstream
import { launchChromium } from "./chromium";
import { type Recorder, type SentMessage, startRecorder } from "./recorder";

const { code } = buildSnippet(join(__dirname, "..", "..", ".."));
let browser: Browser;
let context: BrowserContext;
let page: Page;
let site: Recorder;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);
afterAll(() => browser.close());
beforeEach(async () => {
  site = await startRecorder(code);
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
  site.close();
});

describe("the snippet", () => {
  it("records the page that loads it, with what leads there", async () => {
    await visit("/shop?utm_source=news");
    const [view] = await arrived(1);
    expect(site.keys).toEqual(["k1"]);
    expect(view).toMatchObject({
      type: "page",
      messageId: expect.stringMatching(/^[\da-f-]{36}$/),
      anonymousId: expect.stringMatching(/^[\da-f-]{36}$/),
      context: {
        page: { url: `${site.url}/shop?utm_source=news`, title: "/shop?utm_source=news" },
        locale: expect.any(String),
        timezone: expect.any(String),
        screen: { width: expect.any(Number), height: expect.any(Number) },
        library: { name: "clickstream.js", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      },
    });
  });

  it("records the pages of a single-page application, each led to by the one before, and none twice", async () => {
    await visit("/shop");
    await arrived(1);
    await page.evaluate(() => {
      history.pushState(null, "", "/shop/assam");
      document.title = "Assam";
      history.replaceState({ scroll: 0 }, "", "/shop/assam");
    });
    await arrived(2);
    await page.goBack();
    const views = await arrived(3);
    expect(views.map(({ context: { page: at } }) => [new URL(at.url).pathname, at.referrer])).toEqual([
      ["/shop", undefined],
      ["/shop/assam", `${site.url}/shop`],
      ["/shop", `${site.url}/shop/assam`],
    ]);
    expect(views[1]?.context.page.title).toBe("Assam");
  });

  it("takes calls that were made before it arrived", async () => {
    site.before = `<script>window.clickstream = [["identify", "u1", {"plan": "gold"}], ["track", "Early", {"n": 1}]]</script>`;
    await visit("/");
    const messages = await arrived(3);
    expect(messages.find(({ type }) => type === "identify")).toMatchObject({
      userId: "u1",
      traits: { plan: "gold" },
    });
    expect(messages.find(({ event }) => event === "Early")).toMatchObject({
      userId: "u1",
      properties: { n: 1 },
    });
  });

  it("knows the visitor again on the next page, and is new to whoever comes after a reset", async () => {
    await visit("/");
    await call(["identify", "u1"]);
    await arrived(2);
    await visit("/next");
    await arrived(3);
    await call(["reset"]);
    await call(["track", "After"]);
    const [first, , next, after] = await arrived(4);
    expect(next).toMatchObject({ anonymousId: first?.anonymousId, userId: "u1" });
    expect(after?.anonymousId).not.toBe(first?.anonymousId);
    expect(after?.userId).toBeUndefined();
    expect(await cookies()).toEqual(["cs_id"]);
  });

  it("records clicks that leave the site or fetch a file, and not those within it", async () => {
    await visit("/");
    await arrived(1);
    await page.click("#in");
    await page.waitForURL("**/in");
    await arrived(2);
    const download = page.waitForEvent("download");
    await page.click("#file");
    await download;
    await page.click("#out");
    await page.waitForURL("**/elsewhere");
    const tracked = (await arrivedEvents(2)).filter(({ type }) => type === "track");
    expect(tracked.map(({ event, properties }) => [event, properties])).toEqual([
      ["File Downloaded", { url: `${site.url}/prices.csv`, text: "prices" }],
      ["Outbound Link Clicked", { url: expect.stringContaining("localhost"), text: "out" }],
    ]);
  });

  it("sends what is unsent when the page is closed at once", async () => {
    await visit("/");
    await page.evaluate(() => {
      window.clickstream?.push(["track", "Last Words"]);
    });
    await page.close({ runBeforeUnload: true });
    await arrivedEvents(1);
  });

  it("keeps events through an outage and a reload, and sends each under the same id", async () => {
    site.status = 503;
    await visit("/");
    await call(["track", "During"]);
    await until(() => site.requests > 0);
    const before = await kept();
    await page.reload();
    site.status = 200;
    const messages = await arrived(3);
    expect(unique(messages)).toHaveLength(3);
    expect(messages.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(before));
    await until(async () => (await kept()).length === 0);
  });

  it("holds back while the browser is offline, and goes on when it returns", async () => {
    await visit("/");
    await arrived(1);
    await context.setOffline(true);
    await call(["track", "Offline"]);
    await until(async () => (await kept()).length === 1);
    await context.setOffline(false);
    const messages = await arrived(2);
    expect(messages[1]?.event).toBe("Offline");
  });

  it("does not repeat what the collector refuses for good", async () => {
    site.status = 400;
    await visit("/");
    await until(async () => site.requests === 1 && (await kept()).length === 0);
    site.status = 200;
    await call(["track", "Next"]);
    expect((await arrived(1))[0]?.event).toBe("Next");
  });

  it("keeps the newest 250 events of a long outage", async () => {
    await visit("/");
    await arrived(1);
    await context.setOffline(true);
    await page.evaluate(() => {
      for (let n = 0; n < 300; n++) window.clickstream?.push(["track", `Event ${n}`]);
    });
    await context.setOffline(false);
    const events = (await arrived(251)).flatMap(({ event }) => event ?? []);
    expect(new Set(events)).toEqual(new Set(Array.from({ length: 250 }, (_, n) => `Event ${n + 50}`)));
  });

  it("waits for consent with nothing stored, and then sends what waited", async () => {
    site.tag = `data-consent="required"`;
    await visit("/");
    await call(["track", "Before"]);
    await quiet();
    expect([await cookies(), await stored(), site.requests]).toEqual([[], [], 0]);
    await call(["consent", true]);
    expect((await arrived(2)).map(({ type }) => type).sort()).toEqual(["page", "track"]);
    await page.reload();
    await arrived(3);
  });

  it("deletes everything and falls silent when consent is withdrawn, on later pages too", async () => {
    await visit("/");
    await arrived(1);
    await call(["consent", false]);
    await call(["track", "Ignored"]);
    await page.reload();
    await quiet();
    expect([await cookies(), await stored(), site.messages.length]).toEqual([[], ["clickstream_consent"], 1]);
  });

  it("respects Global Privacy Control unless the visitor decides otherwise", async () => {
    await context.addInitScript(() =>
      Object.defineProperty(navigator, "globalPrivacyControl", { value: true }),
    );
    await visit("/");
    await quiet();
    expect([await cookies(), await stored(), site.requests]).toEqual([[], [], 0]);
    await call(["consent", true]);
    await call(["track", "Allowed"]);
    expect((await arrived(1))[0]?.event).toBe("Allowed");
  });

  it("stores nothing without storage, and works", async () => {
    site.tag = `data-storage="none"`;
    await visit("/");
    await call(["track", "One"]);
    const [first, second] = await arrived(2);
    expect(second?.anonymousId).toBe(first?.anonymousId);
    expect([await cookies(), await stored()]).toEqual([[], []]);
  });
});

async function visit(path: string): Promise<void> {
  await page.goto(site.url + path);
  await page.waitForFunction(() => window.clickstream !== undefined && !Array.isArray(window.clickstream));
}

async function call(call: readonly unknown[]): Promise<void> {
  await page.evaluate((given) => window.clickstream?.push(given as never), call);
}

/** Waits until so many different messages have arrived. */
async function arrived(count: number): Promise<SentMessage[]> {
  await until(() => unique(site.messages).length >= count);
  return unique(site.messages);
}

/** Waits until so many different tracked events have arrived. */
async function arrivedEvents(count: number): Promise<SentMessage[]> {
  await until(() => unique(site.messages).filter(({ type }) => type === "track").length >= count);
  return unique(site.messages);
}

/** Time enough for a request that must not come: several times as long as the snippet gathers events. */
async function quiet(): Promise<void> {
  await sleep(1_500);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await holds()); await sleep(50))
    if (Date.now() > deadline)
      throw new Error(
        `waited in vain; ${site.requests} requests, messages ${JSON.stringify(site.messages, null, 1)}`,
      );
}

function unique(messages: readonly SentMessage[]): SentMessage[] {
  return [...new Map(messages.map((message) => [message.messageId, message])).values()];
}

async function cookies(): Promise<string[]> {
  return (await context.cookies()).map(({ name }) => name);
}

async function stored(): Promise<string[]> {
  return page.evaluate(() => Object.keys(localStorage));
}

/** Ids of the events that the browser keeps. */
async function kept(): Promise<string[]> {
  return (await stored()).flatMap((name) => (name.startsWith("cs_e_") ? [name.slice(5)] : []));
}
