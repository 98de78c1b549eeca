import { Cursor } from "../cursor";
import { identifier, is, splitCommas, type Token } from "../tokens";
import { KEYWORDS, VALUE_WORDS } from "./words";

/** What the rewriter must know of the database. */
export interface Names {
  readonly database: string;
  /** Who asks: what CURRENT_USER says. */
  readonly user: string;
  /** Names of all columns of type SUPER: a name behind one of them navigates into its value. */
  readonly superColumns: ReadonlySet<string>;
}

/** `(a, b)`: names that are defined, in the engine's SQL. */
export function nameList(tokens: readonly Token[]): string {
  const names = splitCommas(tokens).map((part) => {
    const cursor = new Cursor(part);
    const name = identifier(cursor.name());
    cursor.end();
    return name;
  });
  return `(${names.join(", ")})`;
}

/** Whether a word that may be a name belongs to the grammar, where it stands. */
export function isGrammar(word: string, before: Token | undefined, next: Token | undefined): boolean {
  switch (word) {
    case "at":
      return is(next, "time");
    case "time":
      return is(before, "at") && is(next, "zone");
    case "zone":
      return is(before, "time");
    case "first":
    case "last":
      return is(before, "nulls");
    case "current":
      return is(next, "row");
    default:
      return false;
  }
}

/** Whether an operand can begin with the token. */
export function startsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  const { kind, text } = token;
  if (kind === "operator") return ["(", "-", "+"].includes(text);
  return kind !== "word" || !KEYWORDS.has(text) || VALUE_WORDS.has(text) || text === "case";
}

/** Whether a literal behind the name is one of its type: `date '2024-01-01'`. */
export function isTypeName([part, more]: readonly Token[]): boolean {
  const types = ["date", "timestamp", "timestamptz"];
  return more === undefined && part?.kind === "word" && types.includes(part.text);
}
