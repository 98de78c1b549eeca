import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sent } from "./arrival";

/**
 * Batches that were sent, for one who waits for them: the identities of their messages, of which there may be many
 * millions and few are ever asked for, lie in a file.
 */
export class SentSpool {
  readonly sent: Sent[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "clickstream-import-"));
  readonly #file = openSync(join(this.#folder, "ids"), "w+");
  #length = 0;

  constructor() {
    // A file without a name goes with the process, however that ends; where there is no such thing, `close` deletes it.
    if (process.platform !== "win32") rmSync(this.#folder, { recursive: true });
  }

  add({ receipt, messageIds }: Sent): void {
    const bytes = Buffer.from(JSON.stringify(messageIds));
    const at = this.#length;
    writeSync(this.#file, bytes, 0, bytes.length, at);
    this.#length += bytes.length;
    const read = (): readonly string[] => this.#read(at, bytes.length);
    this.sent.push({
      receipt,
      get messageIds() {
        return read();
      },
    });
  }

  /** Deletes the file. */
  close(): void {
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #read(at: number, length: number): readonly string[] {
    const bytes = Buffer.alloc(length);
    readSync(this.#file, bytes, 0, length, at);
    return JSON.parse(bytes.toString()) as readonly string[];
  }
}
