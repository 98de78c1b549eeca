import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { CollectRequest } from "../../../handlers/collect/collect";
import { basic, post, stored } from "./requests";
import { clickstreamEvent, segment, snowplowEvent } from "./samples";

/**
 * What nobody would send on purpose. A short run is part of the unit tests; the long one sends 100,000 bodies:
 * `FUZZ_BODIES=100000 npx jest --selectProjects unit --testPathPatterns fuzz`. A failure names its seed, which
 * `FUZZ_SEED` repeats.
 */
const BODIES = Number(process.env.FUZZ_BODIES ?? 500);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000);

/** Texts that have broken parsers, besides any. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    ...["", "\0", "\ud800", "__proto__", "constructor", "toString", "null", "NaN", "-0", "1e400"],
    ...[
      "12345678901234567890",
      "2026-02-30",
      "0000-00-00T00:00:00Z",
      "203.0.113.99",
      "::1",
      "x".repeat(5_000),
    ],
    ...["{}", "[]", '{"schema":"iglu:a/b/c/1","data":{}}', "eyJhIjoxfQ", "iglu:"],
  ),
);
const leaf = fc.oneof(
  text,
  fc.double(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0, -1, 1e300, 1_793_527_200_000, 2 ** 53),
);

/** Fields of all protocols, so that each meets the others' too. */
const names = [
  ...["type", "event", "name", "userId", "anonymousId", "messageId", "groupId", "previousId", "timestamp"],
  ...["originalTimestamp", "sentAt", "properties", "traits", "context", "integrations", "payload", "ip"],
  ...[
    "e",
    "eid",
    "aid",
    "dtm",
    "stm",
    "ttm",
    "duid",
    "uid",
    "tv",
    "co",
    "cx",
    "ue_pr",
    "ue_px",
    "res",
    "se_ac",
  ],
  ...["event_type", "event_id", "device_id", "unique_id", "app_id", "attributes", "user", "items"],
  ...["__proto__", "constructor", "hasOwnProperty", "toJSON", "length"],
];
const typed = fc.constantFrom<unknown>(
  ...[
    "track",
    "page",
    "identify",
    "group",
    "alias",
    "unreadable",
    "pv",
    "pp",
    "se",
    "ue",
    "tr",
    "_page_view",
  ],
);
const { json } = fc.letrec<{ json: unknown; object: object }>((tie) => ({
  json: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("json"), { maxLength: 5 }), tie("object")),
  object: fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...names), text), fc.oneof(tie("json"), typed)), {
      maxLength: 12,
    })
    .map((members) => JSON.parse(`{${members.map((member) => membersText(member)).join(",")}}`)),
}));
const message = fc.oneof(
  json,
  fc
    .record(Object.fromEntries(names.map((name) => [name, fc.oneof(json, typed)])), { requiredKeys: [] })
    .map((fields) => ({
      type: "track",
      event: "x",
      userId: "u",
      e: "pv",
      aid: "web-key",
      event_type: "x",
      ...fields,
    })),
);

/** Own members of any name, `__proto__` among them. */
function membersText([name, value]: [string, unknown]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value) ?? "null"}`;
}

interface Sent {
  readonly request: Partial<CollectRequest> & { readonly body: string };
  /** How many messages the body holds, where that can be told. */
  readonly messages: number | undefined;
}

const headers = { authorization: basic("web-key") };
const envelopes = [
  (list: unknown[]) => ({
    path: "/v1/batch",
    headers,
    body: JSON.stringify({ batch: list, writeKey: "web-key" }),
  }),
  (list: unknown[]) => ({
    path: "/com.snowplowanalytics.snowplow/tp2",
    headers,
    body: JSON.stringify({ schema: "iglu:", data: list }),
  }),
  (list: unknown[]) => ({
    path: "/collect",
    query: "appId=server-key",
    headers: {},
    body: JSON.stringify(list),
  }),
];

/** Bodies of well-formed JSON with anything in them. */
const generated: fc.Arbitrary<Sent> = fc
  .tuple(fc.array(message, { maxLength: 6 }), fc.constantFrom(...envelopes))
  .map(([list, envelope]) => ({ request: envelope(list), messages: list.length }));

/** Real bodies, broken somewhere: bytes cut out, put in, or repeated. */
const mutated: fc.Arbitrary<Sent> = fc
  .tuple(
    fc.constantFrom(segment, snowplowEvent, clickstreamEvent),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.oneof(text, fc.constantFrom(...'{}[]",:\\0'))), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([{ request }, changes]) => ({
    request: {
      ...request,
      headers,
      body: changes.reduce((body, [at, less, more]) => {
        const place = at % (body.length + 1);
        return body.slice(0, place) + more + body.slice(place + less);
      }, request.body),
    },
    messages: undefined,
  }));

/** The same, as a client or Lambda may hand it over; compressed bytes may be broken too. */
const packed: fc.Arbitrary<Sent> = fc
  .tuple(
    fc.oneof(generated, mutated),
    fc.constantFrom("text", "base64", "gzip", "gzip text", "broken"),
    fc.nat(),
  )
  .map(([{ request, messages }, packing, at]) => {
    const bytes =
      packing === "text" || packing === "base64" ? Buffer.from(request.body) : gzipSync(request.body);
    if (packing === "broken") bytes[at % bytes.length] = at % 256;
    const isBase64Encoded = packing !== "text" && packing !== "gzip text";
    const body = packing === "text" ? request.body : bytes.toString("base64");
    return {
      request: { ...request, body, isBase64Encoded },
      messages: packing === "broken" ? undefined : messages,
    };
  });

const pixels: fc.Arbitrary<Sent> = fc
  .array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 12 })
  .map((members) => ({
    request: {
      method: "GET",
      path: "/i",
      headers,
      body: "",
      query: members
        .map(([name, value]) => `${name}=${encodeURIComponent(value.replace(/\p{Surrogate}/gu, "?"))}`)
        .join("&"),
    },
    messages: 1,
  }));

describe("whatever is sent", () => {
  it(
    `is answered, and every message has one outcome (seed ${SEED})`,
    () => {
      fc.assert(
        fc.property(fc.oneof({ arbitrary: packed, weight: 9 }, pixels), ({ request, messages }) => {
          const outcome = post(request.body, request);
          expect([200, 400]).toContain(outcome.answer.status);
          const { accepted = 0, failed = 0, duplicates = 0 } = outcome.counts;
          const { events, failures } = stored(outcome);
          expect([events.length, failures.length]).toEqual([accepted, failed]);
          if (messages !== undefined) expect(accepted + failed + duplicates).toBe(messages);
          expect(new Set(failures.map(({ failed_id }) => failed_id)).size).toBe(failed);
          for (const { payload } of failures)
            expect(payload).not.toMatch(/(?<![\d.])203\.0\.113\.99(?!\.?\d)/);
          for (const { pk, sk } of outcome.items) expect([pk, sk]).not.toContain("");
          expect(({} as Record<string, unknown>).polluted).toBeUndefined();
        }),
        { numRuns: BODIES, seed: SEED },
      );
    },
    Math.max(60_000, BODIES * 20),
  );
});
