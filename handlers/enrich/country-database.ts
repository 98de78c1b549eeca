import { readFileSync } from "node:fs";
import { Reader } from "mmdb-lib";
import { cached } from "./cache";
import type { Lookups } from "./list";

/** A record of the database. @see https://github.com/sapics/ip-location-db/tree/main/geo-whois-asn-country */
interface CountryRecord {
  readonly country_code?: string;
}

/** Networks are remembered: a visitor's events come from one, and to walk the tree takes some microseconds. */
const NETWORKS = 10_000;

/**
 * Looks countries up in a database of MaxMind's format, which is read when it is first asked.
 * @param path of the file.
 * @throws on each look-up, when the file cannot be read.
 */
export function countryDatabase(path: string): Lookups["countryOf"] {
  let reader: Reader<never> | Error | undefined;
  const open = (): Reader<never> | Error => {
    try {
      return new Reader(readFileSync(path));
    } catch (cause) {
      return new Error(`the database of countries cannot be read: ${path}`, { cause });
    }
  };
  const find = cached((network): { readonly country: string | undefined } => {
    reader ??= open();
    if (reader instanceof Error) throw reader;
    const [address = ""] = network.split("/");
    const { country_code } = (reader.get(address) as CountryRecord | null) ?? {};
    return { country: country_code };
  }, NETWORKS);
  return (network) => find(network).country;
}
