import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { entriesOfZip } from "../../local/setup/unzip";

/** A real data set: where it is public, and the checksum of its plain contents. */
interface DataSet {
  readonly file: string;
  readonly sha256: string;
  readonly source: string;
  /** Name of the data set in the zip that is its source. @default the source is the data set itself */
  readonly entry?: string;
}

const root = join(__dirname, "..", "..");

/** Ten thousand requests in the combined log format; line 8,899 is cut off. Apache-2.0, elastic/examples. */
export const accessLog: DataSet = {
  file: "apache-access-2015.log.gz",
  sha256: "f15c31e905f86c7b4b6ab44aee74d0a2086dce89f010187d983edea7ef0364ef",
  source:
    "https://raw.githubusercontent.com/elastic/examples/master/Common%20Data%20Formats/apache_logs/apache_logs",
};

/** 165,474 clicks in a shop, semicolons between 14 columns. CC BY 4.0, UCI Machine Learning Repository 553. */
export const eShop: DataSet = {
  file: "e-shop-clothing-2008.csv.gz",
  sha256: "fcc167bbd0badd4c9685bd8543097e318f8228e48075335db7cd781cee88115d",
  source: "https://archive.ics.uci.edu/static/public/553/clickstream+data+for+online+shopping.zip",
  entry: "e-shop clothing 2008.csv",
};

/**
 * The path of a data set as gzip: in the folder that CLICKSTREAM_DATA names, else in `../shared/data`, else
 * downloaded once from its public source. Its checksum is verified wherever it comes from.
 * @throws when it cannot be had or is not what it should be.
 */
export async function dataFile(set: DataSet): Promise<string> {
  const places = [
    process.env.CLICKSTREAM_DATA,
    join(root, "..", "shared", "data"),
    join(root, ".local", "data"),
  ];
  for (const place of places) {
    const path = join(place ?? "", set.file);
    if (place === undefined || !existsSync(path)) continue;
    verify(set, gunzipSync(readFileSync(path)), path);
    return path;
  }
  return download(set);
}

async function download(set: DataSet): Promise<string> {
  const answer = await fetch(set.source);
  if (!answer.ok) throw new Error(`${set.source} answered ${answer.status}`);
  const body = Buffer.from(await answer.arrayBuffer());
  const contents = set.entry === undefined ? body : await unzipped(body, set.entry);
  verify(set, contents, set.source);
  const folder = join(root, ".local", "data");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, set.file);
  writeFileSync(`${path}.tmp`, gzipSync(contents));
  renameSync(`${path}.tmp`, path);
  return path;
}

/** A file of a zip. @throws when it is not in it. */
async function unzipped(zip: Buffer, entry: string): Promise<Buffer> {
  const found = (await entriesOfZip(zip)).find(({ name }) => name.endsWith(entry));
  if (found === undefined) throw new Error(`there is no ${entry} in the zip`);
  return found.content;
}

function verify(set: DataSet, contents: Buffer, where: string): void {
  const actual = createHash("sha256").update(contents).digest("hex");
  if (actual !== set.sha256)
    throw new Error(`${where} is not the expected data set: its SHA-256 is ${actual}`);
}
