import { enriched } from "../events";

const none = undefined;
const columns = ["referrer_host", "referrer_medium", "referrer_source"] as const;
const page_url = "https://shop.example.co.uk/a";

describe("where a visitor came from", () => {
  it.each([
    ["https://www.google.com/", ["www.google.com", "search", "Google"]],
    ["https://www.google.co.uk/search?q=x", ["www.google.co.uk", "search", "Google"]],
    [
      "android-app://com.google.android.googlequicksearchbox/",
      ["com.google.android.googlequicksearchbox", "search", "Google"],
    ],
    ["https://www.bing.com/", ["www.bing.com", "search", "Bing"]],
    ["https://de.search.yahoo.com/", ["de.search.yahoo.com", "search", "Yahoo"]],
    ["https://duckduckgo.com/", ["duckduckgo.com", "search", "DuckDuckGo"]],
    ["https://yandex.ru/clck/", ["yandex.ru", "search", "Yandex"]],
    ["https://m.baidu.com/", ["m.baidu.com", "search", "Baidu"]],
    ["https://www.ecosia.org/", ["www.ecosia.org", "search", "Ecosia"]],
    ["https://search.brave.com/", ["search.brave.com", "search", "Brave"]],
    ["https://www.facebook.com/", ["www.facebook.com", "social", "Facebook"]],
    ["https://l.facebook.com/l.php?u=x", ["l.facebook.com", "social", "Facebook"]],
    ["https://l.instagram.com/", ["l.instagram.com", "social", "Instagram"]],
    ["https://t.co/abc", ["t.co", "social", "X"]],
    ["https://www.linkedin.com/feed/", ["www.linkedin.com", "social", "LinkedIn"]],
    ["https://old.reddit.com/r/x", ["old.reddit.com", "social", "Reddit"]],
    ["https://www.youtube.com/watch?v=x", ["www.youtube.com", "social", "YouTube"]],
    ["https://www.pinterest.de/", ["www.pinterest.de", "social", "Pinterest"]],
    ["https://news.ycombinator.com/item?id=1", ["news.ycombinator.com", "social", "Hacker News"]],
    ["https://mail.google.com/mail/u/0/", ["mail.google.com", "mail", "Gmail"]],
    ["android-app://com.google.android.gm/", ["com.google.android.gm", "mail", "Gmail"]],
    ["https://outlook.live.com/", ["outlook.live.com", "mail", "Outlook"]],
    ["https://mail.yahoo.com/", ["mail.yahoo.com", "mail", "Yahoo Mail"]],
    ["https://e.mail.ru/", ["e.mail.ru", "mail", "Mail.ru"]],
    ["https://www.google.de/", ["www.google.de", "search", "Google"]],
    ["https://yandex.com.tr/search", ["yandex.com.tr", "search", "Yandex"]],
    ["https://chatgpt.com/", ["chatgpt.com", "search", "ChatGPT"]],
    ["https://www.perplexity.ai/search/x", ["www.perplexity.ai", "search", "Perplexity"]],
    ["https://gemini.google.com/app", ["gemini.google.com", "search", "Gemini"]],
    ["https://copilot.microsoft.com/", ["copilot.microsoft.com", "search", "Copilot"]],
    ["https://lens.google.com/", ["lens.google.com", "search", "Google"]],
    ["https://out.reddit.com/t3", ["out.reddit.com", "social", "Reddit"]],
    ["https://lm.facebook.com/", ["lm.facebook.com", "social", "Facebook"]],
    ["https://bsky.app/", ["bsky.app", "social", "Bluesky"]],
    ["https://web.whatsapp.com/", ["web.whatsapp.com", "social", "WhatsApp"]],
    ["https://googleads.g.doubleclick.net/pagead", ["googleads.g.doubleclick.net", "paid", "Google Ads"]],
    ["https://www.googleadservices.com/pagead/aclk", ["www.googleadservices.com", "paid", "Google Ads"]],
    ["https://tpc.googlesyndication.com/", ["tpc.googlesyndication.com", "paid", "Google Ads"]],
    ["https://trc.taboola.com/x", ["trc.taboola.com", "paid", "Taboola"]],
    ["https://paid.outbrain.com/network", ["paid.outbrain.com", "paid", "Outbrain"]],
    ["https://cat.nl.eu.criteo.com/", ["cat.nl.eu.criteo.com", "paid", "Criteo"]],
    ["https://blog.partner.example/post", ["blog.partner.example", "referral", none]],
    ["https://notgoogle.com/", ["notgoogle.com", "referral", none]],
    ["https://google.example.com/", ["google.example.com", "referral", none]],
    ["http://203.0.113.9/", ["203.0.113.9", "referral", none]],
    ["https://www.example.co.uk/", ["www.example.co.uk", "internal", none]],
    ["https://shop.example.co.uk/b", ["shop.example.co.uk", "internal", none]],
    ["https://other.co.uk/", ["other.co.uk", "referral", none]],
    ["$direct", [none, none, none]],
    ["about:blank", [none, none, none]],
  ])("%s", (referrer_url, expected) => {
    expect(enriched({ page_url, referrer_url }, columns)).toEqual(expected);
  });

  it.each([
    [
      "another host of one provider's users",
      "https://alice.github.io/",
      "https://bob.github.io/",
      "referral",
    ],
    ["the same host of them", "https://alice.github.io/", "https://alice.github.io/x", "internal"],
    ["the same laptop", "http://localhost:3000/a", "http://localhost:3000/b", "internal"],
    ["the same address", "http://192.0.2.1/a", "http://192.0.2.1/b", "internal"],
    ["Google itself", "https://www.google.com/a", "https://mail.google.com/b", "internal"],
  ])("knows %s", (_, page, referrer, medium) => {
    expect(enriched({ page_url: page, referrer_url: referrer }, ["referrer_medium"])).toEqual([medium]);
  });

  it.each([
    ["https://shop.example.co.uk/?gclid=1", "https://www.google.com/", ["www.google.com", "paid", "Google"]],
    ["https://shop.example.co.uk/?gclid=1", undefined, [none, "paid", none]],
    ["https://shop.example.co.uk/?gclid=1", "$direct", [none, "paid", none]],
    [
      "https://shop.example.co.uk/?gclid=1",
      "https://www.example.co.uk/",
      ["www.example.co.uk", "internal", none],
    ],
    ["https://shop.example.co.uk/?utm_medium=cpc", "https://www.bing.com/", ["www.bing.com", "paid", "Bing"]],
    [
      "https://shop.example.co.uk/?utm_medium=paid_social",
      "https://www.facebook.com/",
      ["www.facebook.com", "paid", "Facebook"],
    ],
    [
      "https://shop.example.co.uk/?fbclid=1",
      "https://www.facebook.com/",
      ["www.facebook.com", "social", "Facebook"],
    ],
    ["https://shop.example.co.uk/?utm_medium=email", undefined, [none, "direct", none]],
  ])("by an ad is paid: %s after %s", (url, referrer_url, expected) => {
    const sent = { page_url: url, ...(referrer_url === undefined ? {} : { referrer_url }) };
    expect(enriched(sent, columns)).toEqual(expected);
  });

  it("by an ad is told by the campaign that was sent, too", () => {
    expect(enriched({ page_url, campaign_medium: "CPC" }, columns)).toEqual([none, "paid", none]);
  });

  it("is nowhere for a page that nothing led to, and unknown for what is no page", () => {
    expect(enriched({ page_url }, columns)).toEqual([none, "direct", none]);
    expect(enriched({ event_type: "track" }, columns)).toEqual([none, none, none]);
  });
});
