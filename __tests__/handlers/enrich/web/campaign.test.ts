import { enriched } from "../events";

const none = undefined;
const columns = [
  "campaign_source",
  "campaign_medium",
  "campaign_name",
  "campaign_term",
  "campaign_content",
] as const;

describe("the click of an ad or a link", () => {
  it.each([
    ["gclid=Cj0KCQiA", "Cj0KCQiA", "gclid", "Google Ads", true],
    ["GCLID=Cj0K", "Cj0K", "gclid", "Google Ads", true],
    ["gbraid=0AAAAAD", "0AAAAAD", "gbraid", "Google Ads", true],
    ["wbraid=Cl8KCQ", "Cl8KCQ", "wbraid", "Google Ads", true],
    ["dclid=CJKu8LrQxd4CFQ", "CJKu8LrQxd4CFQ", "dclid", "Google Marketing Platform", true],
    ["msclkid=aa5c", "aa5c", "msclkid", "Microsoft Advertising", true],
    ["ttclid=E.C.P.Cs", "E.C.P.Cs", "ttclid", "TikTok Ads", true],
    ["li_fat_id=e3e6", "e3e6", "li_fat_id", "LinkedIn Ads", true],
    ["twclid=2-6d9", "2-6d9", "twclid", "X Ads", true],
    ["yclid=1177", "1177", "yclid", "Yandex Direct", true],
    ["rdt_cid=51", "51", "rdt_cid", "Reddit Ads", true],
    ["ScCid=b0a1", "b0a1", "sccid", "Snapchat Ads", true],
    ["tblci=GiB", "GiB", "tblci", "Taboola", true],
    ["dicbo=v4-x", "v4-x", "dicbo", "Outbrain", true],
    ["fbclid=IwAR0", "IwAR0", "fbclid", "Meta", false],
    ["igshid=MzRl", "MzRl", "igshid", "Instagram", false],
    ["epik=dj0y", "dj0y", "epik", "Pinterest", false],
    ["srsltid=AfmB", "AfmB", "srsltid", "Google Merchant Center", false],
    ["mc_cid=1&mc_eid=f00", "f00", "mc_eid", "Mailchimp", false],
    ["fbclid=a&gclid=b", "b", "gclid", "Google Ads", true],
    ["x=1&amp;gclid=b", none, none, none, false],
    ["gclid=", none, none, none, false],
    ["notgclid=1", none, none, none, false],
    ["q=gclid", none, none, none, false],
  ])("?%s", (query, id, type, network, paid) => {
    const page_url = `https://example.com/?${query}#top`;
    expect(enriched({ page_url }, ["click_id", "click_id_type", "ad_network"])).toEqual([id, type, network]);
    expect(enriched({ page_url }, ["referrer_medium"])).toEqual([paid ? "paid" : "direct"]);
  });

  it("is read from the query alone where a client sends no address", () => {
    const context = { page: { path: "/a", search: "?gclid=1&utm_source=x" } };
    expect(enriched({ context }, ["click_id", "campaign_source"])).toEqual(["1", "x"]);
  });
});

describe("the campaign of a page's address", () => {
  it.each([
    ["utm_source=google", ["google", none, none, none, none]],
    ["utm_medium=cpc", [none, "cpc", none, none, none]],
    ["utm_campaign=spring", [none, none, "spring", none, none]],
    ["utm_term=shoes", [none, none, none, "shoes", none]],
    ["utm_content=banner", [none, none, none, none, "banner"]],
    [
      "utm_source=google&utm_medium=cpc&utm_campaign=spring&utm_term=shoes&utm_content=banner",
      ["google", "cpc", "spring", "shoes", "banner"],
    ],
    [
      "utm_source=newsletter&utm_medium=email&utm_campaign=2026-11",
      ["newsletter", "email", "2026-11", none, none],
    ],
    ["utm_campaign=spring+sale", [none, none, "spring sale", none, none]],
    ["utm_campaign=spring%20sale", [none, none, "spring sale", none, none]],
    ["utm_campaign=Fr%C3%BChling", [none, none, "Frühling", none, none]],
    ["utm_campaign=%F0%9F%8C%B7", [none, none, "🌷", none, none]],
    ["UTM_Source=Google", ["Google", none, none, none, none]],
    ["utm_source=", [none, none, none, none, none]],
    ["utm_source=&utm_source=bing", ["bing", none, none, none, none]],
    ["utm_source=a&utm_source=b", ["a", none, none, none, none]],
    ["a=b&utm_source=x&c=d", ["x", none, none, none, none]],
    ["utm_source=%zz", ["%zz", none, none, none, none]],
    ["utm_source=a%00b", ["ab", none, none, none, none]],
    ["utm_id=1", [none, none, none, none, none]],
    ["utm_source=t.co&utm_medium=social&utm_id=77", ["t.co", "social", none, none, none]],
    ["utm_source=a;utm_medium=b", ["a;utm_medium=b", none, none, none, none]],
    ["utm_source=%E0%A4%A", ["\uFFFD%A", none, none, none, none]],
    ["q=utm_source", [none, none, none, none, none]],
    ["gclid=abc", [none, none, none, none, none]],
    ["utm_source=a&amp;utm_medium=b", ["a", none, none, none, none]],
    ["", [none, none, none, none, none]],
  ])("?%s", (query, expected) => {
    expect(enriched({ page_url: `https://example.com/?${query}` }, columns)).toEqual(expected);
  });

  it("does not overwrite what was sent", () => {
    expect(
      enriched(
        { page_url: "https://example.com/?utm_source=a&utm_medium=b", campaign_source: "sent" },
        columns,
      ),
    ).toEqual(["sent", "b", none, none, none]);
  });
});
