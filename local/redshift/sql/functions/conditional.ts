import type { Bound } from "../bind/bound";
import { commonType, toCommon } from "../bind/casts";
import { compare } from "../bind/operators";
import { SqlError } from "../error";
import { at, type Spelling, type Spellings, scalar } from "./spelling";

/** The first value that is not null. */
const FIRST: Spelling = scalar(
  [1, -1],
  (args) => {
    const type = commonType(args, "COALESCE");
    if (args.length === 1) return { sql: toCommon(at(args, 0), type), type };
    return { sql: `coalesce(${args.map((arg) => toCommon(arg, type)).join(", ")})`, type };
  },
  "coalesce",
);

/** The greatest or least value; nulls are passed over. */
const extreme = (name: string) =>
  scalar([1, -1], (args) => {
    const type = commonType(args, name.toUpperCase());
    return { sql: `${name}(${args.map((arg) => toCommon(arg, type)).join(", ")})`, type };
  });

/** @see https://docs.aws.amazon.com/redshift/latest/dg/c_conditional_expressions.html */
export const CONDITIONAL: Spellings = {
  coalesce: FIRST,
  nvl: FIRST,
  nvl2: scalar(
    [3],
    (args) => {
      const type = commonType([at(args, 1), at(args, 2)], "NVL2");
      return {
        sql: `case when ${at(args, 0).sql} is not null then ${toCommon(at(args, 1), type)} else ${toCommon(at(args, 2), type)} end`,
        type,
      };
    },
    "case",
  ),
  nullif: scalar(
    [2],
    (args) => {
      const [one, two] = [at(args, 0), at(args, 1)];
      return { sql: `case when ${compare("=", one, two).sql} then null else ${one.sql} end`, type: one.type };
    },
    "case",
  ),
  decode: scalar(
    [3, -1],
    (args) => {
      const [value, ...rest] = args;
      if (value === undefined) throw new SqlError("function decode takes at least 3 arguments");
      const results = rest.filter((_, i) => i % 2 === 1 || (i === rest.length - 1 && rest.length % 2 === 1));
      const type = commonType(results, "DECODE");
      const pairs: string[] = [];
      for (let i = 0; i + 1 < rest.length; i += 2) {
        const [when, then] = [at(rest, i), at(rest, i + 1)];
        pairs.push(`when ${same(value, when)} then ${toCommon(then, type)}`);
      }
      const otherwise = rest.length % 2 === 1 ? toCommon(at(rest, rest.length - 1), type) : "null";
      return { sql: `case ${pairs.join(" ")} else ${otherwise} end`, type };
    },
    "case",
  ),
  greatest: extreme("greatest"),
  least: extreme("least"),
};

/** To DECODE, a null is the same as a null. */
function same(value: Bound, other: Bound): string {
  if (other.sql === "null") return `${value.sql} is null`;
  if (value.sql === "null") return `${other.sql} is null`;
  if (other.text !== undefined) return compare("=", value, other).sql;
  return `(${compare("=", value, other).sql} or (${value.sql} is null and ${other.sql} is null))`;
}
