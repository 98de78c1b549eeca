import type { Expression } from "../syntax/ast";
import { as, asText, type Bound, TIMESTAMP, TIMESTAMPTZ } from "./bound";
import { castTo } from "./casts";
import { bind } from "./expression";
import type { Scope } from "./scope";

/** @see https://docs.aws.amazon.com/redshift/latest/dg/r_AT_TIME_ZONE.html */
export function zoned({ operand, zone }: Extract<Expression, { kind: "zone" }>, scope: Scope): Bound {
  const value = bind(operand, scope);
  const at = asText(bind(zone, scope));
  if (value.type.name === "timestamptz")
    return { sql: `rs.to_zone(${value.sql}, ${at})`, type: TIMESTAMP, label: "timezone" };
  const time = castTo(value, TIMESTAMP);
  return { sql: `rs.from_zone(${as(time, TIMESTAMP)}, ${at})`, type: TIMESTAMPTZ, label: "timezone" };
}
