import { list } from "isbot";
import { formPatterns } from "../../../../handlers/enrich/client/bot";
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
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
      ["Chrome", "131.0.0.0", "Mac OS", "10.15.7", "desktop", "Apple", "Macintosh"],
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
      ["Firefox", "133.0", "Mac OS", "10.15", "desktop", "Apple", "Macintosh"],
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
      ["Chrome", "131.0.0.0", "Linux", none, "desktop", none, none],
    ],
    [
      "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
      ["Firefox", "132.0", "Android", "14", "mobile", none, none],
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${safari} FxiOS/132.0 Mobile/15E148 Safari/605.1.15`,
      ["Firefox", "132.0", "iOS", "18.1", "mobile", "Apple", "iPhone"],
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) ${safari} Version/17.0 EdgiOS/130.0.2849.80 Mobile/15E148 Safari/604.1`,
      ["Edge", "130.0.2849.80", "iOS", "17.6", "mobile", "Apple", "iPhone"],
    ],
    [
      `Mozilla/5.0 (Linux; Android 13; Redmi Note 12) ${webkit} Chrome/128.0.0.0 Mobile Safari/537.36`,
      ["Chrome", "128.0.0.0", "Android", "13", "mobile", "Xiaomi", "Redmi Note 12"],
    ],
    [
      `Mozilla/5.0 (Windows NT 6.3; Win64; x64) ${webkit} Chrome/109.0.0.0 Safari/537.36`,
      ["Chrome", "109.0.0.0", "Windows", "8.1", "desktop", none, none],
    ],
    [
      "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
      ["IE", "9.0", "Windows", "7", "desktop", none, none],
    ],
    [
      "Mozilla/5.0 (Windows NT 5.1; rv:6.0.2) Gecko/20100101 Firefox/6.0.2",
      ["Firefox", "6.0.2", "Windows", "XP", "desktop", none, none],
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) ${safari} Mobile/15E148 [FBAN/FBIOS;FBAV/466.0.0.40.108;FBBV/602431104]`,
      ["Facebook", "466.0.0.40.108", "iOS", "17.5.1", "mobile", "Apple", "iPhone"],
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-S921B Build/UP1A.231005.007; wv) ${webkit} Version/4.0 Chrome/130.0.6723.58 Mobile Safari/537.36`,
      ["Chrome WebView", "130.0.6723.58", "Android", "14", "mobile", "Samsung", "SM-S921B"],
    ],
    [
      `Mozilla/5.0 (Linux; Android 9; AFTMM Build/PS7633.3445N) ${webkit} Silk/118.3.1 like Chrome/118.0.5993.155 Safari/537.36`,
      ["Silk", "118.3.1", "Android", "9", "tv", "Amazon", "MM"],
    ],
    [
      `Mozilla/5.0 (Linux; Android 11; KFTRWI) ${webkit} Silk/130.2.1 like Chrome/130.0.6723.58 Safari/537.36`,
      ["Silk", "130.2.1", "Android", "11", "tablet", "Amazon", "KFTRWI"],
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/130.0.0.0 Safari/537.36 Vivaldi/7.0.3495.11`,
      ["Vivaldi", "7.0.3495.11", "Windows", "10", "desktop", none, none],
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; HarmonyOS; ANA-AN00; HMSCore 6.13.0.302) ${webkit} Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36`,
      ["Huawei Browser", "15.0.4.312", "HarmonyOS", "10", "mobile", "Huawei", "ANA-AN00"],
    ],
    [
      `Mozilla/5.0 (X11; FreeBSD amd64; rv:128.0) Gecko/20100101 Firefox/128.0`,
      ["Firefox", "128.0", "FreeBSD", none, "desktop", none, none],
    ],
    [
      `Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2.21.3 NintendoBrowser/5.1.0.22474`,
      ["WebKit", "609.4", "Nintendo", "Switch", "console", "Nintendo", "Switch"],
    ],
    ["Acme/421 CFNetwork/1494.0.7 Darwin/23.4.0", [none, none, "iOS", none, "mobile", none, none]],
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
    "Mozilla/5.0 (compatible; DotBot/1.2; +https://opensiteexplorer.org/dotbot; help@moz.com)",
    "Mozilla/5.0 (compatible; Exabot/3.0; +http://www.exabot.com/go/robot)",
    "msnbot/2.0b (+http://search.msn.com/msnbot.htm)",
    "Mediapartners-Google",
    "APIs-Google (+https://developers.google.com/webmasters/APIs-Google.html)",
    "AdsBot-Google (+http://www.google.com/adsbot.html)",
    "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.0.0 Safari/537.36",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "WhatsApp/2.24.20.89 A",
    "TelegramBot (like TwitterBot)",
    "Discordbot/2.0",
    "Amazon CloudFront",
    "ELB-HealthChecker/2.0",
    "kube-probe/1.29",
    "Apache-HttpClient/4.5.14 (Java/17.0.9)",
    "axios/1.7.7",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "PostmanRuntime/7.42.0",
    "undici",
    "node",
    "Ruby",
    "libwww-perl/6.72",
    "Scrapy/2.11.2 (+https://scrapy.org)",
    "Mozilla/5.0",
  ])("%s is a bot's", (userAgent) => {
    expect(enriched({ user_agent: userAgent }, ["device_class", "is_bot"])).toEqual(["bot", true]);
  });
});

describe("an app's user agent", () => {
  it.each([
    "my-app/1.0",
    "okhttp/4.12.0",
    "analytics-swift/1.5.11",
    "AcmeShop/5.1.0",
    "AcmeShop 5.1",
    "acme_shop/12",
    "MyApp/1.0 (com.acme.shop; build:1; iOS 17.0.0) Alamofire/5.8.0",
    "Acme/5.1 (Android 14; Pixel 8)",
    "Acme%20Shop/421 CFNetwork/1494.0.7 Darwin/23.4.0",
    "Dart/3.5 (dart:io)",
    "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7 Build/AP2A.240905.003)",
  ])("%s is no bot's", (userAgent) => {
    expect(enriched({ user_agent: userAgent }, ["is_bot"])).toEqual([false]);
  });

  it("leaves the class of the device to what the app says of it", () => {
    const user_agent = "my-app/1.0";
    expect(enriched({ user_agent }, ["device_class"])).toEqual(["unknown"]);
    expect(enriched({ user_agent, os_name: "Android" }, ["device_class"])).toEqual(["mobile"]);
    expect(enriched({ user_agent: "curl/8.9.1", os_name: "Android" }, ["device_class"])).toEqual(["bot"]);
  });

  it("is judged by patterns of form that isbot still has", () => {
    expect(list).toEqual(expect.arrayContaining([...formPatterns]));
  });
});

describe("without a user agent", () => {
  it.each([
    [{ os_name: "iOS", device_model: "iPhone15,2" }, "mobile"],
    [{ os_name: "iOS", device_model: "iPad13,4" }, "tablet"],
    [{ os_name: "iPadOS" }, "tablet"],
    [{ os_name: "tvOS" }, "tv"],
    [{ os_name: "watchOS" }, "wearable"],
    [{ os_name: "Windows" }, "desktop"],
    [{ context: { device: { type: "android" } } }, "mobile"],
    [{ context: { device: { type: "tablet" } } }, "tablet"],
    [{ context: { device: { type: "fridge" } } }, none],
    [{ context: { device: { type: 7 } } }, none],
  ])("the class of %j is %s", (said, expected) => {
    expect(enriched(said, ["device_class", "is_bot"])).toEqual([expected, none]);
  });

  it("nothing is said of the device", () => {
    expect(enriched({}, ["device_class", "is_bot", "browser_name"])).toEqual([none, none, none]);
  });
});
