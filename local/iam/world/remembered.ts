import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

/** Ids remembered: the Data API itself forgets statements and sessions after 24 hours. */
const MOST = 5_000;

/**
 * What is known of ids that the Data API gave out: who had it run a statement, and in which workgroup a session is.
 * It is written down, because statements and sessions outlive the gateway's process.
 */
export class Remembered {
  readonly #values = new Map<string, string>();
  readonly #file: string | undefined;
  #lines = 0;

  /** @param file where it is kept. @default it is not */
  constructor(file?: string) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const [id, value] = line.split(" ");
      if (id && value) this.#remember(id, value);
    }
    this.#rewrite();
  }

  of(id: string): string | undefined {
    return this.#values.get(id);
  }

  /** @param value has no spaces. */
  add(id: string, value: string): void {
    this.#remember(id, value);
    if (this.#file === undefined) return;
    if (this.#lines > 2 * MOST) this.#rewrite();
    else appendFileSync(this.#file, `${id} ${value}\n`);
    this.#lines += 1;
  }

  #remember(id: string, value: string): void {
    this.#values.set(id, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > MOST && oldest !== undefined) this.#values.delete(oldest);
  }

  #rewrite(): void {
    if (this.#file === undefined) return;
    writeFileSync(this.#file, [...this.#values].map(([id, value]) => `${id} ${value}\n`).join(""));
    this.#lines = this.#values.size;
  }
}
