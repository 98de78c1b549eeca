import type { FilterCriteria } from "@aws-sdk/client-lambda";
import { invalid } from "../control/router";

/** Whether a record, as JSON, passes. */
export type Matches = (value: unknown) => boolean;

/** A rule for one value; `undefined` stands for an absent one. */
type Rule = (value: unknown) => boolean;

/**
 * Reads a mapping's filters: each a pattern, any of which lets a record pass; undefined if there are none.
 * @throws InvalidParameterValueException for a pattern that is not JSON or uses an unknown operator.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export function parsePatterns(criteria: FilterCriteria | undefined): readonly object[] | undefined {
  const patterns = (criteria?.Filters ?? []).map(({ Pattern = "" }) => {
    let pattern: unknown;
    try {
      pattern = JSON.parse(Pattern);
    } catch {
      throw invalid(`Invalid filter pattern definition: not JSON: ${Pattern}`);
    }
    if (!isObject(pattern)) throw invalid(`Invalid filter pattern definition: not an object: ${Pattern}`);
    compile(pattern);
    return pattern;
  });
  return patterns.length === 0 ? undefined : patterns;
}

/** A filter of several patterns. */
export function anyOf(patterns: readonly object[]): Matches {
  const rules = patterns.map(compile);
  return (value) => rules.some((rule) => rule(value));
}

/** A pattern's members must all hold; `$or` lists patterns of which one must. */
function compile(pattern: object): Rule {
  const rules = Object.entries(pattern).map(([name, expected]): Rule => {
    if (name === "$or" && Array.isArray(expected) && expected.every(isObject)) {
      const alternatives = expected.map(compile);
      return (value) => alternatives.some((rule) => rule(value));
    }
    const rule = Array.isArray(expected)
      ? leaf(expected)
      : isObject(expected)
        ? compile(expected)
        : undefined;
    if (rule === undefined)
      throw invalid(`Invalid filter pattern definition: ${name} must be an object or an array`);
    return (value) => members(value).some((object) => rule(object?.[name]));
  });
  return (value) => rules.every((rule) => rule(value));
}

/** What a pattern looks into: an object, each object of an array, or nothing. */
function members(value: unknown): readonly (Record<string, unknown> | undefined)[] {
  if (Array.isArray(value) && value.some(isObject)) return value.filter(isObject);
  return [isObject(value) ? value : undefined];
}

/** The values and operators that one field may have; a field that is an array passes with any element. */
function leaf(expected: readonly unknown[]): Rule {
  if (expected.length === 0) throw invalid("Invalid filter pattern definition: an array must not be empty");
  const rules = expected.map(operator);
  const passes: Rule = (value) => rules.some((rule) => rule(value));
  return (value) => passes(value) || (Array.isArray(value) && value.some((element) => passes(element)));
}

function operator(expected: unknown): Rule {
  if (!isObject(expected)) {
    if (Array.isArray(expected)) throw invalid("Invalid filter pattern definition: an array within an array");
    return (value) => value === expected;
  }
  const [[name, operand] = ["", undefined], ...others] = Object.entries(expected);
  const make = OPERATORS[name];
  if (make === undefined || others.length > 0)
    throw invalid(
      `Invalid filter pattern definition: an operator must be one of ${Object.keys(OPERATORS).join(", ")}, ` +
        `got ${JSON.stringify(expected)}`,
    );
  return make(operand);
}

const OPERATORS: Readonly<Record<string, (operand: unknown) => Rule>> = {
  exists: (operand) => {
    if (typeof operand !== "boolean") throw badOperand("exists", operand);
    // only leaves exist: an object is no value
    return (value) => (value !== undefined && !isObject(value)) === operand;
  },
  prefix: text("prefix", (value, operand) => value.startsWith(operand)),
  suffix: text("suffix", (value, operand) => value.endsWith(operand)),
  "equals-ignore-case": text(
    "equals-ignore-case",
    (value, operand) => value.toLowerCase() === operand.toLowerCase(),
  ),
  "anything-but": (operand) => {
    const unwanted = isObject(operand)
      ? [operator(operand)]
      : (Array.isArray(operand) ? operand : [operand]).map(operator);
    return (value) =>
      value !== undefined && !isObject(value) && value !== null && !unwanted.some((rule) => rule(value));
  },
  numeric: (operand) => {
    if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0)
      throw badOperand("numeric", operand);
    const rules = Array.from({ length: operand.length / 2 }, (_, pair) =>
      comparison(operand[pair * 2], operand[pair * 2 + 1], operand),
    );
    return (value) => typeof value === "number" && rules.every((rule) => rule(value));
  },
};

function comparison(sign: unknown, bound: unknown, operand: unknown): (value: number) => boolean {
  if (typeof bound !== "number") throw badOperand("numeric", operand);
  switch (sign) {
    case "=":
      return (value) => value === bound;
    case "<":
      return (value) => value < bound;
    case "<=":
      return (value) => value <= bound;
    case ">":
      return (value) => value > bound;
    case ">=":
      return (value) => value >= bound;
    default:
      throw badOperand("numeric", operand);
  }
}

function text(name: string, holds: (value: string, operand: string) => boolean): (operand: unknown) => Rule {
  return (operand) => {
    if (typeof operand !== "string") throw badOperand(name, operand);
    return (value) => typeof value === "string" && holds(value, operand);
  };
}

function badOperand(name: string, operand: unknown): Error {
  return invalid(`Invalid filter pattern definition: ${name} cannot be ${JSON.stringify(operand)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
