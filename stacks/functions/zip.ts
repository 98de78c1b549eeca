import { crc32, deflateRawSync } from "node:zlib";

/** Files of an archive: contents by path, with forward slashes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** 1 January 1980, the first date that the format knows, as it writes dates. */
const DATE = 0x0021;
const DEFLATED = 8;
/** An ordinary file that everyone may read, as Unix says it (0100644), for Lambda unpacks with these rights. */
const MODE = 0o100644 * 0x10000;
const UTF8_NAME = 0x0800;
const MADE_ON_UNIX = (3 << 8) | 20;

/**
 * A zip archive whose bytes depend on nothing but its files: neither on when nor on where it was made, so a
 * second plan shows no change of code that did not change.
 * @param level how hard deflate tries, 1 to 9.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.7, 4.3.12 and 4.3.16
 */
export function zip(files: Files, level = 9): Buffer {
  const entries = Object.entries(files)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, content]) => entryOf(path, Buffer.from(content), level));
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const header = localHeader(entry);
    local.push(header, entry.name, entry.packed);
    central.push(centralHeader(entry, offset), entry.name);
    offset += header.length + entry.name.length + entry.packed.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...local, directory, endOfDirectory(entries.length, directory.length, offset)]);
}

interface Entry {
  readonly name: Buffer;
  readonly packed: Buffer;
  readonly crc: number;
  readonly size: number;
}

function entryOf(path: string, content: Buffer, level: number): Entry {
  return {
    name: Buffer.from(path),
    packed: deflateRawSync(content, { level }),
    crc: crc32(content),
    size: content.length,
  };
}

function localHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeShared(header, 4, entry);
  return header;
}

function centralHeader(entry: Entry, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_ON_UNIX, 4);
  writeShared(header, 6, entry);
  header.writeUInt32LE(MODE, 38);
  header.writeUInt32LE(offset, 42);
  return header;
}

/** What both headers say of an entry: version needed, flags, method, time, date, checksum, sizes, name's length. */
function writeShared(header: Buffer, at: number, { name, packed, crc, size }: Entry): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(UTF8_NAME, at + 2);
  header.writeUInt16LE(DEFLATED, at + 4);
  header.writeUInt16LE(0, at + 6);
  header.writeUInt16LE(DATE, at + 8);
  header.writeUInt32LE(crc, at + 10);
  header.writeUInt32LE(packed.length, at + 14);
  header.writeUInt32LE(size, at + 18);
  header.writeUInt16LE(name.length, at + 22);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
