import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { PageSink } from "../engine/results";
import type { Statement } from "./statement";

/**
 * Statements and their results on disk: a folder a statement, `statement.json` and a file of pages for each result. A
 * statement is there before its call is answered, so that none is forgotten that had an effect.
 */
export class Journal {
  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  /** Everything that is there, oldest first. What cannot be read was being written when the process ended: it is dropped. */
  load(): Statement[] {
    const statements: Statement[] = [];
    for (const name of readdirSync(this.folder)) {
      try {
        statements.push(
          JSON.parse(readFileSync(join(this.folder, name, "statement.json"), "utf8")) as Statement,
        );
      } catch {
        rmSync(join(this.folder, name), { recursive: true, force: true });
      }
    }
    return statements.sort((a, b) => a.createdAt - b.createdAt || a.queryId - b.queryId);
  }

  /** When it returns, a killed process finds the statement as it is. */
  save(statement: Statement): void {
    const folder = join(this.folder, statement.id);
    mkdirSync(folder, { recursive: true });
    const draft = join(folder, "statement.tmp");
    writeFileSync(draft, JSON.stringify(statement));
    renameSync(draft, join(folder, "statement.json"));
  }

  remove(id: string): void {
    rmSync(join(this.folder, id), { recursive: true, force: true });
  }

  /** Where the pages of a statement's result number `index` go, one behind the other. */
  sink(id: string, index: number): PageSink {
    const file = this.#pages(id, index);
    rmSync(file, { force: true });
    return {
      write(page) {
        const head = Buffer.alloc(4);
        const body = Buffer.from(page);
        head.writeUInt32LE(body.length);
        appendFileSync(file, Buffer.concat([head, body]));
      },
    };
  }

  /**
   * Page `number`, from 0, of a result, and whether another is behind it.
   * @returns undefined when there is no such page.
   */
  async page(
    id: string,
    index: number,
    number: number,
  ): Promise<{ readonly text: string; readonly more: boolean } | undefined> {
    const file = await open(this.#pages(id, index), "r");
    try {
      const { size } = await file.stat();
      let at = 0;
      for (let passed = 0; at < size; passed++) {
        const { buffer: head } = await file.read(Buffer.alloc(4), 0, 4, at);
        const length = head.readUInt32LE();
        if (passed === number) {
          const { buffer } = await file.read(Buffer.alloc(length), 0, length, at + 4);
          return { text: buffer.toString("utf8"), more: at + 4 + length < size };
        }
        at += 4 + length;
      }
      return undefined;
    } finally {
      await file.close();
    }
  }

  #pages(id: string, index: number): string {
    return join(this.folder, id, `${index}.pages`);
  }
}
