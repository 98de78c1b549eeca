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

  it("is nowhere for a page that nothing led to, and unknown for what is no page", () => {
    expect(enriched({ page_url }, columns)).toEqual([none, "direct", none]);
    expect(enriched({ event_type: "track" }, columns)).toEqual([none, none, none]);
  });
});
