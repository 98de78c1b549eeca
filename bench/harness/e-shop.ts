import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataFile, eShop } from "../../__tests__/support/data";
import type { StoredItem } from "../../handlers/event/stored/item";
import { itemsOfRequests, requestsOf } from "./requests";

/** Names of the numbers that the data set gives for categories and places. */
const categories = ["trousers", "skirts", "blouses", "sale"];

/** A row of the data set. */
interface Click {
  readonly day: string;
  readonly order: number;
  readonly country: number;
  readonly session: string;
  readonly category: string;
  readonly model: string;
  readonly colour: number;
  readonly location: number;
  readonly photography: number;
  readonly price: number;
  readonly aboveAverage: boolean;
  readonly page: number;
}

/**
 * The items that are stored of the first clicks in a shop of clothes, as its pages might have sent them. Made up
 * are the visitors, one a session; the addresses; and the times of day: the data set knows days alone.
 * @param count how many clicks.
 */
export async function eShopItems(count: number): Promise<StoredItem[]> {
  const [, ...lines] = gunzipSync(readFileSync(await dataFile(eShop)))
    .toString("utf8")
    .split("\r\n")
    .filter((line) => line !== "");
  return itemsOfRequests(requestsOf(lines.slice(0, count).map((line) => messageOf(clickOf(line)))));
}

function clickOf(line: string): Click {
  const [year, month, day, order, country, session = "", category, model = "", ...others] = line.split(";");
  const [colour, location, photography, price, aboveAverage, page] = others.map(Number);
  return {
    day: `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`,
    order: Number(order),
    country: Number(country),
    session,
    category: categories[Number(category) - 1] ?? "",
    model,
    colour: colour ?? 0,
    location: location ?? 0,
    photography: photography ?? 0,
    price: price ?? 0,
    aboveAverage: aboveAverage === 1,
    page: page ?? 0,
  };
}

function messageOf({ day, order, session, category, model, ...properties }: Click): object {
  const second = Number(session) * 37 + order * 20;
  const time = new Date(Date.parse(`${day}T08:00:00.000Z`) + (second % 43_200) * 1_000).toISOString();
  return {
    type: "page",
    messageId: `e-shop-2008-${session}-${order}`,
    anonymousId: `session-${session}`,
    timestamp: time,
    name: model,
    properties: { category, model, ...properties },
    context: {
      page: { url: `https://shop.example.com/${category}/${model}?page=${properties.page}` },
      library: { name: "e-shop", version: "2008" },
    },
  };
}
