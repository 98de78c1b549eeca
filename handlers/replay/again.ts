import { type CollectSettings, collect } from "../collect/collect";
import type { Source } from "../collect/env";
import type { CollectRequest } from "../collect/protocol";
import { TRACKER_PATH } from "../collect/snowplow/endpoints";
import type { FailedEvent } from "../event/event";
import { isObject } from "../event/json";
import type { StoredItem } from "../event/stored/item";

/** What a source and an address of its own are needed for. */
type Settings = Pick<CollectSettings, "sources" | "limits">;

/**
 * Sends a rejected event through today's collector, as if it had been received when it was.
 * @returns the items that it is stored as now: they bear the rejection's id as their batch, which tells that it was
 * replayed, and keeps a second replay from being another one. Undefined while it is rejected still.
 */
export function collectAgain(failure: FailedEvent, settings: Settings): StoredItem[] | undefined {
  const source = sourceNamed(failure.source, settings);
  const request = source === undefined ? undefined : requestOf(failure, source, settings);
  if (request === undefined) return undefined;
  // How long DynamoDB would keep them is nothing to the lake.
  const { items } = collect(request, { ...settings, ttlDays: 1 });
  // Of a body that can be read now, some events may be rejected for a reason of their own.
  return items.some(({ kind }) => kind === "events") ? underBatch(items, failure.failed_id) : undefined;
}

/** The source of a name, if there still is one. */
export function sourceNamed(name: string, { sources }: Pick<Settings, "sources">): Source | undefined {
  return [...sources.values()].find((source) => source.name === name);
}

/** Items under another batch's id than their own; several of one visitor are told apart by their time's suffix. */
export function underBatch(items: readonly StoredItem[], batchId: string): StoredItem[] {
  return items.map((item, index) => {
    const time = item.sk.slice(0, item.sk.lastIndexOf("#"));
    return { ...item, sk: `${time}${index === 0 ? "" : `.${index}`}#${batchId}` };
  });
}

/** The request that a rejected event, or a body that could not be read, would have been sent in alone. */
function requestOf(failure: FailedEvent, source: Source, settings: Settings): CollectRequest | undefined {
  // The importer read the line, not the collector: it is imported again.
  if (failure.stage === "import") return undefined;
  const [key = ""] = source.writeKeys;
  const payload = payloadOf(failure);
  const basic = { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` };
  const post = (path: string, body: string | Buffer, more: Partial<CollectRequest> = {}): CollectRequest => ({
    method: "POST",
    path,
    headers: basic,
    body: Buffer.from(body).toString("base64"),
    isBase64Encoded: true,
    sourceIp: undefined,
    receivedAt: new Date(failure.received_at),
    ...more,
  });
  const isWhole = failure.reason === "unreadable_body" || failure.reason === "body_too_large";
  const json = jsonIn(payload);
  if (failure.protocol === "clickstream")
    return post("/collect", isWhole ? payload : `[${payload}]`, {
      headers: {},
      query: `appId=${encodeURIComponent(key)}`,
    });
  if (failure.protocol === "snowplow") {
    if (json === undefined && typeof payload === "string" && /^[\w.~-]+=/.test(payload))
      return post("/i", "", { method: "GET", query: payload, headers: keyless(payload, settings, basic) });
    const named = isObject(json) && settings.sources.has(String(json.aid)) ? {} : basic;
    return post(TRACKER_PATH, isWhole ? payload : `{"data":[${payload}]}`, { headers: named });
  }
  if (isWhole)
    return post(isObject(json) && !Array.isArray(json.batch) ? pathOf(json) : "/v1/batch", payload);
  return isObject(json) && json.type === undefined
    ? post(pathOf(json), payload)
    : post("/v1/batch", `{"batch":[${payload}]}`);
}

/** A tracker that names its source itself is not told another one. */
function keyless(query: string, { sources }: Settings, basic: CollectRequest["headers"]) {
  return sources.has(new URLSearchParams(query).get("aid") ?? "") ? {} : basic;
}

/** Where a message is sent that does not say what it is: the address said it, and is told by what the message has. */
function pathOf(message: Readonly<Record<string, unknown>>): string {
  const has = (name: string): boolean => message[name] !== undefined;
  if (has("event")) return "/v1/track";
  if (has("previousId")) return "/v1/alias";
  if (has("groupId")) return "/v1/group";
  return has("traits") ? "/v1/identify" : "/v1/page";
}

function payloadOf({ payload, payload_encoding }: FailedEvent): string | Buffer {
  return payload_encoding === "base64" ? Buffer.from(payload, "base64") : payload;
}

function jsonIn(payload: string | Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}
