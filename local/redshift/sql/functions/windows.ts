import { as, type Bound, FLOAT8, INT8 } from "../bind/bound";
import { castTo } from "../bind/casts";
import { SqlError } from "../error";
import { at, type Spelling, type Spellings, whole } from "./spelling";

/** A window function of no argument. */
const ranked = (name: string, type: Bound["type"]): Spelling => ({
  kind: "window",
  write: ({ args, over }) => {
    if (args.length > 0) throw new SqlError(`function ${name} takes no arguments`);
    const sql = `${name}()${over}`;
    return { sql: type === INT8 ? `cast(${sql} as bigint)` : sql, type };
  },
});

/** The value of another row: its offset or number may stand behind. */
const shifted = (name: string, most: number): Spelling => ({
  kind: "window",
  nulls: true,
  write: ({ name: called, args, call, over }) => {
    if (args.length === 0 || args.length > most)
      throw new SqlError(`function ${called} takes 1 to ${most} arguments`);
    const value = at(args, 0);
    const rest = args
      .slice(1)
      .map((_, i) => `, ${whole(args, i + 1)}`)
      .join("");
    const nulls = call.nulls === "ignore" ? " ignore nulls" : "";
    return { sql: `${name}(${value.sql}${rest}${nulls})${over}`, type: value.type };
  },
});

/** @see https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html */
export const WINDOWS: Spellings = {
  row_number: ranked("row_number", INT8),
  rank: ranked("rank", INT8),
  dense_rank: ranked("dense_rank", INT8),
  percent_rank: ranked("percent_rank", FLOAT8),
  cume_dist: ranked("cume_dist", FLOAT8),
  ntile: {
    kind: "window",
    write: ({ args, over }) => ({ sql: `cast(ntile(${whole(args, 0)})${over} as bigint)`, type: INT8 }),
  },
  lag: shifted("lag", 2),
  lead: shifted("lead", 2),
  first_value: shifted("first_value", 1),
  last_value: shifted("last_value", 1),
  nth_value: shifted("nth_value", 2),
  ratio_to_report: {
    kind: "window",
    write: ({ args, over }) => {
      const value = at(args, 0);
      const number = value.type.name === "super" ? castTo(value, FLOAT8).sql : as(value, FLOAT8);
      return { sql: `(${number} / nullif(sum(${number})${over}, 0))`, type: FLOAT8 };
    },
  },
};
