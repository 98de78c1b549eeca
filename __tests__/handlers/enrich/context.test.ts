import { countryDatabase } from "../../../handlers/enrich/country-database";
import { enrichedEvent, enricher } from "../../../handlers/enrich/enrich";
import { countriesFile } from "../../../stacks/functions/countries";
import { enrichAll, enriched, event } from "./events";

const none = undefined;

describe("the country", () => {
  const countryOf = countryDatabase(countriesFile());
  const countryIn = (ip_network: string, geo_country?: string) =>
    enrichedEvent(
      enricher({ lookups: { countryOf } })(
        event({ ip_network, ...(geo_country === undefined ? {} : { geo_country }) }),
      ),
    ).geo_country;

  it.each([
    ["8.8.8.0/24", "US"],
    ["83.149.9.0/24", "RU"],
    ["193.0.6.0/24", "NL"],
    ["2001:4860:4860::/48", "US"],
    ["2001:67c:2e8::/48", "NL"],
    ["10.0.0.0/24", none],
    ["127.0.0.0/24", none],
    ["no network", none],
  ])("of the network %s is %s, by the real database", (network, country) => {
    expect(countryIn(network)).toBe(country);
  });

  it("that the edge has named stays", () => {
    expect(countryIn("8.8.8.0/24", "DE")).toBe("DE");
  });

  it("is not known without a database: events say so, and are kept", () => {
    const enrich = enricher({ lookups: { countryOf: countryDatabase("/nowhere/countries.mmdb") } });
    const { event: sent, additions, errors } = enrich(event({ ip_network: "8.8.8.0/24" }));
    expect(errors).toEqual([
      {
        enrichment: "country",
        error: new Error("the database of countries cannot be read: /nowhere/countries.mmdb"),
      },
    ]);
    expect(enrichedEvent({ event: sent, additions, errors })).toMatchObject({ enrichment_errors: "country" });
    expect(enrich(event()).errors).toEqual([]);
  });
});

describe("the locale", () => {
  it.each([
    ["de-AT", ["de", "AT"]],
    ["de_AT", ["de", "AT"]],
    ["de_AT.UTF-8", ["de", "AT"]],
    ["ca_ES@valencia", ["ca", "ES"]],
    ["de-AT,de;q=0.9,en;q=0.8", ["de", "AT"]],
    ["EN-us", ["en", "US"]],
    ["en", ["en", none]],
    ["zh-Hant-TW", ["zh", "TW"]],
    ["es-419", ["es", none]],
    ["iw-IL", ["he", "IL"]],
    ["fil-PH", ["fil", "PH"]],
    ["und-DE", [none, "DE"]],
    ["C", [none, none]],
    ["*", [none, none]],
    ["not a locale", [none, none]],
  ])("%s", (locale, expected) => {
    expect(enriched({ locale }, ["locale_language", "locale_country"])).toEqual(expected);
  });
});

describe("the screen", () => {
  const columns = ["viewport_width", "viewport_height", "screen_orientation"] as const;
  it.each([
    [{ screen_width: 1920, screen_height: 1080 }, [none, none, "landscape"]],
    [{ screen_width: 390, screen_height: 844 }, [none, none, "portrait"]],
    [{ screen_width: 500, screen_height: 500 }, [none, none, "square"]],
    [{ screen_width: 0, screen_height: 0 }, [none, none, none]],
    [{ screen_width: 500 }, [none, none, none]],
    [{ context: { viewport: { width: 1280, height: 720.5 } } }, [1280, 721, none]],
    [{ context: { screen: { innerWidth: 1280, innerHeight: 720 } } }, [1280, 720, none]],
    [{ context: { viewport: { width: -1, height: 720 } } }, [none, none, none]],
    [{ context: { viewport: { width: "1280", height: "720" } } }, [none, none, none]],
    [{ context: { viewport: { width: 1e9, height: 1e9 } } }, [none, none, none]],
    [{ context: { viewport: "1280x720" } }, [none, none, none]],
  ])("%j", (said, expected) => {
    expect(enriched(said, columns)).toEqual(expected);
  });
});

describe("a time that cannot be right", () => {
  const received_at = "2026-11-01T10:00:00.000Z";
  it.each([
    ["2026-11-01T09:59:00.000Z", none, none],
    ["2026-11-01T10:00:59.000Z", none, none],
    ["2026-11-01T10:01:01.000Z", none, "future"],
    ["2030-01-01T00:00:00.000Z", none, "future"],
    ["1970-01-01T00:00:00.000Z", none, "past"],
    ["1994-12-31T23:59:59.999Z", none, "past"],
    ["1995-01-01T00:00:00.000Z", none, none],
    ["2008-04-01T00:00:00.000Z", none, none],
    ["2026-11-01T09:00:00.000Z", "2026-11-01T09:59:59.000Z", none],
    ["2026-11-01T09:00:00.000Z", "2026-10-31T10:00:00.000Z", none],
    ["2026-11-01T09:00:00.000Z", "2026-10-31T09:59:59.000Z", "clock"],
    ["2026-11-01T09:00:00.000Z", "2027-01-01T00:00:00.000Z", "clock"],
    ["2026-11-01T11:00:00.000Z", "2020-01-01T00:00:00.000Z", "future"],
  ])("%s, sent at %s, is %s", (event_time, sent_at, expected) => {
    const sent = { event_time, received_at, ...(sent_at === undefined ? {} : { sent_at }) };
    expect(enriched(sent, ["time_problem", "event_time"])).toEqual([expected, event_time]);
  });
});

describe("the id of the content", () => {
  const idOf = (over: Parameters<typeof event>[0]) => enrichedEvent(enrichAll(event(over))).content_id;
  const said = { event_name: "Bought", anonymous_id: "a", properties: { product: 1 } };

  it("is the same for what is sent again, whatever its ids and its way", () => {
    // The same moment by the client's clock, sent twice: the correction differs by how long each was under way.
    const first = {
      ...said,
      event_time: "2026-11-01T10:00:00.250Z",
      sent_at: "2026-11-01T10:00:05.000Z",
      received_at: "2026-11-01T10:00:05.250Z",
    };
    const again = {
      ...said,
      event_id: "another",
      batch_id: "another",
      event_time: "2026-11-01T10:00:00.900Z",
      sent_at: "2026-11-01T10:01:05.000Z",
      received_at: "2026-11-01T10:01:05.900Z",
      user_agent: "another",
      ip_network: "10.0.0.0/24",
      sdk_version: "2",
    };
    expect(idOf(again)).toBe(idOf(first));
  });

  it.each([
    [{ event_name: "Viewed" }],
    [{ event_type: "page" }],
    [{ event_time: "2026-11-01T10:00:00.001Z" }],
    [{ anonymous_id: "b" }],
    [{ user_id: "u" }],
    [{ page_url: "https://example.com/" }],
    [{ properties: { product: 2 } }],
    [{ source: "app" }],
  ])("is another when %j", (change) => {
    const base = { ...said, event_type: "track" };
    expect(idOf({ ...base, ...change })).not.toBe(idOf(base));
    expect(idOf(base)).toMatch(/^[0-9a-f]{32}$/);
  });
});
