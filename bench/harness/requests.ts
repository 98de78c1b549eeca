import { gzipSync } from "node:zlib";
import { type CollectRequest, type CollectSettings, collect } from "../../handlers/collect/collect";
import { readSources } from "../../handlers/collect/sources";
import type { StoredItem } from "../../handlers/event/stored/item";

const WRITE_KEY = "bench";
/** Of all cases: a request of a client holds about as many. */
const EVENTS_A_REQUEST = 10;

/** What the collector is set up with: one item a request. */
export const settings: CollectSettings = {
  sources: readSources(JSON.stringify([{ name: "bench", kind: "server", writeKeys: [WRITE_KEY] }])),
  ttlDays: 30,
};

/** Messages as a client of Segment's API sends them in gzip, ten at a time. */
export function requestsOf(messages: readonly object[]): CollectRequest[] {
  const requests: CollectRequest[] = [];
  for (let at = 0; at < messages.length; at += EVENTS_A_REQUEST)
    requests.push(requestOf(messages.slice(at, at + EVENTS_A_REQUEST)));
  return requests;
}

/** The items that are stored of requests. */
export function itemsOfRequests(requests: readonly CollectRequest[]): StoredItem[] {
  return requests.flatMap((request) => collect(request, settings).items);
}

function requestOf(batch: readonly object[]): CollectRequest {
  const body = JSON.stringify({ batch, sentAt: "2026-11-01T10:00:00.000Z" });
  return {
    method: "POST",
    path: "/v1/batch",
    headers: { authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}` },
    body: gzipSync(body).toString("base64"),
    isBase64Encoded: true,
    sourceIp: "198.51.100.77",
    receivedAt: new Date("2026-11-01T10:00:00.500Z"),
  };
}
