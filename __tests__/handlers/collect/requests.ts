import {
  type Collected,
  type CollectRequest,
  type CollectSettings,
  collect,
} from "../../../handlers/collect/collect";
import { readSources } from "../../../handlers/collect/sources";
import type { CanonicalEvent, FailedEvent } from "../../../handlers/event/event";
import { eventsOf, failuresOf } from "../../../handlers/event/stored/item";

export const receivedAt = new Date("2026-11-01T10:00:10.000Z");

export const settings: CollectSettings = {
  sources: readSources(
    JSON.stringify([
      { name: "web", kind: "browser", writeKeys: ["web-key", "web-key-2"] },
      { name: "backend", kind: "server", writeKeys: ["server-key"] },
    ]),
  ),
  ttlDays: 30,
};

export function basic(key: string): string {
  return `Basic ${Buffer.from(`${key}:`).toString("base64")}`;
}

/** A POST to /v1/batch with the browser's write key; an object is sent as JSON. */
export function request(body: unknown, over: Partial<CollectRequest> = {}): CollectRequest {
  return {
    method: "POST",
    path: "/v1/batch",
    headers: { authorization: basic("web-key") },
    body: typeof body === "string" ? body : JSON.stringify(body),
    isBase64Encoded: false,
    sourceIp: "198.51.100.77",
    receivedAt,
    ...over,
  };
}

export function post(
  body: unknown,
  over: Partial<CollectRequest> = {},
  other: Partial<CollectSettings> = {},
): Collected {
  return collect(request(body, over), { ...settings, ...other });
}

/** What is stored of a request. */
export function stored({ items }: Collected): {
  readonly events: readonly CanonicalEvent[];
  readonly failures: readonly FailedEvent[];
} {
  return {
    events: items.filter(({ kind }) => kind === "events").flatMap(eventsOf),
    failures: items.filter(({ kind }) => kind === "failed").flatMap(failuresOf),
  };
}

/** A message that lacks nothing. */
export function message(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { type: "track", event: "Tested", anonymousId: "anon", messageId: "m1", ...over };
}
