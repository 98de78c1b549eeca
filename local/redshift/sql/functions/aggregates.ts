import { as, asText, BOOL, type Bound, FLOAT8, INT8, VARCHAR } from "../bind/bound";
import { castTo, decimalOf } from "../bind/casts";
import { SqlError, unsupported } from "../error";
import { literal } from "../tokens";
import { type DataType, fullName, isFloat, isNumber, isText, isWhole } from "../types";
import { at, type FunctionCall, type Spelling, type Spellings } from "./spelling";

/** An aggregate of one argument. */
function one(write: (arg: Bound, call: FunctionCall) => Bound, more: Partial<Spelling> = {}): Spelling {
  return {
    kind: "aggregate",
    ...more,
    write: (call) => {
      if (call.args.length !== 1)
        throw new SqlError(`function ${call.name} does not exist with ${call.args.length} arguments`);
      return write(at(call.args, 0), call);
    },
  };
}

/** What is added up: a number, or what is read as one. */
function summand(value: Bound): Bound {
  if (isNumber(value.type)) return value;
  if (value.type.name === "super" || isText(value.type)) return castTo(value, FLOAT8);
  throw new SqlError(`function sum(${fullName(value.type)}) does not exist`);
}

const distinct = ({ call }: FunctionCall): string => (call.distinct ? "distinct " : "");

/** Whole numbers add up to a BIGINT, decimals to one of 38 digits. */
const SUM = one((arg, call) => {
  const value = summand(arg);
  const sum = `sum(${distinct(call)}${value.sql})${call.over}`;
  if (isFloat(value.type)) return { sql: sum, type: FLOAT8 };
  if (isWhole(value.type)) return { sql: `cast(${sum} as bigint)`, type: INT8 };
  const scale = value.type.scale ?? 0;
  return { sql: `cast(${sum} as decimal(38, ${scale}))`, type: { name: "numeric", precision: 38, scale } };
});

/** The mean: of whole numbers a whole number, of decimals one of the same scale, cut and not rounded. */
const AVG = one((arg, call) => {
  const value = summand(arg);
  const sum = `sum(${distinct(call)}${value.sql})${call.over}`;
  const count = `nullif(count(${distinct(call)}${value.sql})${call.over}, 0)`;
  if (isFloat(value.type)) return { sql: `(${sum} / ${count})`, type: FLOAT8 };
  if (isWhole(value.type)) return { sql: `cast(${sum} // ${count} as bigint)`, type: INT8 };
  const scale = value.type.scale ?? 0;
  return {
    sql: `cast(rs.mean(${sum}, ${count}, ${scale === 0 ? "1" : `cast('0.${"0".repeat(scale - 1)}1' as decimal(${scale}, ${scale}))`}, ${10 ** scale}) as decimal(38, ${scale}))`,
    type: { name: "numeric", precision: 38, scale },
  };
});

/** Least or greatest: of its argument's type. */
const extreme = (name: string) =>
  one((arg, call) => {
    if (arg.type.name === "bool") throw new SqlError(`function ${name}(boolean) does not exist`);
    return { sql: `${name}(${arg.sql})${call.over}`, type: arg.type };
  });

const floats = (name: string) =>
  one((arg, call) => ({
    sql: `${name}(${distinct(call)}${as(summand(arg), FLOAT8)})${call.over}`,
    type: FLOAT8,
  }));

const bools = (name: string) =>
  one((arg, call) => ({ sql: `${name}(${castTo(arg, BOOL).sql})${call.over}`, type: BOOL }));

const bitwise = (name: string) =>
  one((arg, call) => {
    if (!isWhole(arg.type)) throw new SqlError(`function ${name}(${fullName(arg.type)}) does not exist`);
    return { sql: `${name}(${arg.sql})${call.over}`, type: arg.type };
  });

const COUNT: Spelling = {
  kind: "aggregate",
  write: (call) => {
    const [arg, more] = call.args;
    if (arg === undefined || more !== undefined) throw new SqlError("COUNT takes one expression");
    // an exact count is within the error that an approximate one may have
    return { sql: `count(${distinct(call)}${arg.sql})${call.over}`, type: INT8 };
  },
};

const LISTAGG: Spelling = {
  kind: "aggregate",
  within: true,
  write: (call) => {
    const [value, separator] = call.args;
    if (value === undefined || call.args.length > 2) throw new SqlError("LISTAGG takes 1 or 2 arguments");
    if (separator !== undefined && separator.text === undefined && separator.sql !== "null")
      throw unsupported("LISTAGG with a computed delimiter");
    const text = `nullif(${asText(value)}, '')`;
    const order = call.order.length === 0 ? "" : ` order by ${call.order.map(({ sql }) => sql).join(", ")}`;
    if (call.over !== "" && order !== "")
      return {
        sql: `array_to_string(list(${text}${order}) filter (${text} is not null)${call.over}, ${literal(separator?.text ?? "")})`,
        type: VARCHAR,
      };
    const sorted = call.call.distinct && order !== "" ? distinctOrder(call, text) : order;
    return {
      sql: `rs.listed(string_agg(${distinct(call)}${text}, ${literal(separator?.text ?? "")}${sorted})${call.over})`,
      type: { name: "varchar", bytes: 65_535 },
    };
  },
};

/** Distinct values are ordered by themselves alone. */
function distinctOrder({ order }: FunctionCall, text: string): string {
  const [first] = order;
  return ` order by ${text}${/ desc nulls (first|last)$/.test(first?.sql ?? "") ? " desc" : ""}`;
}

/** A percentile of what WITHIN GROUP orders: interpolated, or a value that is there. */
function percentile(name: "quantile_cont" | "quantile_disc"): Spelling {
  return {
    kind: "aggregate",
    within: true,
    write: (call) => {
      const [fraction] = call.args;
      const [ordered, more] = call.order;
      const given = call.call.args[0];
      if (fraction === undefined || ordered === undefined || more !== undefined)
        throw new SqlError(`${call.name} takes a fraction, WITHIN GROUP (ORDER BY one expression)`);
      if (given?.kind !== "number" || Number(given.text) > 1)
        throw new SqlError(`${call.name} takes a constant between 0 and 1`);
      const descending = / desc nulls (first|last)$/.test(ordered.sql);
      const share = descending ? 1 - Number(given.text) : Number(given.text);
      const scale = given.text.split(".")[1]?.length ?? 1;
      return quantile(name, ordered.bound, share, scale, call.over);
    },
  };
}

function quantile(name: string, value: Bound, share: number, digits: number, over: string): Bound {
  if (name === "quantile_disc" || isFloat(value.type) || !isNumber(value.type)) {
    const sql = `${name}(${value.sql}, ${share})${over}`;
    return {
      sql:
        name === "quantile_disc"
          ? sql
          : `cast(${sql} as ${value.type.name === "date" ? "date" : value.type.name === "float4" ? "double" : value.type.name === "float8" ? "double" : value.type.name})`,
      type: isFloat(value.type) ? FLOAT8 : value.type,
    };
  }
  const scale = Math.min(decimalOf(value.type).scale + digits, 20);
  const type: DataType = { name: "numeric", precision: 38, scale };
  const wide = `cast(${value.sql} as decimal(38, ${scale}))`;
  return { sql: `cast(${name}(${wide}, ${share})${over} as decimal(38, ${scale}))`, type };
}

const MEDIAN = one((arg, call) =>
  quantile("quantile_cont", isText(arg.type) ? castTo(arg, FLOAT8) : arg, 0.5, 1, call.over),
);

/** @see https://docs.aws.amazon.com/redshift/latest/dg/c_Aggregate_Functions.html */
export const AGGREGATES: Spellings = {
  count: COUNT,
  sum: SUM,
  avg: AVG,
  min: extreme("min"),
  max: extreme("max"),
  any_value: one((arg, call) => ({ sql: `any_value(${arg.sql})${call.over}`, type: arg.type })),
  stddev: floats("stddev_samp"),
  stddev_samp: floats("stddev_samp"),
  stddev_pop: floats("stddev_pop"),
  variance: floats("var_samp"),
  var_samp: floats("var_samp"),
  var_pop: floats("var_pop"),
  bool_and: bools("bool_and"),
  bool_or: bools("bool_or"),
  bit_and: bitwise("bit_and"),
  bit_or: bitwise("bit_or"),
  listagg: LISTAGG,
  percentile_cont: percentile("quantile_cont"),
  percentile_disc: percentile("quantile_disc"),
  approximate_percentile_disc: percentile("quantile_disc"),
  median: MEDIAN,
  grouping: {
    kind: "scalar",
    write: ({ args }) => ({ sql: `cast(grouping(${at(args, 0).sql}) as integer)`, type: { name: "int4" } }),
  },
  grouping_id: {
    kind: "scalar",
    write: ({ args }) => ({
      sql: `cast(grouping_id(${args.map(({ sql }) => sql).join(", ")}) as bigint)`,
      type: INT8,
    }),
  },
  // an exact count is within the error that a sketch may have
  hll: one((arg, call) => ({ sql: `count(distinct ${arg.sql})${call.over}`, type: INT8 })),
};
