import fc from "fast-check";
import { FittedAdditions } from "../../../handlers/enrich/additions";
import { cached } from "../../../handlers/enrich/cache";
import { enrichedEvent, enricher } from "../../../handlers/enrich/enrich";
import { readEnrichments } from "../../../handlers/enrich/env";
import { type Enrichment, enrichments } from "../../../handlers/enrich/list";
import { enrichmentNames } from "../../../handlers/enrich/names";
import { columns } from "../../../handlers/event/columns";
import type { CanonicalEvent } from "../../../handlers/event/event";
import { fitRow } from "../../../handlers/event/fit";
import { enrichAll, event } from "./events";

const lookups = { countryOf: () => undefined };

/** An enrichment that does just this. */
const one = (add: Enrichment["add"]): Enrichment => ({ does: "", adds: [], add });

/** An event that every enrichment has something to add to. */
const telling = event({
  event_time: "2026-12-01T00:00:00.000Z",
  page_url: "https://example.com/a?utm_source=x&gclid=1",
  referrer_url: "https://www.google.com/",
  user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
  ip_network: "198.51.100.0/24",
  locale: "de-AT",
  screen_width: 1920,
  screen_height: 1080,
  properties: { revenue: "€ 12,50" },
});

describe("enriching an event", () => {
  it("adds and never overwrites, nor changes what it was given", () => {
    const sent = event({
      page_url: "https://example.com/a",
      page_host: "sent.example",
      browser_name: "Sent",
    });
    const before = { ...sent };
    expect(enrichedEvent(enrichAll(sent))).toEqual({
      ...sent,
      page_path: "/a",
      referrer_medium: "direct",
      content_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(sent).toEqual(before);
  });

  it("goes on where an enrichment breaks, and names it on the event", () => {
    const error = new Error("broken");
    const broken = one(() => {
      throw error;
    });
    const enrich = enricher(
      { lookups },
      { broken, sound: one(() => ({ page_host: "a.example" })), broken2: broken },
    );
    const enriched = enrich(event());
    expect(enrichedEvent(enriched)).toEqual(
      event({ page_host: "a.example", enrichment_errors: "broken,broken2" }),
    );
    expect(enriched.errors).toEqual([
      { enrichment: "broken", error },
      { enrichment: "broken2", error },
    ]);
  });

  it("lets out only what fits, whatever comes in", () => {
    const text = fc.string({ unit: "binary" });
    const address = fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), text);
    const raw = fc.record({
      page_url: address,
      referrer_url: address,
      user_agent: text,
      locale: fc.oneof(text, fc.constantFrom("de-AT", "zh_Hant_TW", "x-y", "root")),
      ip_network: text,
      event_time: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      screen_width: fc.integer(),
      screen_height: fc.integer(),
      properties: fc.record({ revenue: fc.oneof(text, fc.double(), fc.constant(null)), currency: text }),
      context: fc.record({
        viewport: fc.object(),
        screen: fc.object(),
        page: fc.object(),
        device: fc.object(),
      }),
    });
    fc.assert(
      fc.property(raw, (values) => {
        const { row } = fitRow(values, columns);
        const given = event(row as Partial<CanonicalEvent>);
        const enriched = enrichAll(given);
        const result = enrichedEvent(enriched);
        expect(enriched.errors).toEqual([]);
        expect(fitRow(result, columns)).toEqual({ row: result, cut: [], refused: [] });
      }),
      { numRuns: 200 },
    );
  });
});

describe("the list of enrichments", () => {
  it.each(enrichmentNames.map((name) => [name]))(
    "%s adds only the columns that it names, switched on",
    (name) => {
      const alone = enricher({ enabled: [name], lookups: { countryOf: () => "SE" } });
      const { additions } = alone(telling);
      const added = additions.flatMap(({ names }) => names);
      expect(added.length).toBeGreaterThan(0);
      expect(enrichments[name].adds).toEqual(expect.arrayContaining([...added]));
      const others = enricher({
        enabled: enrichmentNames.filter((other) => other !== name),
        lookups: { countryOf: () => "SE" },
      });
      expect(others(telling).additions.flatMap(({ names }) => names)).not.toEqual(
        expect.arrayContaining(added),
      );
    },
  );

  it("names each column once, and stands in the order of its names", () => {
    const added = Object.values(enrichments).flatMap(({ adds }) => adds);
    expect(new Set(added).size).toBe(added.length);
    expect(Object.keys(enrichments)).toEqual([...enrichmentNames]);
    for (const column of Object.keys(columns))
      if (columns[column as keyof typeof columns].from === "enrich" && column !== "enrichment_errors")
        expect(added).toContain(column);
  });

  it("is switched by a list of names, which must be known", () => {
    expect(readEnrichments('["page","bot"]')).toEqual(["page", "bot"]);
    expect(() => readEnrichments('["weather"]')).toThrow(
      /^ENRICHMENTS must list some of .*, got \["weather"\]$/,
    );
    expect(() => readEnrichments("{}")).toThrow("ENRICHMENTS must list some of");
    expect(enricher({ enabled: [], lookups })(telling)).toEqual({
      event: telling,
      additions: [],
      errors: [],
    });
  });
});

describe("additions", () => {
  it("that are remembered are cut to fit once, and the cut is named on each event that takes them", () => {
    const remembered = FittedAdditions.fit({ page_path: "x".repeat(3_000), page_host: "a.example" });
    const enrich = enricher({ lookups }, { remembered: one(() => remembered) });
    for (const truncated of [undefined, "page_title"]) {
      const result = enrichedEvent(enrich(event(truncated === undefined ? {} : { truncated })));
      expect(result.page_path).toHaveLength(2_048);
      expect(result.truncated).toBe(truncated === undefined ? "page_path" : "page_title,page_path");
    }
    expect(enrichedEvent(enrich(event({ page_path: "/sent" })))).toEqual(
      event({ page_path: "/sent", page_host: "a.example" }),
    );
  });
});

describe("a cached function", () => {
  it("is asked once for an answer that it remembers, and forgets the longest unused", () => {
    const asked: string[] = [];
    const answer = cached((text) => {
      asked.push(text);
      return { text };
    }, 2);
    for (const text of ["a", "b", "a", "c", "a", "b"]) expect(answer(text)).toEqual({ text });
    expect(asked).toEqual(["a", "b", "c", "b"]);
  });
});
