import { similarPattern } from "../../values/patterns";
import { SqlError } from "../error";
import type { Expression } from "../syntax/ast";
import { literal } from "../tokens";
import type { Bound } from "./bound";

/**
 * LIKE, ILIKE, SIMILAR TO and the POSIX operators. A backslash escapes unless another character is named.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions.html
 */
export function matchSql(
  { operator, negated, escape: mark }: Extract<Expression, { kind: "match" }>,
  operand: string,
  pattern: Bound,
): string {
  const not = negated ? "not " : "";
  if (mark !== undefined && [...mark].length > 1) throw new SqlError("invalid escape string");
  switch (operator) {
    case "like":
    case "ilike":
      return `(${operand} ${not}${operator} ${pattern.sql} escape ${literal(mark ?? "\\")})`;
    case "similar": {
      const regex =
        pattern.text === undefined
          ? `rs_similar(${pattern.sql}, ${literal(mark ?? "\\")})`
          : literal(similarPattern(pattern.text, mark ?? "\\"));
      return `(${not}rs_matches(${operand}, ${regex}, ''))`;
    }
    case "posix":
    case "iposix":
      return `(${not}rs_matches(${operand}, ${pattern.sql}, '${operator === "iposix" ? "i" : ""}'))`;
  }
}
