import type { CollectRequest } from "../../../../handlers/collect/collect";
import { type IdCookie, readIdCookie } from "../../../../handlers/collect/request/cookie";
import { basic, message, post, stored } from "../requests";

const cookie: IdCookie = { name: "cs_id", maxAgeSeconds: 34_560_000, overrides: false };
const authorization = basic("web-key");

function send(
  messages: readonly unknown[],
  over: Partial<CollectRequest> = {},
  idCookie: Partial<IdCookie> = {},
) {
  const collected = post(
    { batch: messages },
    { headers: { authorization }, ...over },
    { idCookie: { ...cookie, ...idCookie }, newId: () => "made-up-id" },
  );
  return {
    cookies: collected.answer.cookies,
    events: stored(collected).events,
    failures: stored(collected).failures,
    keys: collected.items.map(({ pk }) => pk),
  };
}

const nobody = message({ anonymousId: undefined });

describe("the cookie of a visitor's id", () => {
  it("repeats the id that the client gives, so that the browser keeps it for longer", () => {
    expect(send([message()]).cookies).toEqual(["cs_id=anon; Path=/; Max-Age=34560000; SameSite=Lax; Secure"]);
    expect(send([message()], { cookies: ["a=b", "cs_id=old"] }).cookies?.[0]).toMatch(/^cs_id=anon;/);
  });

  it("is shared with the site where a domain says so, under the name that is set", () => {
    expect(send([message()], {}, { name: "visitor", domain: "example.com" }).cookies).toEqual([
      "visitor=anon; Path=/; Max-Age=34560000; Domain=example.com; SameSite=Lax; Secure",
    ]);
  });

  it.each<[string, Partial<CollectRequest>]>([
    ["of the function URL's list", { cookies: ["a=b", "cs_id=kept-id"] }],
    ["of the header", { headers: { authorization, cookie: "a=b; cs_id=kept-id; c=d" } }],
  ])("stands in for an id that the client does not give (%s)", (_, over) => {
    const { events, cookies, keys } = send([nobody, message({ ...nobody, messageId: "m2" })], over);
    expect(events.map(({ anonymous_id }) => anonymous_id)).toEqual(["kept-id", "kept-id"]);
    expect(keys).toEqual(["kept-id"]);
    expect(cookies?.[0]).toMatch(/^cs_id=kept-id;/);
  });

  it("is a new id for a visitor that has none", () => {
    const { events, cookies } = send([nobody]);
    expect(events).toMatchObject([{ anonymous_id: "made-up-id" }]);
    expect(cookies?.[0]).toMatch(/^cs_id=made-up-id;/);
  });

  it("gives an anonymous id to events of a user that have only the user's", () => {
    const { events } = send([message({ anonymousId: undefined, userId: "u1" })], {
      cookies: ["cs_id=kept-id"],
    });
    expect(events).toMatchObject([{ anonymous_id: "kept-id", user_id: "u1" }]);
  });

  it("counts more than the client's id where it is to, which the context keeps", () => {
    const over = { cookies: ["cs_id=kept-id"] };
    const [event] = send([message({ context: { app: { name: "shop" } } })], over, { overrides: true }).events;
    expect(event).toMatchObject({
      anonymous_id: "kept-id",
      context: { app: { name: "shop" }, client_anonymous_id: "anon" },
    });
    const [same] = send([message({ anonymousId: "kept-id" })], over, { overrides: true }).events;
    expect(same).not.toHaveProperty("context");
    expect(send([message()], {}, { overrides: true }).events).toMatchObject([{ anonymous_id: "anon" }]);
  });

  it("is the same key for a client's retry", () => {
    const over = { cookies: ["cs_id=kept-id"] };
    const keysOf = () =>
      post({ batch: [nobody] }, { ...over }, { idCookie: cookie }).items.map(({ pk, sk }) => [pk, sk]);
    expect(keysOf()).toEqual(keysOf());
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["browsers with Global Privacy Control", { "sec-gpc": "1" }],
    ["anonymous tracking", { "sp-anonymous": "*" }],
    ["servers", { authorization: basic("server-key") }],
  ])("is neither read nor set for %s", (_, more) => {
    const headers = { authorization, ...more };
    const over = { headers, cookies: ["cs_id=kept-id"] };
    const { cookies, events, failures } = send([message(), { ...nobody, messageId: "m2" }], over, {
      overrides: true,
    });
    expect(cookies).toBeUndefined();
    expect(events).toMatchObject([{ anonymous_id: "anon" }]);
    expect(failures).toMatchObject([{ reason: "missing_identity" }]);
  });

  it("is not set where none is configured, by requests of several visitors, or with what no cookie may hold", () => {
    expect(post({ batch: [message()] }).answer.cookies).toBeUndefined();
    const two = [message(), message({ messageId: "m2", anonymousId: "other" })];
    expect(send(two).cookies).toBeUndefined();
    expect(send([message({ anonymousId: "a; Domain=evil.example" })]).cookies).toBeUndefined();
    expect(send([message({ type: "unknown" })]).cookies).toBeUndefined();
  });

  it("is not believed with a value that is no id", () => {
    const { events } = send([nobody], { cookies: ["cs_id=<script>", `cs_id=${"x".repeat(65)}`, "cs_id="] });
    expect(events).toMatchObject([{ anonymous_id: "made-up-id" }]);
  });
});

describe("the settings of the cookie", () => {
  it("are read", () => {
    const whole = { ...cookie, domain: "example.co.uk", overrides: true };
    expect(readIdCookie(JSON.stringify(whole))).toEqual(whole);
    expect(readIdCookie(JSON.stringify(cookie))).toEqual(cookie);
    expect(readIdCookie("null")).toBeUndefined();
  });

  it.each([
    ["a name with a space", { name: "cs id" }],
    ["an age of more than two years", { maxAgeSeconds: 731 * 86_400 }],
    ["an age of half a day", { maxAgeSeconds: 43_200 }],
    ["a domain that is none", { domain: "com" }],
    ["a domain with more in it", { domain: "example.com; HttpOnly" }],
    ["a switch that is none", { overrides: 1 }],
  ])("are refused with %s", (_, over) => {
    expect(() => readIdCookie(JSON.stringify({ ...cookie, ...over }))).toThrow("COOKIE must have a name");
  });
});
