import { SqlError, syntaxError, unsupported } from "../error";
import { literal, type Token } from "../tokens";
import { dateAdd, dateDiff, datePart, fieldPart, timeFormat } from "./dates";

/** A function's call: its arguments as they were written and as the engine reads them. */
export interface Call {
  readonly name: string;
  readonly raw: readonly (readonly Token[])[];
  readonly args: readonly string[];
}

type Spelling = (call: Call) => string;

/** Functions that Redshift and the engine share under one name with one meaning. */
const SAME = new Set(
  `abs acos asin atan atan2 bit_and bit_or bool_and bool_or btrim ceil ceiling chr coalesce cos cot count cume_dist
  any_value ascii degrees dense_rank exp first_value floor greatest json_array_length lag last_day last_value lead
  least left length ln log lower lpad ltrim max md5 median min mod nth_value ntile nullif percent_rank
  percentile_cont percentile_disc pi position power radians random rank repeat replace reverse right round
  row_number rpad rtrim sign sin split_part sqrt stddev stddev_pop stddev_samp strpos substr substring sum tan
  translate trim upper var_pop var_samp variance octet_length bit_length`
    .trim()
    .split(/\s+/),
);

/** Functions that Redshift has and this warehouse does not. */
const ELSEWHERE = new Set(
  `add_months array array_concat array_flatten array_to_string bpcharcmp bttext_pattern_cmp cbrt checksum
  collate convert crc32 current_aws_account current_database current_namespace current_schema dexp dlog1 dlog10
  farmhash64 fnv_hash func_sha1 hll hll_cardinality initcap json_extract_array_element_text listaggdistinct
  lower_attribute_names months_between next_day object object_transform quote_ident quote_literal ratio_to_report
  regexp_instr seeded_random sha sha1 soundex split_to_array st_point strtol subarray text_to_int_alt time
  timeofday timezone to_hex to_number to_varbyte try_cast typeof upper_attribute_names user_is_member_of version
  width_bucket corr covar_pop dateadd_internal geometrytype is_array is_boolean is_decimal is_float is_integer
  is_object is_scalar is_smallint is_super is_varchar grouping grouping_id levenshtein_distance replicate
  trunc_time approximate_percentile_disc concat_all age date_cmp interval_cmp sysdate_internal pg_last_copy_count
  pg_backend_pid pg_last_query_id has_table_privilege has_schema_privilege listagg`
    .trim()
    .split(/\s+/)
    .filter((name) => !["corr", "covar_pop", "replicate"].includes(name)),
);

const spelled =
  (counts: readonly number[], write: (...args: string[]) => string): Spelling =>
  ({ name, args }) => {
    if (!counts.includes(args.length))
      throw new SqlError(`function ${name} takes ${counts.join(" or ")} arguments, got ${args.length}`);
    return write(...args);
  };

const NOW = "cast(now() as timestamp)";

const SPELLINGS: Readonly<Record<string, Spelling>> = {
  can_json_parse: spelled([1], (text) => `json_valid(${text})`),
  char_length: spelled([1], (text) => `length(${text})`),
  character_length: spelled([1], (text) => `length(${text})`),
  charindex: spelled([2], (part, text) => `strpos(${text}, ${part})`),
  concat: spelled([2], (left, right) => `(${left} || ${right})`),
  convert_timezone: spelled([2, 3], (...args) => {
    const [from, to, time] = args.length === 3 ? args : ["'UTC'", ...args];
    return `((cast(${time} as timestamp) at time zone ${from}) at time zone ${to})`;
  }),
  date: spelled([1], (time) => `cast(${time} as date)`),
  date_diff: (call) => SPELLINGS.datediff?.(call) ?? "",
  date_part: (call) => `date_part('${fieldPart(word(call, 0))}', ${two(call)[1]})`,
  date_trunc: (call) => `date_trunc('${datePart(word(call, 0))}', ${two(call)[1]})`,
  dateadd: (call) => dateAdd(word(call, 0), ...lastTwo(call)),
  datediff: (call) => dateDiff(word(call, 0), ...lastTwo(call)),
  decode,
  get_array_length: spelled([1], (json) => `json_array_length(${json})`),
  getdate: spelled([0], () => NOW),
  is_valid_json: spelled([1], (text) => `json_valid(${text})`),
  json_extract_path_text: jsonPathText,
  json_parse: spelled([1], (text) => `cast(${text} as json)`),
  json_serialize: spelled([1], (json) => `cast(${json} as varchar)`),
  json_typeof: spelled([1], (json) => `rs.json_typeof(${json})`),
  len: spelled([1], (text) => `length(${text})`),
  nvl: ({ args }) => `coalesce(${args.join(", ")})`,
  nvl2: spelled([3], (value, some, none) => `case when ${value} is not null then ${some} else ${none} end`),
  pow: spelled([2], (base, exponent) => `power(${base}, ${exponent})`),
  regexp_count: spelled([2], (text, pattern) => `len(regexp_extract_all(${text}, ${pattern}))`),
  regexp_replace: (call) => {
    if (call.args.length !== 3 || call.raw[2]?.[0]?.text.includes("$"))
      throw unsupported("REGEXP_REPLACE with a group or a position");
    return `regexp_replace(${call.args.join(", ")}, 'g')`;
  },
  regexp_substr: spelled([2], (text, pattern) => `regexp_extract(${text}, ${pattern})`),
  sha2: (call) => {
    if (!["0", "256"].includes(two(call)[1])) throw unsupported("SHA2 with other than 256 bits");
    return `sha256(${call.args[0]})`;
  },
  textlen: spelled([1], (text) => `length(${text})`),
  to_char: (call) => `strftime(${two(call)[0]}, ${literal(timeFormat(word(call, 1)))})`,
  to_date: (call) => `cast(strptime(${two(call)[0]}, ${literal(timeFormat(word(call, 1)))}) as date)`,
  to_timestamp: (call) =>
    `cast(strptime(${two(call)[0]}, ${literal(timeFormat(word(call, 1)))}) as timestamptz)`,
  trunc: spelled([1], (value) => `rs.trunc(${value})`),
};

/**
 * A function's call in the engine's spelling.
 * @throws {SqlError} for a function that Redshift does not have, or that is not to be had here.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
 */
export function spellCall(call: Call): string {
  const spelling = Object.hasOwn(SPELLINGS, call.name) ? SPELLINGS[call.name] : undefined;
  if (spelling !== undefined) return spelling(call);
  if (SAME.has(call.name)) {
    const distinct = call.raw[0]?.[0]?.kind === "word" && call.raw[0][0].text === "distinct";
    if (call.name === "count" && call.args.length > 1) throw syntaxError(",", "COUNT takes one expression");
    if (distinct && call.args.length > 1) throw syntaxError(",", "DISTINCT takes one expression");
    return `${call.name}(${call.args.join(", ")})`;
  }
  if (ELSEWHERE.has(call.name)) throw unsupported(`function ${call.name}`);
  throw new SqlError(`function ${call.name} does not exist`);
}

/** Aggregates that need a frame when their window is ordered. */
export const FRAMED = new Set(
  `avg count max min sum stddev stddev_pop stddev_samp var_pop var_samp variance bool_and bool_or first_value
  last_value nth_value`.split(/\s+/),
);

function decode({ args }: Call): string {
  const [value, ...rest] = args;
  if (value === undefined || rest.length < 2)
    throw new SqlError("function decode takes at least 3 arguments");
  const pairs: string[] = [];
  for (let i = 0; i + 1 < rest.length; i += 2)
    pairs.push(`when ${value} is not distinct from ${rest[i]} then ${rest[i + 1]}`);
  return `case ${pairs.join(" ")} else ${rest.length % 2 === 1 ? rest.at(-1) : "null"} end`;
}

function jsonPathText({ name, raw, args }: Call): string {
  const last = raw.at(-1)?.[0];
  const lenient = last?.kind === "word" && (last.text === "true" || last.text === "false");
  const [json, ...path] = lenient ? args.slice(0, -1) : args;
  if (json === undefined || path.length === 0 || path.length > 5)
    throw new SqlError(`function ${name} takes a text and 1 to 5 path elements`);
  const pointer = path.map((key) => `'/' || replace(replace(${key}, '~', '~0'), '/', '~1')`).join(" || ");
  const text = `json_extract_string(${json}, ${pointer})`;
  return lenient && last.text === "true" ? `case when json_valid(${json}) then ${text} end` : text;
}

/** An argument that is a word of the language, bare or quoted: a date part, a format. */
function word(call: Call, index: number): string {
  const [token, more] = call.raw[index] ?? [];
  if (token === undefined || more !== undefined || !["word", "string", "quoted"].includes(token.kind))
    throw unsupported(`function ${call.name} with a computed ${index === 0 ? "date part" : "format"}`);
  return token.text;
}

function two({ name, args }: Call): [string, string] {
  const [first, second] = args;
  if (first === undefined || second === undefined || args.length !== 2)
    throw new SqlError(`function ${name} takes 2 arguments, got ${args.length}`);
  return [first, second];
}

function lastTwo({ name, args }: Call): [string, string] {
  const [, second, third] = args;
  if (second === undefined || third === undefined || args.length !== 3)
    throw new SqlError(`function ${name} takes 3 arguments, got ${args.length}`);
  return [second, third];
}
