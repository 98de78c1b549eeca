import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { SqlError } from "../../sql/error";
import type { CopyCommand } from "../../sql/statements/copy";
import type { ObjectSource } from "./objects";
import { lineFault, Unloadable } from "./values";

/** An object that a COPY reads. */
export interface CopySource {
  readonly url: string;
  readonly mandatory: boolean;
}

/** Bucket and key of an address. @throws {SqlError} */
export function address(url: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(url) ?? [];
  if (bucket === undefined || key === undefined) throw new SqlError(`'${url}' is not an address in S3`);
  return { bucket, key };
}

/** The objects that a COPY names: those of its manifest, or those that begin with its prefix. @throws {SqlError} */
export async function sourcesOf(copy: CopyCommand, objects: ObjectSource): Promise<readonly CopySource[]> {
  const { bucket, key } = address(copy.from);
  if (!copy.manifest) {
    const keys = (await objects.list(bucket, key)).filter((found) => !found.endsWith("/"));
    if (keys.length === 0) throw new SqlError(`The specified S3 prefix '${key}' does not exist`);
    return keys.map((found) => ({ url: `s3://${bucket}/${found}`, mandatory: true }));
  }
  const body = await objects.read(bucket, key);
  if (body === undefined)
    throw new SqlError(
      "Problem reading manifest file - S3ServiceException:The specified key does not exist.",
    );
  return manifestEntries(Buffer.from(body).toString("utf8"), copy.from);
}

/** @see https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html */
function manifestEntries(text: string, from: string): readonly CopySource[] {
  try {
    const { entries } = JSON.parse(text) as { entries: readonly { url: string; mandatory?: boolean }[] };
    return entries.map(({ url, mandatory }) => {
      address(url);
      return { url, mandatory: mandatory === true };
    });
  } catch (error) {
    throw new SqlError(`The contents of the manifest ${from} are not valid`, { cause: error });
  }
}

/**
 * An object's bytes, unpacked; undefined for one that is not there and need not be.
 * @throws {SqlError} for one that must be there; {Unloadable} for what is no whole gzip.
 */
export async function bodyOf(
  { url, mandatory }: CopySource,
  objects: ObjectSource,
  { gzip }: CopyCommand,
): Promise<Uint8Array | undefined> {
  const { bucket, key } = address(url);
  const body = await objects.read(bucket, key);
  if (body === undefined) {
    if (mandatory) throw new SqlError(`The specified S3 prefix '${key}' does not exist`);
    return undefined;
  }
  if (!gzip || body.length === 0) return body;
  try {
    // unpacked here, since the engine takes half a file for a whole one
    return await promisify(gunzip)(body, { chunkSize: unpackedBytes(body) });
  } catch {
    throw new Unloadable(lineFault(8001, "The file is not a whole gzip archive"));
  }
}

const SMALLEST_CHUNK = 64 * 1024;
const LARGEST_CHUNK = 64 * 1024 * 1024;

/** How large it is unpacked, as its last four bytes say: it then comes in one piece rather than in hundreds. */
function unpackedBytes(body: Uint8Array): number {
  const told = Buffer.from(body.buffer, body.byteOffset, body.byteLength).readUInt32LE(body.length - 4);
  return Math.min(Math.max(told + 1, SMALLEST_CHUNK), LARGEST_CHUNK);
}
