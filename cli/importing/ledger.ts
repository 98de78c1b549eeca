import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../terminal";
import type { Span } from "./batches";
import type { Receipt } from "./send";

/** An entry of a file's ledger: what the collector acknowledged, or that the file was through at a line. */
type Entry =
  | (Span & { readonly settings: string } & Receipt)
  | { readonly finished: string; readonly file: string; readonly last: string };

/**
 * What has been imported of one file into one environment: `<folder>/<identity of its first line>.ndjson`, a line a
 * batch that was acknowledged. A file is known by how it begins, so that one that grows, or that comes through
 * standard input, goes on where it stopped, too; two that begin alike share a ledger and are told apart by its spans.
 */
export class ImportLedger {
  readonly #path: string;
  readonly #settings: string;
  readonly #acknowledged = new Map<string, Receipt & { readonly settings: string }>();
  readonly #finished = new Map<string, string>();

  /**
   * @param head identity of the file's first line.
   * @param settings what the file is read by, in a word: the same lines read otherwise are other events.
   */
  constructor(folder: string, head: string, settings: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, `${head}.ndjson`);
    this.#settings = settings;
    if (!existsSync(this.#path)) return;
    const written = readFileSync(this.#path, "utf8");
    // What comes next must not stand behind the torn end of a run that was killed.
    if (written !== "" && !written.endsWith("\n")) appendFileSync(this.#path, "\n");
    for (const line of written.split("\n")) {
      const entry = parse(line);
      if (entry === undefined) continue;
      if ("finished" in entry) this.#finished.set(entry.last, entry.finished);
      else this.#acknowledged.set(key(entry), entry);
    }
  }

  /** When the file was through (ISO 8601) that ends in a line, if it ever was. */
  finishedAt(last: string): string | undefined {
    return this.#finished.get(last);
  }

  /** What the collector said of a batch of the file when it acknowledged it, if it ever did. */
  receipt(span: Span): Receipt | undefined {
    return this.#acknowledged.get(key(span));
  }

  /** @throws UserError when a batch was sent that was read by other settings. */
  checkSettings(span: Span): void {
    const sent = this.#acknowledged.get(key(span));
    if (sent !== undefined && sent.settings !== this.#settings)
      throw new UserError(
        "The file, or its beginning, was imported with another --format, --map or --site. Use the same again: what was sent is not sent anew, because an event stays as it came first.",
      );
  }

  acknowledge({ after, last }: Span, { accepted, failed, duplicate, batches }: Receipt): void {
    const entry = { after, last, settings: this.#settings, accepted, failed, duplicate, batches };
    this.#acknowledged.set(key(entry), entry);
    this.#append(entry);
  }

  finish(file: string, last: string): void {
    const finished = new Date().toISOString();
    this.#finished.set(last, finished);
    this.#append({ finished, file, last });
  }

  #append(entry: Entry): void {
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }
}

function key({ after, last }: Span): string {
  return `${after} ${last}`;
}

/** @returns undefined for an empty line, the torn end of a run that was killed, and what an older version wrote. */
function parse(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Partial<Entry>;
    return entry.last === undefined ? undefined : (entry as Entry);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
