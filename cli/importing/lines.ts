import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** A line of a file, without its line ending. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** The lines of a file, plain or gzip. The last line may lack its newline; an empty line is a line. */
export async function* linesOf(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Line> {
  let number = 0;
  let rest = "";
  for await (const text of textOf(path, onBytes)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield { number: ++number, text: withoutReturn(line) };
  }
  if (rest !== "") yield { number: ++number, text: withoutReturn(rest) };
}

/** SHA-256 over a file's plain contents, in hex: the same for a file and its gzip. */
export async function fingerprint(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of plain(path, () => undefined)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function* textOf(path: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  for await (const chunk of plain(path, onBytes)) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

function plain(path: string, onBytes: (bytes: number) => void): Readable {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  file.on("data", (chunk) => onBytes(chunk.length));
  if (!startsWithGzipMagic(path)) return file;
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

function startsWithGzipMagic(path: string): boolean {
  const head = Buffer.alloc(GZIP_MAGIC.length);
  const file = openSync(path, "r");
  try {
    return readSync(file, head) === GZIP_MAGIC.length && head.equals(GZIP_MAGIC);
  } finally {
    closeSync(file);
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
