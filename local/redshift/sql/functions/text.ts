import { asText, BOOL, type Bound, INT4, INT8, VARCHAR, varchar } from "../bind/bound";
import { SqlError } from "../error";
import { at, constant, type Spellings, scalar, text, whole } from "./spelling";

const same = (value: Bound): Bound["type"] =>
  varchar(value.text === undefined ? value.type.bytes : Buffer.byteLength(value.text));

const LENGTH = scalar([1], (args) => {
  const value = at(args, 0);
  if (value.type.name === "varbyte") return { sql: `octet_length(${value.sql})`, type: INT4 };
  return { sql: `cast(length(${asText(value)}) as integer)`, type: INT4 };
});

const trimmed = (name: string) =>
  scalar([1, 2], (args) => {
    const characters = args.length === 2 ? text(args, 1) : "' '";
    return { sql: `${name}(${text(args, 0)}, ${characters})`, type: same(at(args, 0)) };
  });

const cased = (name: string) =>
  scalar([1], (args) => ({ sql: `${name}(${text(args, 0)})`, type: same(at(args, 0)) }));

const padded = (name: string) =>
  scalar([2, 3], (args) => ({
    sql: `rs.${name}(${text(args, 0)}, ${whole(args, 1)}, ${args.length === 3 ? text(args, 2) : "' '"})`,
    type: VARCHAR,
  }));

/** Where a text stands in another, from 1; 0 where it does not. */
const position = (part: number, whole: number) =>
  scalar([2], (args) => ({
    sql: `cast(strpos(${text(args, whole)}, ${text(args, part)}) as integer)`,
    type: INT4,
  }));

/** @see https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html */
export const TEXT: Spellings = {
  len: LENGTH,
  length: LENGTH,
  char_length: LENGTH,
  character_length: LENGTH,
  textlen: LENGTH,
  octet_length: scalar([1], (args) => {
    const value = at(args, 0);
    const sql = value.type.name === "varbyte" ? `octet_length(${value.sql})` : `strlen(${asText(value)})`;
    return { sql: `cast(${sql} as integer)`, type: INT4 };
  }),
  bit_length: scalar([1], (args) => ({ sql: `cast(8 * strlen(${text(args, 0)}) as integer)`, type: INT4 })),
  octetindex: scalar([2], (args) => ({
    sql: `rs.octetindex(${text(args, 0)}, ${text(args, 1)})`,
    type: INT4,
  })),
  upper: cased("upper"),
  lower: cased("lower"),
  initcap: scalar([1], (args) => ({ sql: `rs_initcap(${text(args, 0)})`, type: same(at(args, 0)) })),
  reverse: scalar([1], (args) => ({ sql: `reverse(${text(args, 0)})`, type: same(at(args, 0)) })),
  btrim: { ...trimmed("trim"), label: "btrim" },
  ltrim: trimmed("ltrim"),
  rtrim: trimmed("rtrim"),
  lpad: padded("lpad"),
  rpad: padded("rpad"),
  repeat: scalar([2], (args) => ({ sql: `repeat(${text(args, 0)}, ${whole(args, 1)})`, type: VARCHAR })),
  replicate: scalar(
    [2],
    (args) => ({ sql: `repeat(${text(args, 0)}, ${whole(args, 1)})`, type: VARCHAR }),
    "repeat",
  ),
  replace: scalar([3], (args) => ({
    sql: `replace(${text(args, 0)}, ${text(args, 1)}, ${text(args, 2)})`,
    type: VARCHAR,
  })),
  translate: scalar([3], (args) => ({
    sql: `translate(${text(args, 0)}, ${text(args, 1)}, ${text(args, 2)})`,
    type: same(at(args, 0)),
  })),
  concat: scalar([2], (args) => {
    const [one, two] = [at(args, 0), at(args, 1)];
    if (one.type.name === "varbyte" && two.type.name === "varbyte")
      return { sql: `(${one.sql} || ${two.sql})`, type: { name: "varbyte" } };
    return { sql: `(${asText(one)} || ${asText(two)})`, type: VARCHAR };
  }),
  substring: scalar([2, 3], (args) => {
    const rest = args.length === 3 ? `, ${whole(args, 2)}` : "";
    if (at(args, 0).type.name === "varbyte")
      return {
        sql: `rs.sub_bytes(${at(args, 0).sql}, ${whole(args, 1)}${rest === "" ? ", 2147483647" : rest})`,
        type: { name: "varbyte" },
      };
    return { sql: `rs.substring(${text(args, 0)}, ${whole(args, 1)}${rest})`, type: same(at(args, 0)) };
  }),
  substr: scalar(
    [2, 3],
    (args) => {
      const rest = args.length === 3 ? `, ${whole(args, 2)}` : "";
      return { sql: `rs.substring(${text(args, 0)}, ${whole(args, 1)}${rest})`, type: same(at(args, 0)) };
    },
    "substring",
  ),
  left: scalar([2], (args) => ({
    sql: `left(${text(args, 0)}, ${whole(args, 1)})`,
    type: same(at(args, 0)),
  })),
  right: scalar([2], (args) => ({
    sql: `right(${text(args, 0)}, ${whole(args, 1)})`,
    type: same(at(args, 0)),
  })),
  split_part: scalar([3], (args) => ({
    sql: `rs.split_part(${text(args, 0)}, ${text(args, 1)}, ${whole(args, 2)})`,
    type: same(at(args, 0)),
  })),
  charindex: position(0, 1),
  strpos: position(1, 0),
  ascii: scalar([1], (args) => ({ sql: `ascii(${text(args, 0)})`, type: INT4 })),
  chr: scalar([1], (args) => ({ sql: `chr(${whole(args, 0)})`, type: varchar(4) })),
  quote_ident: scalar([1], (args) => ({ sql: `rs_quote_ident(${text(args, 0)})`, type: VARCHAR })),
  quote_literal: scalar([1], (args) => ({ sql: `rs_quote_literal(${text(args, 0)})`, type: VARCHAR })),
  strtol: scalar([2], (args) => ({
    sql: `rs_strtol(${text(args, 0)}, cast(${whole(args, 1)} as integer))`,
    type: INT8,
  })),
  to_hex: scalar([1], (args) => {
    const value = at(args, 0);
    const sql =
      value.type.name === "varbyte" ? `lower(hex(${value.sql}))` : `lower(to_hex(${whole(args, 0)}))`;
    return { sql, type: VARCHAR };
  }),
  soundex: scalar([1], (args) => ({ sql: `rs_soundex(${text(args, 0)})`, type: varchar(4) })),
  difference: scalar([2], (args) => ({
    sql: `rs_difference(${text(args, 0)}, ${text(args, 1)})`,
    type: INT4,
  })),
  levenshtein_distance: scalar([2], (args) => ({
    sql: `levenshtein(${text(args, 0)}, ${text(args, 1)})`,
    type: INT8,
  })),
  bpcharcmp: scalar([2], (args) => ({
    sql: `rs.text_compare(rtrim(${text(args, 0)}), rtrim(${text(args, 1)}))`,
    type: INT4,
  })),
  bttext_pattern_cmp: scalar([2], (args) => ({
    sql: `rs.text_compare(${text(args, 0)}, ${text(args, 1)})`,
    type: INT4,
  })),
  regexp_substr: scalar([2, 3, 4, 5], (args, call) => {
    const flags = args.length === 5 ? constant(call, at(args, 4), "parameter") : "";
    return {
      sql: `rs_regexp_substr(${text(args, 0)}, ${text(args, 1)}, ${optional(args, 2)}, ${optional(args, 3)}, ${quoted(flags)})`,
      type: same(at(args, 0)),
    };
  }),
  regexp_count: scalar([2, 3, 4], (args, call) => ({
    sql: `rs_regexp_count(${text(args, 0)}, ${text(args, 1)}, ${optional(args, 2)}, ${quoted(args.length === 4 ? constant(call, at(args, 3), "parameter") : "")})`,
    type: INT4,
  })),
  regexp_instr: scalar([2, 3, 4, 5, 6], (args, call) => ({
    sql: `rs_regexp_instr(${text(args, 0)}, ${text(args, 1)}, ${optional(args, 2)}, ${optional(args, 3)}, ${args.length > 4 ? whole(args, 4) : "0"}, ${quoted(args.length === 6 ? constant(call, at(args, 5), "parameter") : "")})`,
    type: INT4,
  })),
  regexp_replace: scalar([2, 3, 4, 5], (args, call) => ({
    sql: `rs_regexp_replace(${text(args, 0)}, ${text(args, 1)}, ${args.length > 2 ? text(args, 2) : "''"}, ${optional(args, 3)}, ${quoted(args.length === 5 ? constant(call, at(args, 4), "parameter") : "")})`,
    type: VARCHAR,
  })),
  is_valid_json: scalar([1], (args) => ({ sql: `rs_is_json(${text(args, 0)})`, type: BOOL })),
};

/** A position or an occurrence: 1 where it is left out. */
function optional(args: readonly Bound[], index: number): string {
  return args.length > index ? `cast(${whole(args, index)} as integer)` : "1";
}

function quoted(flags: string): string {
  if (/[^ceip]/.test(flags)) throw new SqlError(`invalid regular expression parameter: "${flags}"`);
  return `'${flags}'`;
}
