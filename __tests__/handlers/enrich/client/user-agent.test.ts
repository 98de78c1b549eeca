import { enriched } from "../events";

const described = (user_agent: string) =>
  enriched({ user_agent }, [
    "browser_name",
    "browser_version",
    "os_name",
    "os_version",
    "device_class",
    "device_brand",
    "device_model",
    "is_bot",
  ]);

const none = undefined;
const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
const safari = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

describe("a person's user agent", () => {
  it.each([
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/130.0.0.0 Safari/537.36`,
      ["Chrome", "130.0.0.0", "Windows", "10", "desktop", none, none],
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`,
      ["Edge", "130.0.0.0", "Windows", "10", "desktop", none, none],
    ],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari} Version/18.1 Safari/605.1.15`,
      ["Safari", "18.1", "Mac OS", "10.15.7", "desktop", "Apple", "Macintosh"],
    ],
    [
      "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
      ["Firefox", "132.0", "Linux", none, "desktop", none, none],
    ],
    [
      "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:26.0) Gecko/20100101 Firefox/26.0",
      ["Firefox", "26.0", "Ubuntu", none, "desktop", none, none],
    ],
    [
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/129.0.0.0 Safari/537.36`,
      ["Chrome", "129.0.0.0", "Chromium OS", "14541.0.0", "desktop", none, none],
    ],
    [
      "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
      ["IE", "11.0", "Windows", "7", "desktop", none, none],
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/129.0.0.0 Safari/537.36 OPR/115.0.0.0`,
      ["Opera", "115.0.0.0", "Windows", "10", "desktop", none, none],
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${safari} Version/18.1 Mobile/15E148 Safari/604.1`,
      ["Mobile Safari", "18.1", "iOS", "18.1", "mobile", "Apple", "iPhone"],
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) ${safari} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1`,
      ["Chrome", "126.0.6478.54", "iOS", "17.5", "mobile", "Apple", "iPhone"],
    ],
    [
      `Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) ${safari} Version/17.6 Mobile/15E148 Safari/604.1`,
      ["Mobile Safari", "17.6", "iOS", "17.6", "tablet", "Apple", "iPad"],
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webkit} Chrome/130.0.0.0 Mobile Safari/537.36`,
      ["Chrome", "130.0.0.0", "Android", "14", "mobile", "Google", "Pixel 8"],
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/130.0.0.0 Mobile Safari/537.36`,
      ["Chrome", "130.0.0.0", "Android", "10", "mobile", none, none],
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-S918B) ${webkit} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36`,
      ["Samsung Internet", "26.0", "Android", "14", "mobile", "Samsung", "SM-S918B"],
    ],
    [
      `Mozilla/5.0 (Linux; Android 13; SM-X700) ${webkit} Chrome/130.0.0.0 Safari/537.36`,
      ["Chrome", "130.0.0.0", "Android", "13", "tablet", "Samsung", "SM-X700"],
    ],
    [
      "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7 Build/AP2A.240905.003)",
      [none, none, "Android", "14", "mobile", "Google", "Pixel 7"],
    ],
    [
      "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV Safari/537.36",
      ["Safari", none, "Tizen", "7.0", "tv", none, none],
    ],
    [
      `Mozilla/5.0 (Web0S; Linux/SmartTV) ${webkit} Chrome/94.0.4606.128 Safari/537.36 WebAppManager`,
      ["Chrome", "94.0.4606.128", "webOS", "TV", "tv", none, none],
    ],
    [
      `Mozilla/5.0 (PlayStation; PlayStation 5/6.50) ${safari} Version/13.0 Safari/605.1.15`,
      ["Safari", "13.0", "PlayStation", "5", "console", "Sony", "PlayStation 5"],
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) ${webkit} Chrome/44.0.2403.157 Safari/537.36 Edge/12.10240`,
      ["Edge", "12.10240", "Xbox", "One", "console", "Microsoft", "Xbox One"],
    ],
    [
      `Mozilla/5.0 (Linux; Android 11; SM-R890) ${webkit} SamsungBrowser/3.3 Chrome/90.0.4430.210 Mobile Safari/537.36`,
      ["Samsung Internet", "3.3", "Android", "11", "wearable", "Samsung", "SM-R890"],
    ],
    [
      `Mozilla/5.0 (X11; GNU/Linux) ${webkit} Chromium/79.0.3945.130 Chrome/79.0.3945.130 Safari/537.36 Tesla/2022.44.30.5-dc2b8e1ef0ea`,
      ["Tesla", "2022.44.30.5-dc2b8e1ef0ea", "Linux", none, "embedded", "Tesla", none],
    ],
  ])("%s", (userAgent, expected) => {
    expect(described(userAgent)).toEqual([...expected, false]);
  });
});

describe("a crawler's or a program's user agent", () => {
  it.each([
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    `Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) ${webkit} Chrome/130.0.6723.58 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
    `Mozilla/5.0 ${webkit.replace(")", "; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)")} Chrome/116.0.1938.76 Safari/537.36`,
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
    "Mozilla/5.0 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)`,
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "UniversalFeedParser/4.2-pre-314-svn +http://feedparser.org/",
    "Tiny Tiny RSS/1.11 (http://tt-rss.org/)",
    `Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/130.0.0.0 Safari/537.36`,
    "curl/8.9.1",
    "Wget/1.21.4",
    "python-requests/2.32.3",
    "Go-http-client/1.1",
  ])("%s is a bot's", (userAgent) => {
    expect(enriched({ user_agent: userAgent }, ["device_class", "is_bot"])).toEqual(["bot", true]);
  });
});

describe("without a user agent", () => {
  it("nothing is said of the device", () => {
    expect(enriched({}, ["device_class", "is_bot", "browser_name"])).toEqual([none, none, none]);
  });
});
