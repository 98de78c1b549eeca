import type { Cursor } from "../cursor";
import { SqlError, syntaxError, unsupported } from "../error";
import { is, type Token } from "../tokens";
import { dataType, isTypeName } from "../types";
import type { Expression, Path, Step } from "./ast";
import { call } from "./call";
import { expression, expressions } from "./expression";
import { query, seesQuery } from "./query";
import { CALLABLE, NO_SUCH_CLAUSE, RESERVED, WORD_FUNCTIONS } from "./words";

/** What no operator is in: a literal, a name, a call, something in parentheses. */
export function primary(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token === undefined) throw cursor.error("an expression expected");
  switch (token.kind) {
    case "string":
      cursor.next();
      return { kind: "string", text: token.text };
    case "number":
      cursor.next();
      return { kind: "number", text: token.text };
    case "parameter":
      throw new SqlError(`there is no parameter :${token.text}`);
    case "operator":
      return symbol(cursor, token);
    case "quoted":
      return is(cursor.peek(1), "(") ? call(cursor) : path(cursor);
    case "word":
      return word(cursor, token);
  }
}

function symbol(cursor: Cursor, { text }: Token): Expression {
  if (text === "*") {
    cursor.next();
    return { kind: "star", qualifier: [] };
  }
  if (text === "[" || text === "{") throw syntaxError(text, "Redshift has no such constructor");
  if (text !== "(") throw cursor.error();
  cursor.next();
  if (seesQuery(cursor)) {
    const inside = query(cursor);
    cursor.expect(")");
    return { kind: "subquery", query: inside };
  }
  const items = expressions(cursor);
  cursor.expect(")");
  const [first] = items;
  return items.length === 1 && first !== undefined ? first : { kind: "row", items };
}

function word(cursor: Cursor, token: Token): Expression {
  const { text } = token;
  const next = cursor.peek(1);
  const called = is(next, "(");
  const reason = NO_SUCH_CLAUSE.get(text);
  if (reason !== undefined && !is(next, ".") && !called) throw syntaxError(text, reason);
  if (cursor.takes("null")) return { kind: "null" };
  if (cursor.takes("true")) return { kind: "boolean", value: true };
  if (cursor.takes("false")) return { kind: "boolean", value: false };
  if (text === "default") {
    cursor.next();
    return { kind: "default" };
  }
  if (text === "case") return caseOf(cursor);
  if (text === "interval" && next?.kind === "string") return interval(cursor);
  if (text === "exists" && called) {
    cursor.next();
    cursor.expect("(");
    const inside = query(cursor);
    cursor.expect(")");
    return { kind: "exists", query: inside };
  }
  if (WORD_FUNCTIONS.has(text)) {
    cursor.next();
    if (cursor.sees("(")) throw cursor.error(`${text.toUpperCase()} takes no parentheses`);
    return { kind: "word", name: text };
  }
  if (isTypeName(cursor)) {
    const type = dataType(cursor);
    return { kind: "typed", type, text: cursor.string() };
  }
  if (text === "array" && is(next, "[")) throw syntaxError("[", "Redshift has no ARRAY[…]");
  if (text === "row" && called) throw syntaxError("row", "Redshift has no row constructors");
  if (text === "approximate" && next?.kind === "word") return call(cursor);
  if (called && (!RESERVED.has(text) || CALLABLE.has(text) || text === "cast")) return call(cursor);
  if (RESERVED.has(text)) throw syntaxError(text, "it is a reserved word; as a name it must be delimited");
  return path(cursor);
}

function caseOf(cursor: Cursor): Expression {
  cursor.expect("case");
  const operand = cursor.sees("when") ? undefined : expression(cursor);
  const branches: { when: Expression; value: Expression }[] = [];
  while (cursor.takes("when")) {
    const when = expression(cursor);
    cursor.expect("then");
    branches.push({ when, value: expression(cursor) });
  }
  if (branches.length === 0) throw cursor.error("WHEN expected");
  const otherwise = cursor.takes("else") ? expression(cursor) : undefined;
  cursor.expect("end");
  return {
    kind: "case",
    branches,
    ...(operand === undefined ? {} : { operand }),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}

const UNITS = ["year", "month", "day", "hour", "minute", "second"];

function interval(cursor: Cursor): Expression {
  cursor.expect("interval");
  const text = cursor.string();
  const unit = UNITS.find((each) => cursor.takes(each));
  if (unit === undefined) return { kind: "interval", text };
  if (cursor.takes("to")) throw unsupported(`INTERVAL '${text}' ${unit.toUpperCase()} TO …`);
  return { kind: "interval", text, unit };
}

/** `a.b.c`, `a.b[0].c`, `a.*`, `schema.function(…)`. */
export function path(cursor: Cursor): Expression {
  const names = [name(cursor, true)];
  while (cursor.sees(".")) {
    cursor.next();
    if (cursor.takes("*")) return { kind: "star", qualifier: names };
    names.push(name(cursor, false));
    if (cursor.sees("(")) {
      const [schema = "", called = "", ...more] = names;
      if (more.length > 0) throw cursor.error();
      return call(cursor, schema, called);
    }
  }
  return { kind: "path", names, steps: steps(cursor) };
}

/** A path that names what a query reads from. */
export function fromPath(cursor: Cursor): Path {
  const found = path(cursor);
  if (found.kind !== "path") throw cursor.error("a table's name expected");
  return found;
}

function steps(cursor: Cursor): Step[] {
  const all: Step[] = [];
  for (;;) {
    if (cursor.takes("[")) {
      const index = expression(cursor);
      if (cursor.sees(":")) throw cursor.error("Redshift has no slices");
      cursor.expect("]");
      all.push({ index });
    } else if (all.length > 0 && cursor.sees(".")) {
      cursor.next();
      all.push({ name: name(cursor, false) });
    } else return all;
  }
}

/** A name, folded to lower case. Behind a dot, reserved words are names too. */
function name(cursor: Cursor, first: boolean): string {
  const token = cursor.peek();
  if (first && token?.kind === "word" && RESERVED.has(token.text))
    throw syntaxError(token.text, "it is a reserved word; as a name it must be delimited");
  return cursor.name();
}
