import { enriched } from "../events";

const none = undefined;
const columns = [
  "campaign_source",
  "campaign_medium",
  "campaign_name",
  "campaign_term",
  "campaign_content",
] as const;

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
