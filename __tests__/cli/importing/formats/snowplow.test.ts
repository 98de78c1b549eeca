import { isSnowplowLine, snowplowParser } from "../../../../cli/importing/formats/snowplow";
import { snowplowFields } from "../../../../cli/importing/formats/snowplow-fields";
import { post, request, stored } from "../../../handlers/collect/requests";

const wrapped = (schema: string, data: unknown): string =>
  JSON.stringify({ schema: `iglu:com.snowplowanalytics.snowplow/${schema}`, data });
const entity = {
  schema: "iglu:org.w3/PerformanceTiming/jsonschema/1-0-0",
  data: { navigationStart: 1415358089861 },
};

const pageView: Readonly<Record<string, string>> = {
  ...{ app_id: "shop", platform: "web", etl_tstamp: "2017-01-26 00:01:25.292", event: "page_view" },
  ...{ collector_tstamp: "2013-11-26 00:02:05", dvce_created_tstamp: "2013-11-26 00:03:57.885" },
  ...{ event_id: "c6ef3124-b53a-4b13-a233-0088f79dcbcb", txn_id: "41828", v_tracker: "js-2.1.0" },
  ...{ user_id: "jon", user_ipaddress: "92.231.54.234", domain_userid: "bc2e92ec6c204a14" },
  ...{ domain_sessionidx: "3", network_userid: "ecdff4d0-9175-40ac-a8bb-325c49733607", geo_country: "US" },
  ...{
    geo_region: "TX",
    geo_city: "New York",
    geo_latitude: "37.443604",
    page_url: "https://example.com/a?b",
  },
  ...{
    page_title: "On Analytics",
    mkt_source: "google",
    br_lang: "en-US",
    br_features_pdf: "1",
    br_name: "IE 7",
  },
  ...{
    dvce_screenwidth: "1920",
    dvce_screenheight: "1080",
    contexts: wrapped("contexts/jsonschema/1-0-0", [entity]),
  },
  ...{ domain_sessionid: "2b15e5c8", derived_tstamp: "2013-11-26 00:03:57.886", event_name: "page_view" },
  ...{ event_version: "1-0-0", useragent: "curl/8" },
};
const line = (changes: Readonly<Record<string, string>> = {}): string =>
  snowplowFields.map(({ name }) => changes[name] ?? pageView[name] ?? "").join("\t");

/** What the collector makes of a line. */
function event(text: string) {
  const message = snowplowParser(text, 1, "line");
  const [first] = stored(post({ batch: [message] }, { headers: request("", {}).headers })).events;
  return first;
}

describe("an enriched event of Snowplow's", () => {
  it("has 131 fields, each once", () => {
    expect(snowplowFields).toHaveLength(131);
    expect(new Set(snowplowFields.map(({ name }) => name)).size).toBe(131);
    expect(isSnowplowLine(line())).toBe(true);
    expect(isSnowplowLine(line().slice(0, -1))).toBe(false);
  });

  it("is the event that its tracker sent, at the time that Snowplow derived", () => {
    expect(event(line())).toMatchObject({
      ...{ event_id: "c6ef3124-b53a-4b13-a233-0088f79dcbcb", event_type: "page", user_id: "jon" },
      ...{ event_time: "2013-11-26T00:03:57.886Z", anonymous_id: "bc2e92ec6c204a14", session_id: "2b15e5c8" },
      ...{ page_url: "https://example.com/a?b", page_title: "On Analytics", campaign_source: "google" },
      ...{ ip_network: "92.231.54.0/24", geo_country: "US", geo_region: "TX", geo_city: "New York" },
      ...{ locale: "en-US", screen_width: 1920, screen_height: 1080, user_agent: "curl/8" },
      ...{ sdk_name: "js", sdk_version: "2.1.0" },
      context: {
        ...{ app_id: "shop", platform: "web", transaction_id: 41828, session_index: 3, plays_pdf: true },
        ...{ network_user_id: "ecdff4d0-9175-40ac-a8bb-325c49733607", contexts: [entity] },
        snowplow: {
          ...{ collector_tstamp: "2013-11-26 00:02:05", dvce_created_tstamp: "2013-11-26 00:03:57.885" },
          ...{ geo_latitude: 37.443604, br_name: "IE 7", event_version: "1-0-0" },
        },
      },
    });
  });

  it("loses nothing: each of its fields stands in the message", () => {
    const every = Object.fromEntries(snowplowFields.map(({ name }, at) => [name, `value-${at}`]));
    const text = JSON.stringify(
      snowplowParser(
        line({
          ...every,
          ...{ event: "unstruct", true_tstamp: "2013-11-26 00:03:59", derived_tstamp: "2013-11-26 00:03:58" },
          contexts: wrapped("contexts/jsonschema/1-0-0", [{ schema: "s", data: "value-52" }]),
          unstruct_event: wrapped("unstruct_event/jsonschema/1-0-0", {
            schema: "iglu:a/b/jsonschema/1-0-0",
            data: { x: "value-58" },
          }),
          derived_contexts: wrapped("contexts/jsonschema/1-0-0", [{ schema: "s", data: "value-122" }]),
        }),
        1,
        "line",
      ),
    );
    const read = ["event", "true_tstamp", "derived_tstamp", "v_tracker"];
    const missing = snowplowFields.filter(
      ({ name }, at) => !read.includes(name) && !text.includes(`value-${at}"`),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
    for (const kept of ["2013-11-26 00:03:58", '"library":{"name":"value","version":"9"}'])
      expect(text).toContain(kept);
  });

  const unstruct = (schema: string, data: unknown) => ({
    event: "unstruct",
    event_name: "",
    unstruct_event: wrapped("unstruct_event/jsonschema/1-0-0", { schema, data }),
  });

  it.each([
    [
      { event: "page_ping", pp_xoffset_max: "7" },
      { event_type: "track", event_name: "page_ping", properties: { xoffset_max: 7 } },
    ],
    [
      { event: "struct", se_category: "c", se_action: "Play", se_value: "1.5" },
      { event_type: "track", event_name: "Play", properties: { category: "c", action: "Play", value: 1.5 } },
    ],
    [
      unstruct("iglu:com.example/link_click/jsonschema/1-0-1", { targetUrl: "http://x" }),
      { event_type: "track", event_name: "link_click", properties: { targetUrl: "http://x" } },
    ],
    [
      unstruct("iglu:com.snowplowanalytics.mobile/screen_view/jsonschema/1-0-0", { name: "Home" }),
      { event_type: "screen", event_name: "Home" },
    ],
    [
      { event: "transaction", tr_orderid: "o1", tr_total: "12.50", tr_currency: "EUR" },
      {
        event_type: "track",
        event_name: "transaction",
        revenue: "12.5000",
        currency: "EUR",
        properties: { order_id: "o1", total: 12.5 },
      },
    ],
  ])("is named as the collector names it: %j", (changes, expected) => {
    expect(event(line(changes))).toMatchObject(expected);
  });

  it("is about the network's user where the domain knows none", () => {
    expect(event(line({ domain_userid: "" }))?.anonymous_id).toBe("ecdff4d0-9175-40ac-a8bb-325c49733607");
  });

  it.each([
    ["too short", line().split("\t").slice(1).join("\t"), "has 130 fields"],
    ["of no kind", line({ event: "x" }), "no known kind"],
    ["without a time", line({ derived_tstamp: "", collector_tstamp: "" }), "no valid time"],
    ["with torn JSON", line({ contexts: "{" }), "contexts"],
    ["with a list that is none", line({ contexts: wrapped("contexts/jsonschema/1-0-0", 1) }), "contexts"],
  ])("is handed over whole when it is %s", (_, text, why) => {
    expect(snowplowParser(text, 7, "id")).toEqual({
      ...{ messageId: "id", type: "unreadable", payload: text },
      message: expect.stringContaining(why),
    });
  });
});
