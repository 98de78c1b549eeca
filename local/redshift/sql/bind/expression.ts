import { SqlError, syntaxError, unsupported } from "../error";
import type { Expression, OrderItem, Query } from "../syntax/ast";
import { literal } from "../tokens";
import { fullName, isText } from "../types";
import { asText, BOOL, type Bound, INT4, INT8, textLiteral } from "./bound";
import { bindCall } from "./calls";
import { castTo, commonType, toCommon } from "./casts";
import { intervalSql } from "./intervals";
import { matchSql } from "./matches";
import { alike, binary, compare, unary } from "./operators";
import { bindPath } from "./paths";
import { bindQuery } from "./queries/query";
import type { Scope } from "./scope";
import { condition } from "./supers";
import { zoned } from "./zones";

/**
 * Resolves an expression: what its names stand for, what types it has, and what the engine is to compute.
 * @throws {SqlError} for what Redshift refuses, and for what is not to be had here, said as such.
 */
export function bind(expression: Expression, scope: Scope): Bound {
  switch (expression.kind) {
    case "string":
      return textLiteral(expression.text);
    case "number":
      return numberLiteral(expression.text);
    case "boolean":
      return { sql: String(expression.value), type: BOOL, label: "bool" };
    case "null":
      return { sql: "null", type: { name: "unknown" } };
    case "default":
      throw syntaxError("default", "DEFAULT stands for a column's value alone");
    case "word":
      return bindCall(
        { kind: "call", name: expression.name, args: [], distinct: false, approximate: false },
        scope,
      );
    case "typed":
      return { ...castTo(textLiteral(expression.text), expression.type), label: expression.type.name };
    case "interval":
      return {
        sql: intervalSql(expression.text, expression.unit),
        type: { name: "interval" },
        label: "interval",
      };
    case "path":
      return bindPath(expression, scope, (index) => bind(index, scope));
    case "star":
      throw syntaxError("*", "it stands for columns in a SELECT list alone");
    case "call":
      return bindCall(expression, scope);
    case "cast":
      return castTo(bind(expression.operand, scope), expression.type, expression.lenient);
    case "unary":
      return signed(expression.operator, expression.operand, scope);
    case "binary":
      return binaryOf(expression, scope);
    case "logical": {
      const operands = expression.operands.map((operand) => truth(bind(operand, scope)));
      return { sql: `(${operands.join(` ${expression.operator} `)})`, type: BOOL };
    }
    case "not":
      return { sql: `(not ${truth(bind(expression.operand, scope))})`, type: BOOL };
    case "match":
      return matchOf(expression, scope);
    case "between":
      return between(expression, scope);
    case "in":
      return inList(expression, scope);
    case "quantified":
      return quantified(expression, scope);
    case "is":
      return isTest(expression, scope);
    case "case":
      return caseOf(expression, scope);
    case "exists":
      return { sql: `exists (${bindQuery(expression.query, scope).sql})`, type: BOOL, label: "exists" };
    case "subquery":
      return scalar(expression.query, scope);
    case "row":
      throw syntaxError("(", "a list stands before IN alone");
    case "zone":
      return zoned(expression, scope);
  }
}

/** What an expression says of a row: a condition. */
export function bindCondition(expression: Expression, scope: Scope): string {
  return truth(bind(expression, scope));
}

function truth(value: Bound): string {
  if (value.type.name === "bool" || value.type.name === "super" || value.sql === "null")
    return condition(value);
  if (value.text !== undefined) return castTo(value, BOOL).sql;
  throw new SqlError(`argument of a condition must be type boolean, not type ${fullName(value.type)}`);
}

function numberLiteral(text: string): Bound {
  if (/[eE]/.test(text)) return { sql: `cast(${text} as double)`, type: { name: "float8" } };
  const [whole = "", fraction = ""] = text.split(".");
  const digits = whole.replace(/^0+/, "");
  if (text.includes(".")) {
    const precision = Math.max(digits.length + fraction.length, fraction.length, 1);
    if (precision > 38) throw new SqlError("Numeric data overflow (result precision)");
    const type = { name: "numeric" as const, precision, scale: fraction.length };
    return { sql: `cast(${literal(text)} as decimal(${precision}, ${fraction.length}))`, type };
  }
  const value = BigInt(text);
  if (value < 2n ** 31n) return { sql: text, type: INT4 };
  if (value < 2n ** 63n) return { sql: text, type: INT8 };
  if (digits.length > 38) throw new SqlError("Numeric data overflow (result precision)");
  const type = { name: "numeric" as const, precision: digits.length, scale: 0 };
  return { sql: `cast(${literal(text)} as decimal(${digits.length}, 0))`, type };
}

/** The least of the whole numbers has no positive twin: its sign belongs to the literal. */
function signed(operator: string, operand: Expression, scope: Scope): Bound {
  if (operator === "-" && operand.kind === "number") {
    if (operand.text === "2147483648") return { sql: "cast(-2147483648 as integer)", type: INT4 };
    if (operand.text === "9223372036854775808")
      return { sql: "cast('-9223372036854775808' as bigint)", type: INT8 };
  }
  return unary(operator, bind(operand, scope));
}

function binaryOf({ operator, left, right }: Extract<Expression, { kind: "binary" }>, scope: Scope): Bound {
  if (left.kind !== "row" || right.kind !== "row")
    return binary(operator, bind(left, scope), bind(right, scope));
  if (!["=", "<>", "!="].includes(operator) || left.items.length !== right.items.length)
    throw unsupported("a comparison of lists other than by =");
  const pairs = left.items.map((item, i) => {
    const other = right.items[i];
    return other === undefined ? "true" : compare("=", bind(item, scope), bind(other, scope)).sql;
  });
  return { sql: `(${operator === "=" ? "" : "not "}(${pairs.join(" and ")}))`, type: BOOL };
}

function matchOf(match: Extract<Expression, { kind: "match" }>, scope: Scope): Bound {
  const operand = bind(match.operand, scope);
  const pattern = bind(match.pattern, scope);
  if (!isText(pattern.type)) throw new SqlError(`a pattern must be a text, not ${fullName(pattern.type)}`);
  return { sql: matchSql(match, asText(operand), pattern), type: BOOL };
}

function between(
  { operand, low, high, negated }: Extract<Expression, { kind: "between" }>,
  scope: Scope,
): Bound {
  const value = bind(operand, scope);
  const lower = compare(">=", value, bind(low, scope)).sql;
  const upper = compare("<=", value, bind(high, scope)).sql;
  return { sql: `(${negated ? "not " : ""}(${lower} and ${upper}))`, type: BOOL };
}

function inList({ operand, list, negated }: Extract<Expression, { kind: "in" }>, scope: Scope): Bound {
  const not = negated ? "not " : "";
  if (!("body" in list)) {
    if (operand.kind === "row") {
      const rows = list.map(
        (each) => binaryOf({ kind: "binary", operator: "=", left: operand, right: each }, scope).sql,
      );
      return { sql: `(${not}(${rows.join(" or ")}))`, type: BOOL };
    }
    const value = bind(operand, scope);
    const items = list.map((each) => bind(each, scope));
    if (
      value.type.name !== "super" &&
      items.every((item) => item.text !== undefined && !item.text.endsWith(" "))
    ) {
      const pairs = items.map((item) => alike(value, item));
      const [first] = pairs;
      return { sql: `(${first?.[0]} ${not}in (${pairs.map(([, item]) => item).join(", ")}))`, type: BOOL };
    }
    return {
      sql: `(${not}(${items.map((item) => compare("=", value, item).sql).join(" or ")}))`,
      type: BOOL,
    };
  }
  const found = bindQuery(list, scope);
  const operands = operand.kind === "row" ? operand.items : [operand];
  if (found.columns.length !== operands.length)
    throw new SqlError(`subquery has too ${found.columns.length < operands.length ? "few" : "many"} columns`);
  const values = operands.map((each, i) => {
    const value = bind(each, scope);
    const column = found.columns[i]?.type ?? { name: "unknown" as const };
    const [sql] = alike(value, { sql: "_", type: column });
    return sql;
  });
  const left = values.length === 1 ? (values[0] ?? "") : `(${values.join(", ")})`;
  return { sql: `(${left} ${not}in (${found.sql}))`, type: BOOL };
}

function quantified(
  { operator, all, operand, query }: Extract<Expression, { kind: "quantified" }>,
  scope: Scope,
): Bound {
  const value = bind(operand, scope);
  return {
    sql: `(${value.sql} ${operator} ${all ? "all" : "any"} (${bindQuery(query, scope).sql}))`,
    type: BOOL,
  };
}

function isTest({ operand, what, negated }: Extract<Expression, { kind: "is" }>, scope: Scope): Bound {
  const value = bind(operand, scope);
  const not = negated ? "not " : "";
  if (what !== "null") {
    const test = what === "unknown" ? "null" : what;
    return { sql: `(${truth(value)} is ${not}${test})`, type: BOOL };
  }
  if (value.type.name !== "super") return { sql: `(${value.sql} is ${not}null)`, type: BOOL };
  return { sql: `(${not}(${value.sql} is null or json_type(${value.sql}) = 'NULL'))`, type: BOOL };
}

function caseOf(
  { operand, branches, otherwise }: Extract<Expression, { kind: "case" }>,
  scope: Scope,
): Bound {
  const subject = operand === undefined ? undefined : bind(operand, scope);
  const conditions = branches.map(({ when }) =>
    subject === undefined ? bindCondition(when, scope) : compare("=", subject, bind(when, scope)).sql,
  );
  const values = branches.map(({ value }) => bind(value, scope));
  const last: Bound =
    otherwise === undefined ? { sql: "null", type: { name: "unknown" } } : bind(otherwise, scope);
  const type = commonType([...values, last], "CASE");
  const whens = values.map((value, i) => `when ${conditions[i]} then ${toCommon(value, type)}`);
  return { sql: `case ${whens.join(" ")} else ${toCommon(last, type)} end`, type, label: "case" };
}

function scalar(query: Query, scope: Scope): Bound {
  const { sql, columns } = bindQuery(query, scope);
  const [column, more] = columns;
  if (column === undefined || more !== undefined) throw new SqlError("subquery must return only one column");
  return { sql: `(${sql})`, type: column.type, label: column.name };
}

/** What rows are ordered by, in the engine's SQL. */
export function orderSql({ descending, nulls }: OrderItem, sql: string): string {
  return `${sql}${descending ? " desc" : " asc"} nulls ${nulls ?? (descending ? "first" : "last")}`;
}
