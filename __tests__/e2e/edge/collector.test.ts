import { randomUUID } from "node:crypto";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import type { CollectEnv } from "../../../handlers/collect/env";
import { environments } from "../../../stacks/config";
import { cookieVariable, edgeVariable } from "../../../stacks/edge";
import { type SourceSettings, sourcesOf } from "../../../stacks/sources";
import { account, outputsOf } from "../iam/cloud";
import { json, until } from "../verb";

const MINUTES = 60_000;
const { local } = environments;
const [secret = ""] = local.proxySecrets ?? [];
const [webKey] = local.writeKeys.web;
const place = {
  "cloudfront-viewer-address": "203.0.113.9:46532",
  "cloudfront-viewer-country": "DE",
  "cloudfront-viewer-country-region": "BE",
  "cloudfront-viewer-city": "K%C3%B6penick",
};

let url: string;
let name: string;
let before: Record<string, string>;
const lambda = new LambdaClient(account());

async function configure(variables: Partial<CollectEnv>): Promise<void> {
  const Environment = { Variables: { ...before, ...variables } };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName: name });
}

beforeAll(async () => {
  const outputs = await outputsOf();
  url = outputs.collectorUrl;
  name = outputs.functions.collect;
  const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  before = configuration.Environment?.Variables ?? {};
}, MINUTES);

afterAll(() => configure({}), MINUTES);

interface Sent {
  readonly status: number;
  readonly cookie: string | null;
  readonly id: string;
}

async function send(message: object, headers: Record<string, string> = {}, path = "v1/track"): Promise<Sent> {
  const id = randomUUID();
  const answer = await fetch(new URL(path, url), {
    method: "POST",
    body: JSON.stringify({ type: "track", event: "Edge", messageId: id, writeKey: webKey, ...message }),
    headers: { "content-type": "text/plain", "user-agent": "Edge/1", ...headers },
  });
  await answer.arrayBuffer();
  return { status: answer.status, cookie: answer.headers.get("set-cookie"), id };
}

/** Rows of events, once they have arrived. */
async function arrived(columns: string, ids: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const list = ids.map((id) => `'${id}'`).join(", ");
  let rows: readonly (readonly unknown[])[] = [];
  await until(
    "the events are in the warehouse",
    async () => {
      const sql = `select event_id, ${columns} from events where event_id in (${list})`;
      rows = (await json<{ rows: readonly (readonly unknown[])[] }>("query", sql)).rows;
      return rows.length === ids.length;
    },
    180,
  );
  return ids.map((id) => rows.find(([found]) => found === id)?.slice(1) ?? []);
}

it(
  "believes what a proxy with the secret says of the visitor, and nobody else",
  async () => {
    const known = await send({ anonymousId: "edge-1" }, { ...place, "x-clickstream-edge": secret });
    const nobody = await send({ anonymousId: "edge-2" }, place);
    const other = await send(
      { anonymousId: "edge-3" },
      { ...place, "x-clickstream-edge": "a-secret-of-nobody-s" },
    );
    expect([known.status, nobody.status, other.status]).toEqual([200, 200, 200]);
    const columns = "ip_network, geo_country, geo_region, geo_city";
    expect(await arrived(columns, [known.id, nobody.id, other.id])).toEqual([
      ["203.0.113.0/24", "DE", "BE", "Köpenick"],
      ["127.0.0.0/24", null, null, null],
      [null, null, null, null],
    ]);
  },
  5 * MINUTES,
);

it(
  "sets the visitor's id as a cookie and takes it where the client gives none",
  async () => {
    await configure({ COOKIE: cookieVariable({ idCookie: {} }) });
    const first = await send({ anonymousId: null });
    const id = /^cs_id=([\w-]{36}); Path=\/; Max-Age=34560000; SameSite=Lax; Secure$/.exec(
      first.cookie ?? "",
    )?.[1];
    expect(id).toBeDefined();
    const again = await send({ anonymousId: null }, { cookie: `a=b; cs_id=${id}` });
    const objecting = await send({ anonymousId: "edge-4" }, { cookie: `cs_id=${id}`, "sec-gpc": "1" });
    expect(again.cookie).toBe(first.cookie);
    expect(objecting.cookie).toBeNull();
    expect(await arrived("anonymous_id", [first.id, again.id, objecting.id])).toEqual([
      [id],
      [id],
      ["edge-4"],
    ]);
  },
  5 * MINUTES,
);

it(
  "answers at its own addresses, to keys until they end, and through its edge alone where it is to",
  async () => {
    const settings: SourceSettings = {
      writeKeys: { ...local.writeKeys, web: ["new-web-key", { key: webKey, validUntil: "2026-01-31" }] },
      switchedOff: ["server"],
    };
    await configure({ PATHS: '{"/a7x":"/"}', SOURCES: JSON.stringify(sourcesOf(settings)) });
    const visitor = { anonymousId: "edge-5" };
    expect((await send({ ...visitor, writeKey: "new-web-key" }, {}, "a7x/v1/track")).status).toBe(200);
    expect((await send(visitor, {}, "a7x/v1/track")).status).toBe(401);
    expect((await send({ ...visitor, writeKey: local.writeKeys.server[0] })).status).toBe(403);
    const script = await fetch(new URL("a7x/clickstream.js", url));
    expect([script.status, script.headers.get("content-type")]).toEqual([
      200,
      "text/javascript; charset=utf-8",
    ]);
    await script.arrayBuffer();

    await configure({
      EDGE: edgeVariable([secret], { edge: { domainNames: ["e.example.com"], only: true } }),
    });
    expect((await send(visitor)).status).toBe(403);
    expect((await send(visitor, { "x-clickstream-edge": "a-secret-of-nobody-s" })).status).toBe(503);
    expect((await send(visitor, { "x-clickstream-edge": secret })).status).toBe(200);
  },
  5 * MINUTES,
);
