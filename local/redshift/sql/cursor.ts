import { syntaxError } from "./error";
import { closing, is, type Token } from "./tokens";

/** A table's or view's name as it was written. */
export interface ObjectName {
  /** @default the search path finds it */
  readonly schema?: string;
  readonly name: string;
}

/** Walks over a statement's tokens, for the statements that are parsed and not rewritten. */
export class Cursor {
  #at = 0;
  constructor(readonly tokens: readonly Token[]) {}

  get at(): number {
    return this.#at;
  }
  get done(): boolean {
    return this.#at >= this.tokens.length;
  }
  peek(ahead = 0): Token | undefined {
    return this.tokens[this.#at + ahead];
  }
  /** Whether the next tokens are these words or symbols. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, i) => is(this.peek(i), text));
  }
  /** Takes the next tokens if they are these. */
  takes(...texts: readonly string[]): boolean {
    if (!this.sees(...texts)) return false;
    this.#at += texts.length;
    return true;
  }
  expect(...texts: readonly string[]): void {
    for (const text of texts) if (!this.takes(text)) throw this.error(`${text.toUpperCase()} expected`);
  }
  next(): Token {
    const token = this.peek();
    if (token === undefined) throw this.error("the statement ends too early");
    this.#at++;
    return token;
  }
  string(): string {
    const token = this.next();
    if (token.kind !== "string") throw syntaxError(token.text, "a quoted string expected");
    return token.text;
  }
  integer(): number {
    const token = this.next();
    if (token.kind !== "number" || !/^\d+$/.test(token.text))
      throw syntaxError(token.text, "a whole number expected");
    return Number(token.text);
  }
  /** A name, folded to lower case. */
  name(): string {
    const token = this.next();
    if (token.kind !== "word" && token.kind !== "quoted") throw syntaxError(token.text, "a name expected");
    return token.text.toLowerCase();
  }
  /** A user's or role's name: IAM's names keep their case, `"IAMR:Role"`. */
  userName(): string {
    const token = this.peek();
    const folded = this.name();
    return token?.kind === "quoted" ? token.text : folded;
  }
  /** Names between commas, and nothing else. */
  names(): string[] {
    const all = [this.name()];
    while (this.takes(",")) all.push(this.name());
    this.end();
    return all;
  }
  /** `[database.][schema.]name`; the database is checked by nobody else, so it is refused. */
  objectName(): ObjectName {
    const first = this.name();
    if (!this.takes(".")) return { name: first };
    const second = this.name();
    if (this.sees(".")) throw this.error("name a table as schema.table");
    return { schema: first, name: second };
  }
  /** What stands between the parenthesis that is next and the one that closes it. */
  parenthesized(): readonly Token[] {
    if (!this.sees("(")) throw this.error('"(" expected');
    const end = closing(this.tokens, this.#at);
    const inside = this.tokens.slice(this.#at + 1, end - 1);
    this.#at = end;
    return inside;
  }
  rest(): readonly Token[] {
    const rest = this.tokens.slice(this.#at);
    this.#at = this.tokens.length;
    return rest;
  }
  end(): void {
    if (!this.done) throw this.error();
  }
  error(because?: string): Error {
    return syntaxError(this.peek()?.text ?? "end of input", because);
  }
}
