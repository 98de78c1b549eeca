import { Cursor } from "../cursor";
import { SqlError, syntaxError } from "../error";
import { closing, is, splitCommas, type Token } from "../tokens";
import { type DataType, dataType } from "../types";
import { fieldPart } from "./dates";
import { spellCall } from "./functions";
import type { Names } from "./names";
import { refuseWindow, topLevel } from "./refusals";
import { rewrite, rewriteCast } from "./rewrite";

/** A call as it was read: what it is in the engine's SQL, and the index behind it. */
export interface ReadCall {
  readonly sql: string;
  readonly end: number;
}

/** Reads the call of `name` whose parenthesis opens at `open`, with all that may follow it. */
export function readCall(tokens: readonly Token[], open: number, name: string, names: Names): ReadCall {
  const reader = new CallReader(tokens, open, names);
  const inside = reader.inside();
  const { nulls, order, over } = reader.behind(name, inside);
  return { sql: spell(name, inside, { nulls, order, over }, names), end: reader.at };
}

interface Behind {
  readonly order: string;
  readonly nulls: string;
  readonly over: string;
}

class CallReader {
  constructor(
    readonly tokens: readonly Token[],
    public at: number,
    readonly names: Names,
  ) {}

  inside(): readonly Token[] {
    const open = this.tokens[this.at];
    if (!is(open, "(")) throw syntaxError(open?.text ?? "end of input", '"(" expected');
    const end = closing(this.tokens, this.at);
    const inside = this.tokens.slice(this.at + 1, end - 1);
    this.at = end;
    return inside;
  }

  /** What may follow a call: `within group (…)`, `ignore nulls`, `over (…)`. */
  behind(name: string, inside: readonly Token[]): Behind {
    let order = "";
    let nulls = "";
    if (this.#takes("within", "group")) order = rewrite(this.inside(), this.names);
    if (is(this.tokens[this.at], "filter") && is(this.tokens[this.at + 1], "("))
      throw syntaxError("filter", "Redshift has no FILTER");
    if (this.#takes("ignore", "nulls")) nulls = "ignore nulls";
    else if (this.#takes("respect", "nulls")) nulls = "respect nulls";
    if (!this.#takes("over")) return { order, nulls, over: "" };
    if (!is(this.tokens[this.at], "(")) throw syntaxError("over", "Redshift has no named windows");
    const window = this.inside();
    refuseWindow(name, inside, window);
    return { order, nulls, over: ` over (${rewrite(window, this.names)})` };
  }

  #takes(...words: readonly string[]): boolean {
    if (!words.every((word, i) => is(this.tokens[this.at + i], word))) return false;
    this.at += words.length;
    return true;
  }
}

function spell(name: string, inside: readonly Token[], { nulls, order, over }: Behind, names: Names): string {
  if (name === "cast" || name === "try_cast") return castCall(name, inside, names);
  if (name === "extract") return extract(inside, names);
  const raw = splitCommas(inside);
  const args = raw.map((arg) => rewrite(arg, names));
  if (name === "listagg") return listagg(args, order) + over;
  if (name === "avg") return average(args, over);
  const call = spellCall({ name, raw, args });
  const withNulls = nulls === "" ? call : `${call.slice(0, -1)} ${nulls})`;
  return withNulls + (order === "" ? "" : ` within group (${order})`) + over;
}

function castCall(name: string, inside: readonly Token[], names: Names): string {
  const as = topLevel(inside, "as");
  if (as < 0) throw syntaxError(name, "AS expected");
  const cursor = new Cursor(inside.slice(as + 1));
  const type = dataType(cursor);
  cursor.end();
  return castTo(rewriteCast(inside.slice(0, as), names), type, name);
}

/** An explicit cast; to a character type it cuts at the byte width. */
export function castTo(operand: string, type: DataType, name = "cast"): string {
  if (type.json) return `to_json(${operand})`;
  const cast = `${name}(${operand} as ${type.engine})`;
  return type.bytes === undefined ? cast : `rs.cut(${cast}, ${type.bytes})`;
}

function extract(inside: readonly Token[], names: Names): string {
  const [part, from, ...rest] = inside;
  if (part === undefined || !is(from, "from"))
    throw syntaxError("extract", "EXTRACT(part FROM time) expected");
  return `extract(${fieldPart(part.text)} from ${rewrite(rest, names)})`;
}

function listagg([first, separator, ...more]: readonly string[], order: string): string {
  if (first === undefined || more.length > 0) throw new SqlError("function listagg takes 1 or 2 arguments");
  return `string_agg(${first}, ${separator ?? "''"}${order === "" ? "" : ` ${order}`})`;
}

/** The mean as a sum by a count: of whole numbers it is a whole number. */
function average([arg, ...more]: readonly string[], over: string): string {
  if (arg === undefined || more.length > 0) throw new SqlError("function avg takes 1 argument");
  return `rs.average(sum(${arg})${over}, count(${arg})${over})`;
}
