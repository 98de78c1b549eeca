import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Receipt } from "./send";

/** An entry of a file's ledger: what the collector acknowledged, or that the file is through. */
type Entry = ({ readonly batch: number } & Receipt) | { readonly finished: string; readonly file: string };

/**
 * What has been imported of one file into one environment: `<folder>/<SHA-256 of its contents>.ndjson`, a line a
 * batch that was acknowledged.
 */
export class ImportLedger {
  readonly #path: string;
  readonly #acknowledged = new Map<number, Receipt>();
  #finished: string | undefined;

  constructor(folder: string, fingerprint: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, `${fingerprint}.ndjson`);
    if (!existsSync(this.#path)) return;
    for (const line of readFileSync(this.#path, "utf8").split("\n")) {
      const entry = parse(line);
      if (entry === undefined) continue;
      if ("finished" in entry) this.#finished = entry.finished;
      else this.#acknowledged.set(entry.batch, entry);
    }
  }

  /** When the whole file was through (ISO 8601), if it ever was. */
  get finished(): string | undefined {
    return this.#finished;
  }

  /** What the collector said of a batch of the file when it acknowledged it, if it ever did. */
  receipt(batch: number): Receipt | undefined {
    return this.#acknowledged.get(batch);
  }

  acknowledge(batch: number, receipt: Receipt): void {
    this.#acknowledged.set(batch, receipt);
    this.#append({ batch, ...receipt });
  }

  finish(file: string): void {
    this.#finished = new Date().toISOString();
    this.#append({ finished: this.#finished, file });
  }

  #append(entry: Entry): void {
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }
}

function parse(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined; // an empty line, or the torn end of a run that was killed
  }
}
