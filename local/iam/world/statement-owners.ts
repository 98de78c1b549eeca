import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

/** Statements remembered: the Data API itself forgets them after 24 hours. */
const MOST = 5_000;

/**
 * Who had the Data API run which statement, for policies that let a caller see its own statements alone. It is
 * written down, because a statement outlives the gateway's process.
 */
export class StatementOwners {
  readonly #owners = new Map<string, string>();
  readonly #file: string | undefined;
  #lines = 0;

  /** @param file where it is kept. @default it is not */
  constructor(file?: string) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const [id, owner] = line.split(" ");
      if (id && owner) this.#remember(id, owner);
    }
    this.#rewrite();
  }

  of(id: string): string | undefined {
    return this.#owners.get(id);
  }

  /** @param userId `aws:userid` */
  add(id: string, userId: string): void {
    this.#remember(id, userId);
    if (this.#file === undefined) return;
    if (this.#lines > 2 * MOST) this.#rewrite();
    else appendFileSync(this.#file, `${id} ${userId}\n`);
    this.#lines += 1;
  }

  #remember(id: string, owner: string): void {
    this.#owners.set(id, owner);
    const [oldest] = this.#owners.keys();
    if (this.#owners.size > MOST && oldest !== undefined) this.#owners.delete(oldest);
  }

  #rewrite(): void {
    if (this.#file === undefined) return;
    writeFileSync(this.#file, [...this.#owners].map(([id, owner]) => `${id} ${owner}\n`).join(""));
    this.#lines = this.#owners.size;
  }
}
