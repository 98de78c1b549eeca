import file from "./prices.json";

/** Names of what is priced. */
export type PriceName = keyof typeof file.prices;

/** The list prices that every estimate is made from: one file, with their date, Region and sources. */
export const priceList = file;

/** A list price in US dollars for one of its units. */
export function priceOf(name: PriceName): number {
  return file.prices[name].price;
}

/** Where an estimate's prices come from, to be shown beside it. */
export const pricesOf = `list prices of ${file.date}, ${file.region}`;
