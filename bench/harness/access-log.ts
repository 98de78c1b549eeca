import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { accessLog, dataFile } from "../../__tests__/support/data";
import { combinedParser } from "../../cli/importing/formats/combined";
import { lineIds } from "../../cli/importing/message";
import type { CollectRequest } from "../../handlers/collect/collect";
import type { StoredItem } from "../../handlers/event/stored/item";
import { itemsOfRequests, requestsOf } from "./requests";

export { settings } from "./requests";

/** Ten thousand real requests of a web server, as a client of Segment's API sends them in gzip, ten at a time. */
export async function accessLogRequests(): Promise<CollectRequest[]> {
  const lines = gunzipSync(readFileSync(await dataFile(accessLog)))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
  const parse = combinedParser("https://www.example.com");
  const idOf = lineIds();
  const messages = lines.map((line, index) => parse(line, index + 1, idOf(line)));
  return requestsOf(messages);
}

/** The items that are stored of the access log. */
export async function accessLogItems(): Promise<StoredItem[]> {
  return itemsOfRequests(await accessLogRequests());
}
