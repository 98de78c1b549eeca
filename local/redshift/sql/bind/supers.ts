import { type DataType, isNumber, isText } from "../types";
import { BOOL, type Bound } from "./bound";
import { toSuper } from "./casts";

/**
 * Compares where at least one side is a SUPER, by its dynamic type: where the types differ, equality is false and any
 * other comparison null.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
 */
export function compareSuper(operator: string, left: Bound, right: Bound): Bound {
  if (left.type.name !== "super") return compareSuper(MIRRORED[operator] ?? operator, right, left);
  const equality = operator === "=" || operator === "<>" || operator === "!=";
  const negated = operator === "<>" || operator === "!=";
  if (right.type.name === "super") {
    const same = equality
      ? `rs.super_equal(${left.sql}, ${right.sql})`
      : `rs.super_compare(${left.sql}, ${right.sql}) ${operator} 0`;
    return { sql: `(${negated ? "not " : ""}${same})`, type: BOOL };
  }
  if (right.sql === "null") return { sql: "cast(null as boolean)", type: BOOL };
  const scalar = scalarOf(left.sql, right.type);
  if (scalar === undefined) {
    const other = toSuper(right);
    return { sql: `(${negated ? "not " : ""}rs.super_equal(${left.sql}, ${other}))`, type: BOOL };
  }
  if (!equality) return { sql: `(${scalar} ${operator} ${right.sql})`, type: BOOL };
  const equal = `coalesce(${scalar} = ${right.sql}, case when ${left.sql} is not null and ${right.sql} is not null then false end)`;
  return { sql: `(${negated ? `not ${equal}` : equal})`, type: BOOL };
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** The SUPER's scalar where it is of that kind, else null. */
function scalarOf(sql: string, type: DataType): string | undefined {
  if (isText(type)) return `rs.super_string(${sql})`;
  if (isNumber(type)) return `rs.super_number(${sql})`;
  return type.name === "bool" ? `rs.super_bool(${sql})` : undefined;
}

/** A condition: of a SUPER, whether it is true. */
export function condition({ sql, type }: Bound): string {
  return type.name === "super" ? `rs.super_bool(${sql})` : sql;
}
