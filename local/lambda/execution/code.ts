import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import { AwsError } from "../../service/aws";

/** Largest unpacked package: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_UNPACKED_BYTES = 262_144_000;

/** Uploaded packages (functions' and layers'), each kept as a zip and unpacked under its own hash. */
export class CodeStore {
  constructor(private readonly folder: string) {}

  /** Keeps a package; when it resolves, the package is unpacked and survives a restart. */
  async add(zip: Buffer): Promise<{ sha256: string; sizeBytes: number }> {
    const sha256 = createHash("sha256").update(zip).digest("base64");
    const folder = this.unpacked(sha256);
    if (!existsSync(folder)) {
      const draft = join(this.folder, `draft-${randomUUID()}`);
      try {
        await mkdir(draft, { recursive: true });
        await unzip(zip, draft);
        await writeFile(`${draft}.zip`, zip);
        await rename(`${draft}.zip`, this.zipFile(sha256));
        await rename(draft, folder);
      } catch (error) {
        await rm(draft, { recursive: true, force: true });
        if (!existsSync(folder)) throw error; // else: uploaded twice at once, and the other one was first
      }
    }
    return { sha256, sizeBytes: zip.length };
  }

  /** The folder that holds a package unpacked. */
  unpacked(sha256: string): string {
    return join(this.folder, fileName(sha256));
  }

  /** A kept package as it was uploaded. */
  zip(sha256: string): Promise<Buffer> {
    return readFile(this.zipFile(sha256));
  }

  /** A folder with the layers' contents on top of each other, in order: what /opt is on Lambda. */
  async merged(layers: readonly string[]): Promise<string> {
    const name = createHash("sha256").update(layers.join()).digest("base64");
    const folder = join(this.folder, `opt-${fileName(name)}`);
    if (existsSync(folder)) return folder;
    const draft = join(this.folder, `draft-${randomUUID()}`);
    await mkdir(draft, { recursive: true });
    for (const layer of layers) await cp(this.unpacked(layer), draft, { recursive: true });
    await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
    return folder;
  }

  /** Removes what no function and no layer needs any more. */
  async keepOnly(used: ReadonlySet<string>): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const names = new Set([...used].map(fileName));
    for (const entry of await readdir(this.folder))
      if (!names.has(entry.replace(/\.zip$/, "")))
        await rm(join(this.folder, entry), { recursive: true, force: true });
  }

  private zipFile(sha256: string): string {
    return `${this.unpacked(sha256)}.zip`;
  }
}

/** Base64 as part of a file's name. */
function fileName(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}

async function unzip(zip: Buffer, folder: string): Promise<void> {
  let archive: ZipFile;
  try {
    archive = await new Promise<ZipFile>((resolve, reject) =>
      fromBuffer(zip, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened))),
    );
  } catch (cause) {
    throw new AwsError("InvalidParameterValueException", `Could not unzip uploaded file. (${String(cause)})`);
  }
  let unpackedBytes = 0;
  const made = new Set<string>();
  await new Promise<void>((resolve, reject) => {
    archive.on("error", reject);
    archive.on("end", resolve);
    archive.on("entry", (entry: Entry) => {
      unpackedBytes += entry.uncompressedSize;
      if (unpackedBytes > MAX_UNPACKED_BYTES) {
        reject(
          new AwsError(
            "InvalidParameterValueException",
            `Unzipped size must be smaller than ${MAX_UNPACKED_BYTES} bytes`,
          ),
        );
        archive.close();
        return;
      }
      extract(archive, entry, folder, made).then(() => archive.readEntry(), reject);
    });
    archive.readEntry();
  });
}

async function extract(archive: ZipFile, entry: Entry, folder: string, made: Set<string>): Promise<void> {
  const path = join(folder, entry.fileName);
  if (!path.startsWith(folder + sep))
    throw new AwsError("InvalidParameterValueException", "Could not unzip uploaded file.");
  const parent = entry.fileName.endsWith("/") ? path : dirname(path);
  if (!made.has(parent)) await mkdir(parent, { recursive: true });
  made.add(parent);
  if (entry.fileName.endsWith("/")) return;
  const source = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    archive.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
  );
  await pipeline(source, createWriteStream(path));
  const mode = (entry.externalFileAttributes >>> 16) & 0o777;
  if ((mode & 0o111) !== 0) await chmod(path, mode | 0o600);
}
