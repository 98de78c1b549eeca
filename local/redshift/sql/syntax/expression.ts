import type { Cursor } from "../cursor";
import { syntaxError, unsupported } from "../error";
import { is } from "../tokens";
import { dataType } from "../types";
import type { Expression, MatchOperator } from "./ast";
import { primary } from "./primary";
import { query, seesQuery } from "./query";

/**
 * An expression, from the loosest operator down: OR, AND, NOT, IS, comparisons, matches, other operators, sums,
 * products, powers, signs, casts.
 * @throws {SqlError} for what Redshift's grammar does not have.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_compound_expressions.html
 */
export function expression(cursor: Cursor): Expression {
  return logical(cursor, "or", () => logical(cursor, "and", () => negation(cursor)));
}

/** Expressions between commas. */
export function expressions(cursor: Cursor): Expression[] {
  const all = [expression(cursor)];
  while (cursor.takes(",")) all.push(expression(cursor));
  return all;
}

function logical(cursor: Cursor, operator: "and" | "or", next: () => Expression): Expression {
  const operands = [next()];
  while (cursor.takes(operator)) operands.push(next());
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind: "logical", operator, operands };
}

function negation(cursor: Cursor): Expression {
  return cursor.takes("not") ? { kind: "not", operand: negation(cursor) } : test(cursor);
}

/** `operand IS …`, a comparison, a match. */
function test(cursor: Cursor): Expression {
  let left = comparison(cursor);
  for (;;) {
    if (cursor.takes("isnull")) left = { kind: "is", negated: false, operand: left, what: "null" };
    else if (cursor.takes("notnull")) left = { kind: "is", negated: true, operand: left, what: "null" };
    else if (cursor.takes("is")) left = isTest(cursor, left);
    else return left;
  }
}

function isTest(cursor: Cursor, operand: Expression): Expression {
  const negated = cursor.takes("not");
  for (const what of ["null", "true", "false", "unknown"] as const)
    if (cursor.takes(what)) return { kind: "is", negated, operand, what };
  if (cursor.sees("distinct")) throw cursor.error("Redshift has no IS DISTINCT FROM");
  throw cursor.error();
}

const COMPARISONS = ["=", "<>", "!=", "<=", ">=", "<", ">"];

function comparison(cursor: Cursor): Expression {
  let left = matched(cursor);
  for (;;) {
    const operator = COMPARISONS.find((symbol) => cursor.takes(symbol));
    if (operator === undefined) return left;
    const all = cursor.sees("all");
    if ((all || cursor.sees("any") || cursor.sees("some")) && is(cursor.peek(1), "(")) {
      cursor.next();
      cursor.expect("(");
      const inside = query(cursor);
      cursor.expect(")");
      left = { kind: "quantified", operator, all, operand: left, query: inside };
    } else left = { kind: "binary", operator, left, right: matched(cursor) };
  }
}

/** IN, BETWEEN, LIKE and the other matches. */
function matched(cursor: Cursor): Expression {
  let left = other(cursor);
  for (;;) {
    const negated = cursor.sees("not") && !is(cursor.peek(1), "null");
    const word = cursor.peek(negated ? 1 : 0);
    if (!is(word, "in", "between", "like", "ilike", "similar")) {
      const posix = POSIX[word?.kind === "operator" ? word.text : ""];
      if (posix === undefined || negated) return left;
      cursor.next();
      left = { kind: "match", ...posix, operand: left, pattern: other(cursor) };
      continue;
    }
    if (negated) cursor.next();
    cursor.next();
    left = withWord(cursor, left, word?.text ?? "", negated);
  }
}

const POSIX: Readonly<Record<string, { operator: MatchOperator; negated: boolean }>> = {
  "~": { operator: "posix", negated: false },
  "~*": { operator: "iposix", negated: false },
  "!~": { operator: "posix", negated: true },
  "!~*": { operator: "iposix", negated: true },
};

function withWord(cursor: Cursor, operand: Expression, word: string, negated: boolean): Expression {
  if (word === "in") {
    cursor.expect("(");
    const list = seesQuery(cursor) ? query(cursor) : expressions(cursor);
    cursor.expect(")");
    return { kind: "in", negated, operand, list };
  }
  if (word === "between") {
    cursor.takes("symmetric");
    const low = other(cursor);
    cursor.expect("and");
    return { kind: "between", negated, operand, low, high: other(cursor) };
  }
  if (word === "similar") cursor.expect("to");
  const operator = word as MatchOperator;
  const pattern = other(cursor);
  const mark = cursor.takes("escape") ? cursor.string() : undefined;
  return {
    kind: "match",
    operator,
    negated,
    operand,
    pattern,
    ...(mark === undefined ? {} : { escape: mark }),
  };
}

/** Operators with no place of their own: concatenation, bits. */
function other(cursor: Cursor): Expression {
  let left = sum(cursor);
  for (;;) {
    const operator = ["||", "&", "|", "#", "<<", ">>"].find((symbol) => cursor.takes(symbol));
    if (operator === undefined) return left;
    left = { kind: "binary", operator, left, right: sum(cursor) };
  }
}

/** An expression without comparisons: what may stand where a keyword follows. */
export function sum(cursor: Cursor): Expression {
  return chain(cursor, ["+", "-"], product);
}

function product(cursor: Cursor): Expression {
  return chain(cursor, ["*", "/", "%"], power);
}

function power(cursor: Cursor): Expression {
  return chain(cursor, ["^"], signed);
}

function chain(
  cursor: Cursor,
  operators: readonly string[],
  next: (cursor: Cursor) => Expression,
): Expression {
  let left = next(cursor);
  for (;;) {
    const operator = operators.find((symbol) => cursor.takes(symbol));
    if (operator === undefined) return left;
    left = { kind: "binary", operator, left, right: next(cursor) };
  }
}

function signed(cursor: Cursor): Expression {
  const operator = ["-", "+", "|/", "||/", "@", "~"].find((symbol) => cursor.takes(symbol));
  if (operator === undefined) return zoned(cursor);
  return { kind: "unary", operator, operand: signed(cursor) };
}

/** `operand AT TIME ZONE zone` */
function zoned(cursor: Cursor): Expression {
  let operand = casts(cursor);
  while (cursor.takes("at", "time", "zone")) operand = { kind: "zone", operand, zone: casts(cursor) };
  return operand;
}

/** `operand::type::type` */
function casts(cursor: Cursor): Expression {
  let operand = primary(cursor);
  for (;;) {
    if (cursor.takes("::")) operand = { kind: "cast", operand, type: dataType(cursor), lenient: false };
    else if (cursor.sees("collate")) throw unsupported("COLLATE");
    else if (cursor.sees("[")) throw syntaxError("[", "only a SUPER has elements");
    else return operand;
  }
}
