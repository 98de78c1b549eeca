import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Decompress } from "fzstd";
import { UserError } from "../../terminal";

/** What a file's first bytes tell of it. */
const signatures = {
  gzip: [0x1f, 0x8b],
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
  zip: [0x50, 0x4b, 0x03, 0x04],
  bzip2: [0x42, 0x5a, 0x68],
  xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  "UTF-16": [0xff, 0xfe],
  "UTF-16 (big endian)": [0xfe, 0xff],
} as const;

type Kind = keyof typeof signatures;

const LONGEST_SIGNATURE = Math.max(...Object.values(signatures).map(({ length }) => length));

/** As much is unpacked at once: zstd's pieces come all at once, and a small one may hold much. */
const ZSTD_CHUNK_BYTES = 16 * 1024;

/**
 * The plain contents of what is plain, gzip or zstd: its first bytes tell, not its name.
 * @param name for what goes wrong.
 * @throws UserError when it is packed otherwise, or cannot be unpacked to its end.
 */
export async function* unpacked(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const { head, all } = await beginning(packed);
  const kind = (Object.keys(signatures) as Kind[]).find((one) =>
    signatures[one].every((byte, at) => head[at] === byte),
  );
  if (kind === undefined) {
    yield* all;
    return;
  }
  if (kind !== "gzip" && kind !== "zstd")
    throw new UserError(
      `${name} is ${kind}: what is imported must be plain UTF-8 text, or that in gzip or zstd.`,
    );
  try {
    yield* kind === "gzip" ? gunzipped(all) : zstdUnpacked(all);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${name} is ${kind} that cannot be unpacked to its end: ${why}.`);
  }
}

/** Looks at the first bytes; all of them are still to come. */
async function beginning(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < LONGEST_SIGNATURE) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head: Buffer.concat(first).subarray(0, LONGEST_SIGNATURE), all: all() };
}

/** Files of several members, one after the other, are one. */
function gunzipped(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  // An error on the way is that of the stream that is read.
  pipeline(Readable.from(packed, { objectMode: false }), gunzip, () => undefined);
  return gunzip;
}

async function* zstdUnpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  const stream = new Decompress((piece) => {
    // The piece is used again for what comes next.
    if (piece.length > 0) pieces.push(piece.slice());
  });
  const taken = (): Uint8Array[] => {
    const all = pieces;
    pieces = [];
    return all;
  };
  for await (const chunk of packed)
    for (let at = 0; at < chunk.length; at += ZSTD_CHUNK_BYTES) {
      stream.push(chunk.subarray(at, at + ZSTD_CHUNK_BYTES));
      yield* taken();
    }
  stream.push(new Uint8Array(0), true);
  yield* taken();
}
