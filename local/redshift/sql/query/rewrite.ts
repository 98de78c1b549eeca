import { Cursor } from "../cursor";
import { SqlError, syntaxError, unsupported } from "../error";
import { closing, identifier, is, literal, type Token } from "../tokens";
import { dataType } from "../types";
import { castTo, readCall } from "./calls";
import { isGrammar, isTypeName, type Names, nameList, startsOperand } from "./names";
import { refuseClause, refuseQualify, refuseWord, topLevel } from "./refusals";
import { ENGINE_NAMES, KEYWORDS, OPERATORS, OPERATORS_ELSEWHERE, SYSTEM_VIEWS, VALUE_WORDS } from "./words";

/**
 * A query, or the part of one, in the engine's SQL.
 * @throws {SqlError} for what Redshift refuses or the engine cannot do.
 */
export function rewrite(tokens: readonly Token[], names: Names): string {
  return new Rewriter(tokens, names, false).run();
}

/** An expression of which the whole is cast by what is around it. */
export function rewriteCast(tokens: readonly Token[], names: Names): string {
  return new Rewriter(tokens, names, true).run();
}

const USER_WORDS = new Set(["current_user", "session_user", "user"]);

/** One pass over the tokens, writing pieces; it remembers where the last operand began, for casts. */
class Rewriter {
  readonly #out: string[] = [];
  /** The piece that the last operand begins with. @default no operand ends here */
  #operand: number | undefined;
  readonly #cases: number[] = [];
  /** Whether the operand that comes next divides. */
  #divides = false;
  #at = 0;

  constructor(
    readonly tokens: readonly Token[],
    readonly names: Names,
    /** Whether the whole is cast by what is around it. */
    readonly cast: boolean,
  ) {}

  run(): string {
    while (this.#at < this.tokens.length) {
      this.#step();
      this.#guardDivisor();
    }
    return this.#out.join(" ");
  }

  #step(): void {
    const token = this.#peek();
    if (token === undefined) return;
    if (token.kind === "string") this.#string(token);
    else if (token.kind === "number") this.#value(token.text);
    else if (token.kind === "parameter") throw new SqlError(`there is no parameter :${token.text}`);
    else if (token.kind === "operator") this.#operator(token);
    else if (token.kind !== "word" || !this.#keyword(token)) this.#name();
  }

  #peek(ahead = 0): Token | undefined {
    return this.tokens[this.#at + ahead];
  }

  #emit(piece: string, tokens = 1): void {
    this.#out.push(piece);
    this.#operand = undefined;
    this.#at += tokens;
  }

  #value(piece: string, tokens = 1): void {
    this.#operand = this.#out.length;
    this.#out.push(piece);
    this.#at += tokens;
  }

  /** A divisor of zero is an error in Redshift, and null in the engine. */
  #guardDivisor(): void {
    if (!this.#divides || this.#operand === undefined || is(this.#peek(), "::")) return;
    this.#divides = false;
    const divisor = this.#out.splice(this.#operand).join(" ");
    this.#out.push(/^[1-9]\d*$/.test(divisor) ? divisor : `rs.divisor(${divisor})`);
  }

  #string(token: Token): void {
    const before = this.tokens[this.#at - 1];
    if (is(before, "from", "join")) throw syntaxError(`'${token.text}'`, "a table's name expected");
    this.#value(literal(token.text));
    const pattern = is(before, "like", "ilike") && token.text.includes("\\") && !is(this.#peek(), "escape");
    if (pattern) this.#emit(`escape '\\'`, 0);
  }

  #operator(token: Token): void {
    const { text } = token;
    const next = this.#peek(1);
    if (text === "(") this.#group();
    else if (text === "::") this.#castBehind();
    else {
      if (text === "*" && is(next, "replace")) throw syntaxError("replace", "Redshift has no * REPLACE");
      if (text === "%" && !startsOperand(next)) throw syntaxError("%", "an operand expected");
      if (text === "[") throw unsupported("an array or an element of one");
      if (OPERATORS_ELSEWHERE.has(text)) throw unsupported(`operator ${text}`);
      if (!OPERATORS.has(text)) throw syntaxError(text);
      this.#emit(text);
      this.#divides = text === "/" || text === "%" || (this.#divides && /[+-]/.test(text));
    }
  }

  /** What stands in parentheses and is no call: an expression, a subquery, a list. */
  #group(): void {
    const end = closing(this.tokens, this.#at);
    const inside = this.tokens.slice(this.#at + 1, end - 1);
    if (is(inside[0], "values") && is(this.tokens[this.#at - 1], "from", "join", ","))
      throw syntaxError("values", "a list of values is no table");
    this.#value(`(${rewrite(inside, this.names)})`, end - this.#at);
  }

  /** `operand::type` */
  #castBehind(): void {
    if (this.#operand === undefined) throw syntaxError("::", "there is nothing to cast");
    const cursor = new Cursor(this.tokens.slice(this.#at + 1));
    const type = dataType(cursor);
    this.#at += 1 + cursor.at;
    const operand = this.#out.splice(this.#operand).join(" ");
    this.#out.push(castTo(operand, type));
  }

  /** A word of the grammar; false for a name. */
  #keyword(token: Token): boolean {
    const { text } = token;
    const next = this.#peek(1);
    refuseWord(token, next);
    if (text === "approximate") {
      if (!is(next, "count")) throw unsupported("APPROXIMATE of other than COUNT");
      this.#at++;
      return true;
    }
    if (!KEYWORDS.has(text) || ((text === "left" || text === "right") && is(next, "("))) return false;
    refuseClause(token, next, this.#peek(2));
    if (text === "qualify") refuseQualify(this.tokens, this.#at);
    this.#clause(text, next);
    return true;
  }

  #clause(text: string, next: Token | undefined): void {
    if (text === "minus") this.#emit("except");
    else if (text === "sysdate") this.#value("cast(now() as timestamp)");
    else if (text === "interval") this.#interval(next);
    else if (text === "with") this.#with();
    else if (text === "case") {
      this.#cases.push(this.#out.length);
      this.#emit("case");
    } else if (text === "end") {
      this.#emit("end");
      this.#operand = this.#cases.pop();
    } else if (USER_WORDS.has(text)) this.#value(literal(this.names.user));
    else if (VALUE_WORDS.has(text)) this.#value(text);
    else this.#emit(text);
  }

  #interval(next: Token | undefined): void {
    if (next?.kind !== "string" || !/^\s*[+-]?\d+(\.\d+)?\s+[a-z]+\s*$/i.test(next.text))
      throw unsupported("this form of an interval (write INTERVAL '1 day')");
    this.#value(`interval ${literal(next.text.trim())}`, 2);
  }

  /** `WITH [RECURSIVE] name [(columns)] AS (…), …`: the names that follow are defined, not called. */
  #with(): void {
    this.#emit("with");
    const recursive = is(this.#peek(), "recursive");
    if (recursive) this.#emit("recursive");
    for (;;) {
      const cursor = new Cursor(this.tokens.slice(this.#at));
      this.#emit(identifier(cursor.name()), 0);
      if (cursor.sees("(")) this.#emit(nameList(cursor.parenthesized()), 0);
      else if (recursive) throw syntaxError("as", "a recursive WITH needs a column list");
      cursor.expect("as");
      const body = cursor.parenthesized();
      const union = topLevel(body, "union");
      if (recursive && union >= 0 && !is(body[union + 1], "all"))
        throw syntaxError("union", "a recursive WITH is a UNION ALL");
      this.#emit(`as (${rewrite(body, this.names)})`, cursor.at);
      if (!is(this.#peek(), ",")) return;
      this.#emit(",");
    }
  }

  /** `a.b.c`, `a.*`, `a.b::type` into a SUPER, or a call `a(…)`. */
  #name(): void {
    const start = this.#at;
    const parts = this.#path();
    const texts = parts.map((part) => part.text.toLowerCase());
    if (texts.length > 2 && texts[0] === this.names.database) texts.shift();
    if (is(this.#peek(), "(")) {
      this.#opened(start, texts);
      return;
    }
    if (texts.some((text) => ENGINE_NAMES.test(text)))
      throw new SqlError(`relation "${texts.join(".")}" does not exist`);
    if (texts[0] === "pg_catalog") throw unsupported(`relation ${texts.join(".")}`);
    const column = texts.findIndex((text) => this.names.superColumns.has(text));
    if (column >= 0 && column < texts.length - 1 && !is(parts.at(-1), "*")) this.#navigate(texts, column);
    else this.#value(this.#spell(start, parts, texts), 0);
    if (is(this.#peek(), "[")) throw unsupported("an array's element");
    if (isTypeName(parts) && this.#peek()?.kind === "string") this.#typedLiteral(texts[0] ?? "");
  }

  #path(): Token[] {
    const parts: Token[] = [];
    do {
      if (parts.length > 0) this.#at++;
      const part = this.#peek();
      const named = part?.kind === "word" || part?.kind === "quoted" || (parts.length > 0 && is(part, "*"));
      if (part === undefined || !named) throw syntaxError(part?.text ?? "end of input", "a name expected");
      parts.push(part);
      this.#at++;
    } while (is(this.#peek(), "."));
    return parts;
  }

  #spell(start: number, parts: readonly Token[], texts: readonly string[]): string {
    const [first = ""] = texts;
    const only = texts.length === 1 && parts[0]?.kind === "word";
    const relation = is(this.tokens[start - 1], "from", "join", ",");
    if (only && isGrammar(first, this.tokens[start - 1], this.#peek())) return first;
    if (only && relation && SYSTEM_VIEWS.has(first)) return SYSTEM_VIEWS.get(first) ?? first;
    return texts.map((text) => (text === "*" ? "*" : identifier(text))).join(".");
  }

  /** A name with a parenthesis behind it: a call, or the columns of an alias. */
  #opened(start: number, texts: readonly string[]): void {
    const before = this.tokens[start - 1];
    const named = before?.kind === "quoted" || (before?.kind === "word" && !KEYWORDS.has(before.text));
    if (is(before, "as", ")") || (named && !is(before, "approximate"))) {
      const end = closing(this.tokens, this.#at);
      const columns = nameList(this.tokens.slice(this.#at + 1, end - 1));
      this.#emit(`${texts.map(identifier).join(".")} ${columns}`, end - this.#at);
      return;
    }
    const [name = "", ...more] = texts;
    if (more.length > 0) throw new SqlError(`function ${texts.join(".")} does not exist`);
    const { sql, end } = readCall(this.tokens, this.#at, name, this.names);
    this.#value(sql, end - this.#at);
  }

  /** `date '2024-01-01'`. */
  #typedLiteral(type: string): void {
    this.#out.pop();
    this.#value(`cast(${literal(this.#peek()?.text ?? "")} as ${type})`);
  }

  /** `column.path.path::type`; without the cast its meaning depends on the value, and is refused. */
  #navigate(texts: readonly string[], column: number): void {
    const whole = this.cast && this.#out.length === 0 && this.#at === this.tokens.length;
    const shown = texts.join(".");
    if (!whole && !is(this.#peek(), "::"))
      throw unsupported(`navigation into ${shown} without a cast (write ${shown}::varchar)`);
    const path = texts.slice(column + 1).map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    const name = texts
      .slice(0, column + 1)
      .map(identifier)
      .join(".");
    this.#value(`rs.super_text(json_extract(${name}, ${literal(path.join(""))}))`, 0);
  }
}
