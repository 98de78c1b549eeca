import { asText, BOOL, type Bound, INT4, SUPER, VARCHAR } from "../bind/bound";
import { toSuper } from "../bind/casts";
import { SqlError } from "../error";
import { fullName, isTime } from "../types";
import { at, type Spellings, scalar, text, whole } from "./spelling";

/** An argument that is a SUPER. */
function superOf(args: readonly Bound[], index: number, name: string): string {
  const value = at(args, index);
  if (value.type.name === "super" || value.sql === "null") return toSuper(value);
  throw new SqlError(`function ${name}(${fullName(value.type)}) does not exist`);
}

/** A value inside of a SUPER that is made. */
function member(value: Bound, what: string): string {
  if (isTime(value.type) || value.type.name === "time" || value.type.name === "timetz")
    throw new SqlError(`${what} could not convert type ${fullName(value.type)} to super`);
  return value.sql === "null" ? "cast('null' as json)" : toSuper(value);
}

/** Whether a value is of a kind; of a null, false. */
const kind = (name: string, test: string) =>
  scalar([1], (args) => ({
    sql: `coalesce(${test.replaceAll("X", () => superOf(args, 0, name))}, false)`,
    type: BOOL,
  }));

const TYPE = "rs.json_typeof(X)";

/** @see https://docs.aws.amazon.com/redshift/latest/dg/json-functions.html */
export const SUPERS: Spellings = {
  json_parse: scalar([1], (args) => ({ sql: `rs.json_parse(${text(args, 0)})`, type: SUPER })),
  can_json_parse: scalar([1], (args) => ({ sql: `rs_is_json(${text(args, 0)})`, type: BOOL })),
  json_serialize: scalar([1], (args) => ({
    sql: `cast(${superOf(args, 0, "json_serialize")} as varchar)`,
    type: VARCHAR,
  })),
  json_serialize_to_varbyte: scalar([1], (args) => ({
    sql: `encode(cast(${superOf(args, 0, "json_serialize_to_varbyte")} as varchar))`,
    type: { name: "varbyte" },
  })),
  json_size: scalar([1], (args) => ({
    sql: `cast(strlen(cast(${superOf(args, 0, "json_size")} as varchar)) as integer)`,
    type: INT4,
  })),
  json_typeof: scalar([1], (args) => ({
    sql: `rs.json_typeof(${superOf(args, 0, "json_typeof")})`,
    type: VARCHAR,
  })),
  is_array: kind("is_array", `${TYPE} = 'array'`),
  is_object: kind("is_object", `${TYPE} = 'object'`),
  is_scalar: kind("is_scalar", `${TYPE} not in ('array', 'object', 'null')`),
  is_boolean: kind("is_boolean", `${TYPE} = 'boolean'`),
  is_varchar: kind("is_varchar", `${TYPE} = 'string'`),
  is_char: kind("is_char", `${TYPE} = 'string'`),
  is_bigint: kind("is_bigint", "rs.super_whole(X) between -9223372036854775808 and 9223372036854775807"),
  is_integer: kind("is_integer", "rs.super_whole(X) between -2147483648 and 2147483647"),
  is_smallint: kind("is_smallint", "rs.super_whole(X) between -32768 and 32767"),
  is_decimal: kind("is_decimal", `${TYPE} = 'number' and not contains(lower(cast(X as varchar)), 'e')`),
  is_float: kind("is_float", `${TYPE} = 'number' and contains(lower(cast(X as varchar)), 'e')`),
  get_array_length: scalar([1], (args) => {
    const value = superOf(args, 0, "get_array_length");
    return {
      sql: `case when json_type(${value}) = 'ARRAY' then cast(json_array_length(${value}) as integer) end`,
      type: INT4,
    };
  }),
  array: scalar([0, -1], (args) => ({
    sql:
      args.length === 0
        ? "cast('[]' as json)"
        : `json_array(${args.map((arg) => member(arg, "ARRAY")).join(", ")})`,
    type: SUPER,
  })),
  object: scalar([0, -1], (args) => {
    if (args.length % 2 === 1) throw new SqlError("OBJECT takes keys and values in pairs");
    const parts = args.map((arg, i) => (i % 2 === 0 ? asText(arg) : member(arg, "OBJECT")));
    return {
      sql: args.length === 0 ? "cast('{}' as json)" : `json_object(${parts.join(", ")})`,
      type: SUPER,
    };
  }),
  array_concat: scalar([2], (args) => ({
    sql: `to_json(list_concat(rs.super_items(${superOf(args, 0, "array_concat")}), rs.super_items(${superOf(args, 1, "array_concat")})))`,
    type: SUPER,
  })),
  array_flatten: scalar([1], (args) => ({
    sql: `to_json(flatten(list_transform(rs.super_items(${superOf(args, 0, "array_flatten")}), lambda x: case when json_type(x) = 'ARRAY' then rs.super_items(x) else [x] end)))`,
    type: SUPER,
  })),
  subarray: scalar([2, 3], (args) => {
    const from = whole(args, 1);
    const until = args.length === 3 ? `${from} + ${whole(args, 2)}` : "2147483647";
    return {
      sql: `to_json(rs.super_items(${superOf(args, 0, "subarray")})[${from} + 1:${until}])`,
      type: SUPER,
    };
  }),
  split_to_array: scalar([1, 2], (args) => ({
    sql: `to_json(string_split(${text(args, 0)}, ${args.length === 2 ? text(args, 1) : "','"}))`,
    type: SUPER,
  })),
  array_to_string: scalar([2], (args) => ({
    sql: `array_to_string(list_transform(rs.super_items(${superOf(args, 0, "array_to_string")}), lambda x: rs.super_text(x)), ${text(args, 1)})`,
    type: VARCHAR,
  })),
  json_array_length: scalar([1, 2], (args) => ({
    sql: `rs_json_array_length(${text(args, 0)}, ${lenient(args, 1)})`,
    type: INT4,
  })),
  json_extract_array_element_text: scalar([2, 3], (args) => ({
    sql: `rs_json_element(${text(args, 0)}, cast(${whole(args, 1)} as integer), ${lenient(args, 2)})`,
    type: VARCHAR,
  })),
  json_extract_path_text: scalar([2, 3, 4, 5, 6, 7], (args) => {
    const last = at(args, args.length - 1);
    const flagged = last.type.name === "bool";
    const path = args.slice(1, flagged ? -1 : undefined);
    if (path.length === 0 || path.length > 5)
      throw new SqlError("JSON_EXTRACT_PATH_TEXT takes 1 to 5 path elements");
    const value = at(args, 0);
    const steps = path.map((step) => `rs.json_step(${asText(step)})`).join(" || ");
    return {
      sql: `rs.json_path_text(${asText(value)}, ${steps}, ${flagged ? last.sql : "false"})`,
      type: VARCHAR,
    };
  }),
  is_valid_json_array: scalar([1], (args) => ({ sql: `rs_is_json_array(${text(args, 0)})`, type: BOOL })),
};

/** Whether what is no JSON is null, and no error. */
function lenient(args: readonly Bound[], index: number): string {
  return args[index] === undefined ? "false" : at(args, index).sql;
}
