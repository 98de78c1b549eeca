import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

/** A real data set: where it is public, and the checksum of its plain contents. */
interface DataSet {
  readonly file: string;
  readonly sha256: string;
  readonly source: string;
}

const root = join(__dirname, "..", "..");

/** Ten thousand requests in the combined log format; line 8,899 is cut off. Apache-2.0, elastic/examples. */
export const accessLog: DataSet = {
  file: "apache-access-2015.log.gz",
  sha256: "f15c31e905f86c7b4b6ab44aee74d0a2086dce89f010187d983edea7ef0364ef",
  source:
    "https://raw.githubusercontent.com/elastic/examples/master/Common%20Data%20Formats/apache_logs/apache_logs",
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
  const contents = Buffer.from(await answer.arrayBuffer());
  verify(set, contents, set.source);
  const folder = join(root, ".local", "data");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, set.file);
  writeFileSync(`${path}.tmp`, gzipSync(contents));
  renameSync(`${path}.tmp`, path);
  return path;
}

function verify(set: DataSet, contents: Buffer, where: string): void {
  const actual = createHash("sha256").update(contents).digest("hex");
  if (actual !== set.sha256)
    throw new Error(`${where} is not the expected data set: its SHA-256 is ${actual}`);
}
