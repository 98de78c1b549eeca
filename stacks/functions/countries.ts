import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { archiveOf, type Bundle } from "./bundle";
import { zip } from "./zip";

/** The package that holds the database of countries. */
const PACKAGE = "@ip-location-db/geo-whois-asn-country-mmdb";
/** Its file for addresses of both kinds. */
const FILE = "geo-whois-asn-country.mmdb";
/** Who is to be named for the data: it goes where they go. */
const ATTRIBUTION = "NRO_LICENSE";

/** A database hardly gets smaller by trying harder, which would take seconds of each synth. */
const LEVEL = 3;

/** Where a function finds the database, with the layer. */
export const COUNTRY_DATABASE = "/opt/geo/countries.mmdb";

/** The database's file in its package. */
export function countriesFile(): string {
  return join(packageFolder(), FILE);
}

/**
 * Packs the database of countries as a Lambda layer.
 * @param folder where the archive is written.
 */
export function bundleCountries(folder: string): Bundle {
  const { zip: archive, sha256 } = archiveOf(
    zip(
      {
        "geo/countries.mmdb": readFileSync(countriesFile()),
        "geo/LICENSE.txt": readFileSync(join(packageFolder(), ATTRIBUTION)),
      },
      LEVEL,
    ),
  );
  mkdirSync(folder, { recursive: true });
  const path = resolve(folder, "countries.zip");
  writeFileSync(path, archive);
  return { path, sha256 };
}

function packageFolder(): string {
  return dirname(require.resolve(`${PACKAGE}/package.json`));
}
