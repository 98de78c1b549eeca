import { fromBuffer } from "yauzl";

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

/** The files of a zip archive held in memory; folders are left out. */
export function entriesOfZip(archive: Buffer): Promise<ZipEntry[]> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const entries: ZipEntry[] = [];
      zip.on("error", reject);
      zip.on("end", () => resolve(entries));
      zip.on("entry", (entry: { fileName: string }) => {
        if (entry.fileName.endsWith("/")) return zip.readEntry();
        zip.openReadStream(entry as never, (failure, stream) => {
          if (failure) return reject(failure);
          const chunks: Buffer[] = [];
          stream.on("data", (chunk: Buffer) => chunks.push(chunk));
          stream.on("error", reject);
          stream.on("end", () => {
            entries.push({ name: entry.fileName, content: Buffer.concat(chunks) });
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}
