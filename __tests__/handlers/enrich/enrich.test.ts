import fc from "fast-check";
import { FittedAdditions } from "../../../handlers/enrich/additions";
import { cached } from "../../../handlers/enrich/cache";
import { type Enricher, enrich } from "../../../handlers/enrich/enrich";
import { columns } from "../../../handlers/event/columns";
import type { CanonicalEvent } from "../../../handlers/event/event";
import { fitRow } from "../../../handlers/event/fit";
import { event } from "./events";

describe("enriching an event", () => {
  it("adds and never overwrites", () => {
    const sent = event({
      page_url: "https://example.com/a",
      page_host: "sent.example",
      browser_name: "Sent",
    });
    const { event: result } = enrich(sent);
    expect(result).toEqual({ ...sent, page_path: "/a", referrer_medium: "direct" });
    expect(result).not.toBe(sent);
  });

  it("lets a later enrichment see what an earlier one added", () => {
    const list: Record<string, Enricher> = {
      first: () => ({ page_host: "a.example" }),
      second: ({ page_host }) => ({ referrer_host: page_host }),
    };
    expect(enrich(event(), list).event).toMatchObject({ page_host: "a.example", referrer_host: "a.example" });
  });

  it("goes on where an enrichment breaks, and names it", () => {
    const error = new Error("broken");
    const list: Record<string, Enricher> = {
      broken: () => {
        throw error;
      },
      sound: () => ({ page_host: "a.example" }),
    };
    expect(enrich(event(), list)).toEqual({
      event: event({ page_host: "a.example" }),
      errors: [{ enricher: "broken", error }],
    });
  });

  it("lets out only what fits, whatever addresses and user agents come in", () => {
    const address = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(address, address, fc.string({ unit: "binary" }), (page_url, referrer_url, user_agent) => {
        const { row } = fitRow({ page_url, referrer_url, user_agent }, columns);
        const given = event(row as Partial<CanonicalEvent>);
        const { event: result, errors } = enrich(given);
        expect(errors).toEqual([]);
        expect(fitRow(result, columns)).toEqual({ row: result, cut: [], refused: [] });
      }),
      { numRuns: 200 },
    );
  });
});

describe("additions", () => {
  it("that are remembered are cut to fit once, and the cut is named on each event that takes them", () => {
    const remembered = new FittedAdditions({ page_path: "x".repeat(3_000), page_host: "a.example" });
    const list: Record<string, Enricher> = { remembered: () => remembered };
    for (const truncated of [undefined, "page_title"]) {
      const { event: result } = enrich(event(truncated === undefined ? {} : { truncated }), list);
      expect(result.page_path).toHaveLength(2_048);
      expect(result.truncated).toBe(truncated === undefined ? "page_path" : "page_title,page_path");
    }
    expect(enrich(event({ page_path: "/sent" }), list).event).toEqual(
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
