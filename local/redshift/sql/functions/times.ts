import {
  as,
  asText,
  type Bound,
  DATE,
  FLOAT8,
  INT4,
  INT8,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from "../bind/bound";
import { castTo } from "../bind/casts";
import { SqlError } from "../error";
import { literal } from "../tokens";
import { isNumber, isText } from "../types";
import { datePart, type Part } from "./date-parts";
import {
  at,
  constant,
  type FunctionCall,
  moment,
  type Spelling,
  type Spellings,
  scalar,
  text,
  timestamp,
  whole,
  word,
} from "./spelling";

const NOW = "cast(now() as timestamp)";

/** A function whose first argument is a date part, bare or quoted. */
function withPart(
  count: number,
  label: string,
  write: (part: Part, args: readonly Bound[], call: FunctionCall) => Bound,
): Spelling {
  return {
    kind: "scalar",
    raw: true,
    label,
    write: (call) => {
      if (call.call.args.length !== count)
        throw new SqlError(`function ${call.name} does not exist with ${call.call.args.length} arguments`);
      const args = call.call.args.map((arg, i) => (i === 0 ? { sql: "", type: VARCHAR } : call.bind(arg)));
      return write(datePart(word(call, 0)), args, call);
    },
  };
}

const ADD = withPart(3, "date_add", (part, args) => {
  const value = moment(args, 2);
  const count = whole(args, 1);
  const { name } = value.type;
  if (name === "time" || name === "timetz") {
    if (!["hour", "minute", "second", "millisecond", "microsecond"].includes(part))
      throw new SqlError(`DATEADD of ${part} does not go with a time`);
    return { sql: `rs.add_${name}(${value.sql}, ${span(part, count)})`, type: value.type };
  }
  const time = name === "date" ? castTo(value, TIMESTAMP) : value;
  if (part === "year" || part === "decade" || part === "century" || part === "millennium") {
    const years = { year: 1, decade: 10, century: 100, millennium: 1000 }[part];
    return { sql: `rs.add_years(${time.sql}, cast(${years} * (${count}) as integer))`, type: time.type };
  }
  return { sql: `(${time.sql} + ${span(part, count)})`, type: time.type };
});

const SPANS: Partial<Record<Part, string>> = {
  quarter: "to_months(cast(3 * (N) as integer))",
  month: "to_months(cast(N as integer))",
  week: "to_weeks(cast(N as integer))",
  day: "to_days(cast(N as integer))",
  hour: "to_hours(cast(N as bigint))",
  minute: "to_minutes(cast(N as bigint))",
  second: "to_seconds(cast(N as bigint))",
  millisecond: "to_microseconds(1000 * cast(N as bigint))",
  microsecond: "to_microseconds(cast(N as bigint))",
};

function span(part: Part, count: string): string {
  const pattern = SPANS[part];
  if (pattern === undefined) throw new SqlError(`DATEADD does not take the date part ${part}`);
  return pattern.replace("N", () => count);
}

/** How many boundaries of the part lie between the two. */
const DIFF = withPart(3, "date_diff", (part, args) => {
  const [from, until] = [moment(args, 1), moment(args, 2)];
  const clock = [from, until].some(({ type }) => type.name === "time" || type.name === "timetz");
  const [one, two] = clock
    ? [
        as(castTo(from, { name: "time" }), { name: "time" }),
        as(castTo(until, { name: "time" }), { name: "time" }),
      ]
    : [as(castTo(from, TIMESTAMP), TIMESTAMP), as(castTo(until, TIMESTAMP), TIMESTAMP)];
  if (["dow", "doy", "epoch"].includes(part) || part.startsWith("timezone"))
    throw new SqlError(`DATEDIFF does not take the date part ${part}`);
  // the engine's weeks begin on Monday, those of DATEDIFF on Sunday
  if (part === "week")
    return { sql: `date_diff('week', ${one} + interval 1 day, ${two} + interval 1 day)`, type: INT8 };
  return { sql: `date_diff('${part}', ${one}, ${two})`, type: INT8 };
});

const FIELD = withPart(2, "pgdate_part", (part, args) => {
  const value = moment(args, 1);
  const sql = fieldOf(part, value);
  const integer = part !== "epoch" || value.type.name === "date";
  return { sql, type: integer && part !== "epoch" ? INT4 : FLOAT8 };
});

function fieldOf(part: Part, value: Bound): string {
  if (value.type.name === "interval") return `cast(date_part('${part}', ${value.sql}) as integer)`;
  switch (part) {
    case "millisecond":
      return `cast(date_part('millisecond', ${value.sql}) % 1000 as integer)`;
    case "microsecond":
      return `cast(date_part('microsecond', ${value.sql}) % 1000000 as integer)`;
    case "epoch":
      return `cast(date_part('epoch', ${value.sql}) as double)`;
    case "timezone":
    case "timezone_hour":
    case "timezone_minute":
      return `cast(date_part('${part}', ${value.sql}) as integer)`;
    default:
      return `cast(date_part('${part}', ${value.sql}) as integer)`;
  }
}

const TRUNCATED = withPart(2, "date_trunc", (part, args) => {
  const value = moment(args, 1);
  const time = value.type.name === "timestamptz" ? value : castTo(value, TIMESTAMP);
  // a century begins with its year 1
  const late = part === "century" || part === "millennium";
  const from = late ? `${as(time, time.type)} - to_years(1)` : as(time, time.type);
  return {
    sql: `cast(rs.date_trunc('${part}', ${from})${late ? " + to_years(1)" : ""} as ${time.type.name})`,
    type: time.type,
  };
});

/** -1, 0 or 1, as the first is earlier, the same, or later. */
const compared = (one: "date" | "timestamp" | "timestamptz", two: "date" | "timestamp" | "timestamptz") =>
  scalar([2], (args) => {
    const [left, right] = [castTo(at(args, 0), { name: one }).sql, castTo(at(args, 1), { name: two }).sql];
    return {
      sql: `case when ${left} < ${right} then -1 when ${left} > ${right} then 1 when ${left} = ${right} then 0 end`,
      type: INT4,
    };
  });

const now = (sql: string, type: Bound["type"], label: string) => scalar([0], () => ({ sql, type }), label);

/** @see https://docs.aws.amazon.com/redshift/latest/dg/Date_functions_header.html */
export const TIMES: Spellings = {
  getdate: now(`date_trunc('second', ${NOW})`, TIMESTAMP, "getdate"),
  sysdate: now(NOW, TIMESTAMP, "timestamp"),
  current_date: now("current_date", DATE, "date"),
  current_timestamp: now("now()", TIMESTAMPTZ, "timestamptz"),
  localtimestamp: now(NOW, TIMESTAMP, "timestamp"),
  now: now("now()", TIMESTAMPTZ, "now"),
  timeofday: scalar([0], () => ({
    sql: `rs_to_char(cast(${NOW} as varchar), 'Dy Mon DD HH24:MI:SS.US YYYY "UTC"')`,
    type: VARCHAR,
  })),
  dateadd: ADD,
  date_add: ADD,
  datediff: DIFF,
  date_diff: DIFF,
  date_part: FIELD,
  pgdate_part: FIELD,
  date_trunc: TRUNCATED,
  date_part_year: scalar([1], (args) => ({
    sql: `cast(year(${timestamp(args, 0)}) as integer)`,
    type: INT4,
  })),
  last_day: scalar([1], (args) => ({ sql: `last_day(${timestamp(args, 0)})`, type: DATE })),
  add_months: scalar([2], (args) => ({
    sql: `rs.add_months(${timestamp(args, 0)}, cast(${whole(args, 1)} as integer))`,
    type: TIMESTAMP,
  })),
  months_between: scalar([2], (args) => ({
    sql: `rs.months_between(${timestamp(args, 0)}, ${timestamp(args, 1)})`,
    type: FLOAT8,
  })),
  next_day: scalar([2], (args) => ({
    sql: `rs.next_day(cast(${timestamp(args, 0)} as date), rs_weekday(${text(args, 1)}))`,
    type: DATE,
  })),
  date: scalar([1], (args) => castTo(at(args, 0), DATE)),
  date_cmp: compared("date", "date"),
  date_cmp_timestamp: compared("date", "timestamp"),
  date_cmp_timestamptz: compared("date", "timestamptz"),
  timestamp_cmp: compared("timestamp", "timestamp"),
  timestamp_cmp_date: compared("timestamp", "date"),
  timestamp_cmp_timestamptz: compared("timestamp", "timestamptz"),
  timestamptz_cmp: compared("timestamptz", "timestamptz"),
  timestamptz_cmp_date: compared("timestamptz", "date"),
  timestamptz_cmp_timestamp: compared("timestamptz", "timestamp"),
  interval_cmp: scalar([2], (args) => {
    const [one, two] = [at(args, 0), at(args, 1)].map((value) => `cast(${asText(value)} as interval)`);
    return { sql: `case when ${one} < ${two} then -1 when ${one} > ${two} then 1 else 0 end`, type: INT4 };
  }),
  convert_timezone: scalar([2, 3], (args) => {
    const time = args.length - 1;
    const from = args.length === 3 ? text(args, 0) : "'UTC'";
    return {
      sql: `rs.convert_zone(${timestamp(args, time)}, ${from}, ${text(args, time - 1)})`,
      type: TIMESTAMP,
    };
  }),
  timezone: scalar([2], (args) => {
    const value = at(args, 1);
    if (value.type.name === "timestamptz")
      return { sql: `rs.to_zone(${value.sql}, ${text(args, 0)})`, type: TIMESTAMP };
    return { sql: `rs.from_zone(${timestamp(args, 1)}, ${text(args, 0)})`, type: TIMESTAMPTZ };
  }),
  to_char: scalar([2], (args) => {
    const value = at(args, 0);
    const format = text(args, 1);
    if (isNumber(value.type))
      return { sql: `rs_number_to_char(cast(${value.sql} as varchar), ${format})`, type: VARCHAR };
    const time = isText(value.type) ? timestamp(args, 0) : value.sql;
    const type = value.type.name === "time" || value.type.name === "interval" ? "varchar" : "timestamp";
    return { sql: `rs_to_char(cast(cast(${time} as ${type}) as varchar), ${format})`, type: VARCHAR };
  }),
  to_date: scalar([2, 3], (args, call) => {
    const strict = args.length === 3 && call.call.args[2]?.kind === "boolean" && call.call.args[2].value;
    return {
      sql: `cast(rs_to_timestamp(${text(args, 0)}, ${text(args, 1)}, ${strict}) as date)`,
      type: DATE,
    };
  }),
  to_timestamp: scalar([2, 3], (args, call) => {
    const value = at(args, 0);
    const strict = args.length === 3 && call.call.args[2]?.kind === "boolean" && call.call.args[2].value;
    const format = constant(call, at(args, 1), "format");
    const source = isText(value.type)
      ? text(args, 0)
      : `rs_to_char(cast(cast(${value.sql} as timestamp) as varchar), ${literal(format)})`;
    return {
      sql: `cast(rs_to_timestamp(${source}, ${literal(format)}, ${strict}) as timestamptz)`,
      type: TIMESTAMPTZ,
    };
  }),
};
