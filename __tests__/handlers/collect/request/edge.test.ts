import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Edge, readEdge, readHeaders, visitorHeaders } from "../../../../handlers/collect/request/edge";
import { basic, message, post, stored } from "../requests";

const SECRET = "a-secret-of-the-edge";
const edge: Edge = { secrets: ["an-older-edge-secret", SECRET], only: false };
const place = {
  "cloudfront-viewer-address": "203.0.113.9:46532",
  "cloudfront-viewer-country": "DE",
  "cloudfront-viewer-country-region": "BE",
  "cloudfront-viewer-city": "K%C3%B6penick",
};
const headersOf = (secret?: string) => ({
  ...place,
  authorization: basic("web-key"),
  "user-agent": "Agent/2",
  ...(secret === undefined ? {} : { "x-clickstream-edge": secret }),
});
const eventOf = (secret: string | undefined, known?: Edge) =>
  stored(
    post({ batch: [message()] }, { headers: headersOf(secret) }, known === undefined ? {} : { edge: known }),
  ).events[0];

describe("what the edge says of a visitor", () => {
  it.each(edge.secrets)("is believed with a secret that is known (%s)", (secret) => {
    expect(eventOf(secret, edge)).toMatchObject({
      ip_network: "203.0.113.0/24",
      geo_country: "DE",
      geo_region: "BE",
      geo_city: "Köpenick",
      user_agent: "Agent/2",
    });
  });

  it("is not believed of whoever calls the function's URL: the connection's own address counts", () => {
    for (const event of [eventOf(undefined, edge), eventOf(undefined)]) {
      expect(event).toMatchObject({ ip_network: "198.51.100.0/24", user_agent: "Agent/2" });
      for (const column of ["geo_country", "geo_region", "geo_city"])
        expect(event).not.toHaveProperty(column);
    }
  });

  it.each(["a-secret-of-nobody-s", `${SECRET}.`, SECRET.slice(1), "", "ä-secret-of-the-edg"])(
    "is not believed with another secret, nor is the address then the visitor's (%j)",
    (secret) => {
      for (const event of [eventOf(secret, edge), eventOf(secret)]) {
        expect(event).toMatchObject({ user_agent: "Agent/2" });
        for (const column of ["ip_network", "geo_country", "geo_region", "geo_city"])
          expect(event).not.toHaveProperty(column);
      }
    },
  );

  it("is where a server stands, and nothing of its visitors", () => {
    const headers = { ...headersOf(SECRET), authorization: basic("server-key") };
    const [event] = stored(post({ batch: [message()] }, { headers }, { edge })).events;
    for (const column of ["ip_network", "geo_country", "geo_region", "geo_city", "user_agent"])
      expect(event).not.toHaveProperty(column);
  });

  it("is nothing where the edge does not tell the address: its own is not the visitor's", () => {
    const headers = { authorization: basic("web-key"), "x-clickstream-edge": SECRET };
    const [event] = stored(post({ batch: [message()] }, { headers }, { edge })).events;
    expect(event).not.toHaveProperty("ip_network");
  });
});

describe("a collector that takes events through its edge alone", () => {
  const only = { ...edge, only: true };
  const answer = (secret?: string, over: object = {}) =>
    post({ batch: [message()] }, { headers: headersOf(secret), ...over }, { edge: only });

  it("takes them there", () => {
    expect(answer(SECRET)).toMatchObject({ answer: { status: 200 }, counts: { accepted: 1 } });
  });

  it("refuses for good whoever goes around it, and is well nevertheless", () => {
    expect(answer()).toMatchObject({
      answer: { status: 403, body: { error: "not_through_edge" } },
      items: [],
      counts: { not_through_edge: 1 },
    });
    expect(answer(undefined, { method: "GET", path: "/healthz" }).answer.status).toBe(200);
  });

  it("has clients of an edge with another secret try again: it may be waiting for the new one", () => {
    expect(answer("the-secret-to-come-soon")).toMatchObject({
      answer: { status: 503, headers: { "retry-after": "5" }, body: { error: "unknown_edge" } },
      items: [],
    });
  });
});

describe("the settings of an edge", () => {
  it("are read", () => {
    expect(readEdge(JSON.stringify(edge))).toEqual(edge);
    expect(readEdge('{"secrets":[],"only":false}')).toEqual({ secrets: [], only: false });
  });

  it.each([
    ["nothing", null],
    ["no list", { secrets: SECRET, only: false }],
    ["a secret to be guessed", { secrets: ["short"], only: false }],
    ["an edge alone that there is none of", { secrets: [], only: true }],
    ["a switch that is none", { secrets: [SECRET], only: "no" }],
  ])("are refused with %s, and no secret is repeated", (_, settings) => {
    expect(() => readEdge(JSON.stringify(settings))).toThrow(
      /^EDGE must have secrets, texts of 16 characters or more, and only, true or false and false without secrets$/,
    );
  });
});

describe("the headers that CloudFront is asked for", () => {
  it("are all that the collector reads of an event's request, within what a policy may list", () => {
    const folder = join(__dirname, "..", "..", "..", "..", "handlers", "collect");
    const code = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !["script.ts", "handler.ts"].includes(file))
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");
    const read = [...code.matchAll(/(?<![-\w])headers(?:\.(\w+)|\[\s*"([^"]+)"\s*\])/g)].map(
      ([, name, quoted]) => name ?? quoted,
    );
    const destructured = [...code.matchAll(/const \{ (\w+) \} = headers;/g)].map(([, name]) => name);
    const ways = new Set([...read, ...destructured]);
    ways.delete("authorization");
    ways.delete("cookie");
    expect([...ways].sort()).toEqual([...readHeaders]);
    expect(readHeaders.length + Object.keys(visitorHeaders).length).toBeLessThanOrEqual(10);
  });
});
