import { syntaxError } from "./error";

/**
 * One token of a statement. `word` is an unquoted name or keyword, folded to lower case as Redshift folds it;
 * `quoted` a delimited name; `string` a literal's contents; `parameter` a `:name`.
 */
export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "operator" | "parameter";
  /** The word, name, contents, digits or symbol itself. */
  readonly text: string;
  /** Offset in the statement. */
  readonly at: number;
}

/** Longest first. */
const OPERATORS = [
  "!~*",
  "->>",
  "#>>",
  "::",
  "<=",
  ">=",
  "<>",
  "!=",
  "||",
  "->",
  "=>",
  "#>",
  "@>",
  "<@",
  "//",
  "**",
  "~*",
  "!~",
  "~~",
  ":=",
  "&&",
  "<<",
  ">>",
  "|/",
];

const SPACE = /\s+/y;
const LINE_COMMENT = /--[^\n]*/y;
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const PARAMETER = /:([A-Za-z_][A-Za-z0-9_]*)/y;
const DOLLAR = /\$([A-Za-z_]\w*)?\$/y;

/**
 * Splits a statement into tokens; comments and spaces fall away.
 * @throws {SqlError} for an unfinished literal, name or comment.
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(sql);
  };
  while (at < sql.length) {
    const blank = match(SPACE) ?? match(LINE_COMMENT);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    if (sql.startsWith("/*", at)) {
      at = endOfComment(sql, at);
      continue;
    }
    const [token, end] = next(sql, at, match);
    tokens.push(token);
    at = end;
  }
  return tokens;
}

function next(
  sql: string,
  at: number,
  match: (pattern: RegExp) => RegExpExecArray | null,
): [token: Token, end: number] {
  const character = sql.charAt(at);
  if (character === "'") {
    const { text, end } = stringLiteral(sql, at);
    return [{ kind: "string", text, at }, end];
  }
  if (character === '"') {
    const { text, end } = quotedName(sql, at);
    return [{ kind: "quoted", text, at }, end];
  }
  const dollar = match(DOLLAR);
  if (dollar !== null) {
    const close = sql.indexOf(dollar[0], at + dollar[0].length);
    if (close < 0) throw syntaxError(dollar[0], "unterminated dollar-quoted string");
    return [{ kind: "string", text: sql.slice(at + dollar[0].length, close), at }, close + dollar[0].length];
  }
  const word = match(WORD);
  if (word !== null) return [{ kind: "word", text: word[0].toLowerCase(), at }, at + word[0].length];
  const number = match(NUMBER);
  if (number !== null) return [{ kind: "number", text: number[0], at }, at + number[0].length];
  const parameter = match(PARAMETER);
  if (parameter?.[1] !== undefined)
    return [{ kind: "parameter", text: parameter[1], at }, at + parameter[0].length];
  const operator = OPERATORS.find((symbol) => sql.startsWith(symbol, at)) ?? character;
  return [{ kind: "operator", text: operator, at }, at + operator.length];
}

/** A literal's end and contents. A backslash escapes, as in Redshift and unlike in standard SQL. */
function stringLiteral(sql: string, start: number): { text: string; end: number } {
  let text = "";
  for (let at = start + 1; at < sql.length; at++) {
    const character = sql.charAt(at);
    if (character === "\\" && at + 1 < sql.length) {
      at++;
      text += ESCAPES[sql.charAt(at)] ?? sql.charAt(at);
    } else if (character !== "'") text += character;
    else if (sql.charAt(at + 1) === "'") {
      text += "'";
      at++;
    } else return { text, end: at + 1 };
  }
  throw syntaxError(sql.slice(start, start + 20), "unterminated quoted string");
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function quotedName(sql: string, start: number): { text: string; end: number } {
  let text = "";
  for (let at = start + 1; at < sql.length; at++) {
    if (sql.charAt(at) !== '"') text += sql.charAt(at);
    else if (sql.charAt(at + 1) === '"') {
      text += '"';
      at++;
    } else return { text, end: at + 1 };
  }
  throw syntaxError(sql.slice(start, start + 20), "unterminated quoted identifier");
}

function endOfComment(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    if (sql.startsWith("/*", at)) {
      depth++;
      at++;
    } else if (sql.startsWith("*/", at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  throw syntaxError("/*", "unterminated comment");
}

/** A literal as DuckDB reads it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as DuckDB reads it: delimited, folded to lower case, since Redshift folds delimited names too. */
export function identifier(name: string): string {
  return `"${name.toLowerCase().replaceAll('"', '""')}"`;
}

/** Whether the token is this keyword or symbol. */
export function is(token: Token | undefined, ...texts: readonly string[]): boolean {
  return (
    token !== undefined && (token.kind === "word" || token.kind === "operator") && texts.includes(token.text)
  );
}

/** The index behind the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (is(tokens[i], "(")) depth++;
    else if (is(tokens[i], ")")) {
      depth--;
      if (depth === 0) return i + 1;
    }
  }
  throw syntaxError("(", "it is never closed");
}

/** Splits a list at its commas outside of parentheses; an empty list has no parts. */
export function splitCommas(tokens: readonly Token[]): Token[][] {
  if (tokens.length === 0) return [];
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (is(token, "(")) depth++;
    if (is(token, ")")) depth--;
    if (depth === 0 && is(token, ",")) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
