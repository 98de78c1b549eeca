import { SqlError } from "../error";
import { type DataType, fullName, isFloat, isNumber, isText, isTime, isWhole } from "../types";
import { as, asText, BOOL, type Bound, DATE, FLOAT8, TIMESTAMP, varchar } from "./bound";
import { castTo, decimalOf } from "./casts";
import { compareSuper } from "./supers";

/** `left operator right`. */
export function binary(operator: string, left: Bound, right: Bound): Bound {
  if (operator === "||") return concatenate(left, right);
  if (["=", "<>", "!=", "<", "<=", ">", ">="].includes(operator)) return compare(operator, left, right);
  if (["&", "|", "#", "<<", ">>"].includes(operator)) return bits(operator, left, right);
  if (operator === "^")
    return { sql: `power(${as(number(left), FLOAT8)}, ${as(number(right), FLOAT8)})`, type: FLOAT8 };
  const time = timeArithmetic(operator, left, right);
  return time ?? arithmetic(operator, number(left), number(right));
}

/** `operator operand`. */
export function unary(operator: string, operand: Bound): Bound {
  const value = number(operand);
  switch (operator) {
    case "-":
    case "+":
      return { sql: `(${operator}${value.sql})`, type: value.type };
    case "@":
      return { sql: `abs(${value.sql})`, type: value.type };
    case "|/":
      return { sql: `rs.root(${as(value, FLOAT8)})`, type: FLOAT8 };
    case "||/":
      return { sql: `cbrt(${as(value, FLOAT8)})`, type: FLOAT8 };
    case "~":
      return { sql: `(~${value.sql})`, type: value.type };
  }
  throw new SqlError(`operator does not exist: ${operator}`);
}

/** `left || right`: null where one of them is. */
function concatenate(left: Bound, right: Bound): Bound {
  const { bytes: one } = left.text === undefined ? left.type : { bytes: Buffer.byteLength(left.text) };
  const { bytes: two } = right.text === undefined ? right.type : { bytes: Buffer.byteLength(right.text) };
  const bytes = one === undefined || two === undefined ? undefined : one + two;
  return { sql: `(${asText(left)} || ${asText(right)})`, type: varchar(bytes) };
}

/** An operand of arithmetic: a number, or what is read as one. */
function number(value: Bound): Bound {
  if (isNumber(value.type) || value.type.name === "interval") return value;
  if (value.sql === "null") return { sql: "cast(null as integer)", type: { name: "int4" } };
  if (value.type.name === "super") return castTo(value, FLOAT8);
  if (isText(value.type)) {
    if (value.text !== undefined && /^\s*[+-]?\d+\s*$/.test(value.text))
      return castTo(value, { name: "int4" });
    return castTo(value, FLOAT8);
  }
  throw new SqlError(`operator does not exist for type ${fullName(value.type)}`);
}

/**
 * Sums, differences, products, quotients and remainders.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
 */
function arithmetic(operator: string, left: Bound, right: Bound): Bound {
  if (left.type.name === "interval" || right.type.name === "interval")
    return ofInterval(operator, left, right);
  const divides = operator === "/" || operator === "%";
  const divisor = divides ? `rs.divisor(${right.sql})` : right.sql;
  if (isFloat(left.type) || isFloat(right.type)) {
    const type = left.type.name === "float4" && right.type.name === "float4" ? left.type : FLOAT8;
    const second = divides ? `rs.divisor(${as(right, type)})` : as(right, type);
    return { sql: `(${as(left, type)} ${operator} ${second})`, type };
  }
  if (isWhole(left.type) && isWhole(right.type)) {
    const widths = ["int2", "int4", "int8"] as const;
    const at = Math.max(...[left, right].map(({ type }) => widths.indexOf(type.name as "int2")));
    const type: DataType = { name: widths[at] ?? "int8" };
    return { sql: `(${as(left, type)} ${operator} ${as({ ...right, sql: divisor }, type)})`, type };
  }
  return decimal(operator, left, right, divisor);
}

function ofInterval(operator: string, left: Bound, right: Bound): Bound {
  const both = left.type.name === right.type.name;
  if (both ? operator !== "+" && operator !== "-" : operator !== "*" && operator !== "/")
    throw new SqlError(`operator does not exist: ${fullName(left.type)} ${operator} ${fullName(right.type)}`);
  return { sql: `(${left.sql} ${operator} ${right.sql})`, type: { name: "interval" } };
}

function decimal(operator: string, left: Bound, right: Bound, divisor: string): Bound {
  const { precision: p1, scale: s1 } = decimalOf(left.type);
  const { precision: p2, scale: s2 } = decimalOf(right.type);
  if (operator === "/") return quotient(left, right, divisor);
  if (operator === "%") {
    const scale = Math.max(s1, s2);
    const type: DataType = {
      name: "numeric",
      precision: Math.min(38, Math.max(p1 - s1, p2 - s2) + scale),
      scale,
    };
    return { sql: `(${wide(left)} % ${wide({ ...right, sql: divisor })})`, type };
  }
  const scale = operator === "*" ? s1 + s2 : Math.max(s1, s2);
  const precision = operator === "*" ? p1 + p2 + 1 : Math.max(p1 - s1, p2 - s2) + scale + 1;
  if (scale > 38) throw new SqlError("Numeric data overflow (result scale)");
  const type: DataType = { name: "numeric", precision: Math.min(precision, 38), scale };
  const engine = `decimal(${type.precision}, ${scale})`;
  return { sql: `cast((${wide(left)} ${operator} ${wide(right)}) as ${engine})`, type };
}

/** A decimal, or a whole number as the decimal that has its digits. */
function wide(value: Bound): string {
  if (value.type.name === "numeric") return value.sql;
  return `cast(${value.sql} as decimal(${decimalOf(value.type).precision}, 0))`;
}

/** A quotient of decimals, of the documented scale, cut and not rounded: computed in whole numbers of its unit. */
function quotient(left: Bound, right: Bound, divisor: string): Bound {
  const { precision: p1, scale: s1 } = decimalOf(left.type);
  const { precision: p2, scale: s2 } = decimalOf(right.type);
  let scale = Math.max(4, s1 + p2 - s2 + 1);
  let precision = p1 - s1 + s2 + scale;
  if (precision > 38) {
    scale = Math.max(38 + scale - precision, 4);
    precision = 38;
  }
  const shift = scale - s1 + s2;
  const units = (sql: string, from: number): string =>
    from === 0
      ? `cast(${sql} as hugeint)`
      : `cast(cast(${sql} as decimal(38, ${from})) * ${power(from)} as hugeint)`;
  const whole = `(${units(left.sql, s1)} * cast('1${"0".repeat(Math.max(shift, 0))}' as hugeint)) // ${units(divisor, s2)}`;
  const unit = `cast('${scale === 0 ? "1" : `0.${"0".repeat(scale - 1)}1`}' as decimal(${Math.max(scale, 1)}, ${scale}))`;
  const sql = `cast(cast(${whole} as decimal(38, 0)) * ${unit} as decimal(${precision}, ${scale}))`;
  return { sql, type: { name: "numeric", precision, scale } };
}

function power(digits: number): string {
  return `1${"0".repeat(digits)}`;
}

function bits(operator: string, left: Bound, right: Bound): Bound {
  const [one, two] = [number(left), number(right)];
  if (!isWhole(one.type) || !isWhole(two.type))
    throw new SqlError(`operator does not exist: ${fullName(one.type)} ${operator} ${fullName(two.type)}`);
  const type = one.type.name === "int8" || two.type.name === "int8" ? { name: "int8" as const } : one.type;
  const sql = operator === "#" ? `xor(${one.sql}, ${two.sql})` : `(${one.sql} ${operator} ${two.sql})`;
  return { sql, type };
}

/** Sums and differences of dates and times; undefined when neither operand is one. */
function timeArithmetic(operator: string, left: Bound, right: Bound): Bound | undefined {
  const [one, two] = [left.type, right.type];
  if (!isTime(one) && !isTime(two)) return undefined;
  if (operator === "-" && isTime(two)) {
    const from = isTime(one) ? left : castTo(left, two);
    if (from.type.name === "date" && two.name === "date")
      return { sql: `cast(${from.sql} - ${right.sql} as integer)`, type: { name: "int4" } };
    return {
      sql: `(cast(${from.sql} as timestamp) - cast(${right.sql} as timestamp))`,
      type: { name: "interval" },
    };
  }
  if (operator === "+" && isTime(two) && !isTime(one)) return timeArithmetic("+", right, left);
  if (operator !== "+" && operator !== "-") return undefined;
  if (two.name === "interval") {
    const type = one.name === "date" ? TIMESTAMP : one;
    return { sql: `(${left.sql} ${operator} ${right.sql})`, type };
  }
  const days = number(right);
  if (one.name !== "date" || !isWhole(days.type))
    throw new SqlError(`operator does not exist: ${fullName(one)} ${operator} ${fullName(two)}`);
  return { sql: `(${left.sql} ${operator} cast(${days.sql} as integer))`, type: DATE };
}

/** A comparison: the operands are brought to one type first, as Redshift does. */
export function compare(operator: string, left: Bound, right: Bound): Bound {
  if (left.type.name === "super" || right.type.name === "super") return compareSuper(operator, left, right);
  const [one, two] = alike(left, right);
  const textual = isText(left.type) && isText(right.type);
  if (textual && (operator === "=" || operator === "<>" || operator === "!="))
    return { sql: sameText(one, two, operator !== "="), type: BOOL };
  return { sql: `(${one} ${operator} ${two})`, type: BOOL };
}

/** Both operands in one representation. */
export function alike(left: Bound, right: Bound): readonly [string, string] {
  const [one, two] = [left.type, right.type];
  if (isText(one) && isText(two)) return [trimmed(left), trimmed(right)];
  if (left.text !== undefined) return [castTo(left, two).sql, right.sql];
  if (right.text !== undefined) return [left.sql, castTo(right, one).sql];
  if (left.sql === "null" || right.sql === "null") return [left.sql, right.sql];
  if (isText(one) && isNumber(two)) return withText(left, right);
  if (isNumber(one) && isText(two)) {
    const [text, value] = withText(right, left);
    return [value, text];
  }
  if (isText(one) && isTime(two)) return [castTo(left, two).sql, right.sql];
  if (isTime(one) && isText(two)) return [left.sql, castTo(right, one).sql];
  const comparable =
    one.name === two.name || (isNumber(one) && isNumber(two)) || (isTime(one) && isTime(two));
  if (!comparable) throw new SqlError(`operator does not exist: ${fullName(one)} = ${fullName(two)}`);
  return [left.sql, right.sql];
}

/** A text is read as a decimal beside a decimal; any other number is compared as text. */
function withText(text: Bound, value: Bound): readonly [string, string] {
  if (value.type.name === "numeric") return [`cast(${text.sql} as decimal(38, 10))`, value.sql];
  return [text.sql, asText(value)];
}

/** Blanks at the end of a literal do not count. */
function trimmed(value: Bound): string {
  return value.text === undefined || !value.text.endsWith(" ") ? value.sql : `rtrim(${value.sql})`;
}

/** Equality of texts, in which blanks at the end do not count. Only a literal is compared so: a join is not slowed. */
function sameText(one: string, two: string, negated: boolean): string {
  const [value, constant] = one.startsWith("'") ? [two, one] : [one, two];
  if (!constant.startsWith("'") || value.startsWith("'")) return `(${one} ${negated ? "<>" : "="} ${two})`;
  const blank = `(suffix(${value}, ' ') and rtrim(${value}) = ${constant})`;
  return negated ? `(${value} <> ${constant} and not ${blank})` : `(${value} = ${constant} or ${blank})`;
}
