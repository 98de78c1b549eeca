import { as, type Bound, FLOAT8, INT4, INT8, VARCHAR } from "../bind/bound";
import { castTo } from "../bind/casts";
import { binary } from "../bind/operators";
import { SqlError } from "../error";
import { isFloat, isWhole } from "../types";
import { at, constant, float, number, type Spellings, scalar, text, whole } from "./spelling";

const floats = (name: string, count = 1, label?: string) =>
  scalar(
    [count],
    (args) => ({ sql: `${name}(${args.map((_, i) => float(args, i)).join(", ")})`, type: FLOAT8 }),
    label,
  );

/** Keeps the kind of its argument; a decimal has no digits behind the point then. */
const rounded = (name: string) =>
  scalar([1], (args) => {
    const value = number(args, 0);
    if (isWhole(value.type)) return value;
    if (isFloat(value.type)) return { sql: `${name}(${value.sql})`, type: value.type };
    const type = { ...value.type, scale: 0 };
    return { sql: `cast(${name}(${value.sql}) as decimal(${type.precision ?? 18}, 0))`, type };
  });

/** To so many digits behind the point. */
const toDigits = (name: "round" | "trunc") =>
  scalar([1, 2], (args, call) => {
    const value = number(args, 0);
    const digits = args.length === 2 ? whole(args, 1) : "0";
    if (isWhole(value.type) && args.length === 1) return value;
    if (value.type.name !== "numeric")
      return { sql: `rs.${name}_float(${as(value, FLOAT8)}, ${digits})`, type: FLOAT8 };
    const given = call.call.args[1];
    const scale = value.type.scale ?? 0;
    const kept =
      given?.kind === "number" ? Math.min(Number(given.text), scale) : args.length === 1 ? 0 : scale;
    const precision = value.type.precision ?? 18;
    return {
      sql: `cast(${name === "round" ? "round" : "rs.trunc_to"}(${value.sql}, ${digits}) as decimal(${Math.min(precision + 1, 38)}, ${kept}))`,
      type: { name: "numeric", precision: Math.min(precision + 1, 38), scale: kept },
    };
  });

/** @see https://docs.aws.amazon.com/redshift/latest/dg/Math_functions.html */
export const NUMBERS: Spellings = {
  abs: scalar([1], (args) => {
    const value = number(args, 0);
    return { sql: `abs(${value.sql})`, type: value.type };
  }),
  sign: scalar([1], (args) => {
    const value = number(args, 0);
    if (isWhole(value.type)) return { sql: `cast(sign(${value.sql}) as integer)`, type: INT4 };
    return { sql: `cast(sign(${value.sql}) as double)`, type: FLOAT8 };
  }),
  mod: scalar([2], (args) => binary("%", number(args, 0), number(args, 1))),
  ceil: rounded("ceil"),
  ceiling: rounded("ceil"),
  floor: rounded("floor"),
  round: toDigits("round"),
  power: floats("power", 2),
  pow: floats("power", 2, "power"),
  sqrt: floats("rs.root"),
  cbrt: floats("cbrt"),
  dsqrt: floats("rs.root"),
  exp: floats("exp"),
  dexp: floats("exp", 1, "dexp"),
  ln: floats("rs.natural_log"),
  dlog1: floats("rs.natural_log", 1, "dlog1"),
  log: scalar(
    [1, 2],
    (args) =>
      args.length === 1
        ? { sql: `rs.decimal_log(${float(args, 0)})`, type: FLOAT8 }
        : { sql: `(rs.natural_log(${float(args, 1)}) / rs.natural_log(${float(args, 0)}))`, type: FLOAT8 },
    "log",
  ),
  dlog10: floats("rs.decimal_log", 1, "dlog10"),
  sin: floats("sin"),
  cos: floats("cos"),
  tan: floats("tan"),
  cot: floats("cot"),
  asin: floats("asin"),
  acos: floats("acos"),
  atan: floats("atan"),
  atan2: floats("atan2", 2),
  degrees: floats("degrees"),
  radians: floats("radians"),
  pi: scalar([0], () => ({ sql: "pi()", type: FLOAT8 })),
  random: scalar([0], () => ({ sql: "random()", type: FLOAT8 })),
  trunc: scalar([1, 2], (args, call) => {
    const value = at(args, 0);
    if (["timestamp", "timestamptz", "date"].includes(value.type.name))
      return castTo(value, { name: "date" });
    if (value.text !== undefined && Number.isNaN(Number(value.text))) return castTo(value, { name: "date" });
    return toDigits("trunc").write(call);
  }),
  width_bucket: scalar([4], (args) => ({
    sql: `rs.width_bucket(${float(args, 0)}, ${float(args, 1)}, ${float(args, 2)}, ${whole(args, 3)})`,
    type: INT4,
  })),
  to_number: scalar([2], (args, call) => {
    const format = constant(call, at(args, 1), "format");
    const digits = format.replace(/^FM/i, "").match(/[09]/g)?.length ?? 0;
    const behind = /[D.]([\s\S]*)$/i.exec(format)?.[1]?.match(/[09]/g)?.length ?? 0;
    if (digits === 0) throw new SqlError(`"${format}" is not a number format`);
    return {
      sql: `cast(rs_to_number(${text(args, 0)}, ${text(args, 1)}) as decimal(${Math.min(digits, 38)}, ${behind}))`,
      type: { name: "numeric", precision: Math.min(digits, 38), scale: behind },
    };
  }),
  text_to_int_alt: scalar([1], (args) => ({
    sql: `cast(trunc(cast(rs_alternative_text(${text(args, 0)}) as decimal(38, 10))) as integer)`,
    type: INT4,
  })),
  text_to_numeric_alt: scalar([1, 2, 3], (args, call) => {
    const given = (index: number, otherwise: number): number => {
      const arg = call.call.args[index];
      return arg?.kind === "number" ? Number(arg.text) : otherwise;
    };
    const [precision, scale] = [given(1, 38), given(2, 0)];
    return {
      sql: `cast(cast(rs_alternative_text(${text(args, 0)}) as decimal(38, 10)) as decimal(${precision}, ${scale}))`,
      type: { name: "numeric", precision, scale },
    };
  }),
  fnv_hash: scalar([1, 2], (args) => hashed("rs_fnv", args)),
  crc32: scalar([1], (args) => ({ sql: `rs_crc32(${text(args, 0)})`, type: VARCHAR })),
};

/** The hash of a value's bytes, which depend on its type. */
function hashed(name: string, args: readonly Bound[]): Bound {
  const value = at(args, 0);
  const kind = isWhole(value.type) ? value.type.name : value.type.name === "float8" ? "float8" : "text";
  const seed = args.length === 2 ? `cast(${whole(args, 1)} as bigint)` : "cast(null as bigint)";
  const content = kind === "text" ? text(args, 0) : `cast(${value.sql} as varchar)`;
  return { sql: `${name}(${content}, '${kind}', ${seed})`, type: INT8 };
}
