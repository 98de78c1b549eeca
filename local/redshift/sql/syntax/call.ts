import type { Cursor } from "../cursor";
import { syntaxError, unsupported } from "../error";
import { is } from "../tokens";
import { dataType } from "../types";
import type { Call, Expression, OrderItem, Window } from "./ast";
import { expression, expressions } from "./expression";

/** A call, the cursor at its name, or at the parenthesis behind a name that is given. */
export function call(cursor: Cursor, schema?: string, called?: string): Expression {
  const approximate = called === undefined && cursor.sees("approximate") && !is(cursor.peek(1), "(");
  if (approximate) cursor.next();
  const name = called ?? cursor.name();
  if (schema === undefined) {
    const special = SPECIAL[name];
    if (special !== undefined) return special(cursor, name);
  }
  cursor.expect("(");
  const distinct = cursor.takes("distinct");
  if (!distinct) cursor.takes("all");
  let nulls: Call["nulls"];
  const args: Expression[] = [];
  if (!cursor.sees(")")) {
    do {
      args.push(argument(cursor));
      nulls ??= nullTreatment(cursor);
    } while (cursor.takes(","));
  }
  if (cursor.sees("order")) throw cursor.error("Redshift orders with WITHIN GROUP");
  cursor.expect(")");
  const behind = whatFollows(cursor, name, distinct, nulls);
  return {
    kind: "call",
    name,
    args,
    distinct,
    approximate,
    ...(schema === undefined ? {} : { schema }),
    ...behind,
  };
}

/** An argument; a lambda or a named one is not Redshift's. */
function argument(cursor: Cursor): Expression {
  const value = expression(cursor);
  if (cursor.sees("->") || cursor.sees("=>") || cursor.sees(":=") || cursor.sees(":"))
    throw cursor.error("Redshift has no such argument");
  return value;
}

function nullTreatment(cursor: Cursor): Call["nulls"] {
  if (cursor.takes("ignore", "nulls")) return "ignore";
  return cursor.takes("respect", "nulls") ? "respect" : undefined;
}

function whatFollows(
  cursor: Cursor,
  name: string,
  distinct: boolean,
  inner: Call["nulls"],
): Pick<Call, "within" | "nulls" | "over"> {
  let within: OrderItem[] | undefined;
  if (cursor.takes("within", "group")) {
    cursor.expect("(");
    cursor.expect("order", "by");
    within = orderItems(cursor);
    cursor.expect(")");
  }
  if (cursor.sees("filter") && is(cursor.peek(1), "(")) throw syntaxError("filter", "Redshift has no FILTER");
  const nulls = inner ?? nullTreatment(cursor);
  const over = cursor.takes("over") ? window(cursor, name, distinct) : undefined;
  return {
    ...(within === undefined ? {} : { within }),
    ...(nulls === undefined ? {} : { nulls }),
    ...(over === undefined ? {} : { over }),
  };
}

/** `expression [ASC | DESC] [NULLS FIRST | LAST], …` */
export function orderItems(cursor: Cursor): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    if (cursor.sees("all") && items.length === 0) throw cursor.error("Redshift has no ORDER BY ALL");
    const value = expression(cursor);
    const descending = cursor.takes("desc");
    if (!descending) cursor.takes("asc");
    let nulls: OrderItem["nulls"];
    if (cursor.takes("nulls")) {
      nulls = cursor.takes("first") ? "first" : "last";
      if (nulls === "last") cursor.expect("last");
    }
    items.push({ expression: value, descending, ...(nulls === undefined ? {} : { nulls }) });
  } while (cursor.takes(","));
  return items;
}

/** Aggregates that need a frame when their window is ordered. */
const FRAMED = new Set(
  "avg count max min sum stddev stddev_pop stddev_samp var_pop var_samp variance bool_and bool_or first_value last_value nth_value".split(
    " ",
  ),
);

function window(cursor: Cursor, name: string, distinct: boolean): Window {
  if (!cursor.sees("(")) throw cursor.error("Redshift has no named windows");
  if (distinct) throw syntaxError("distinct", "no DISTINCT in a window function");
  cursor.expect("(");
  const partition = cursor.takes("partition", "by") ? expressions(cursor) : [];
  const order = cursor.takes("order", "by") ? orderItems(cursor) : [];
  if (cursor.sees("range") || cursor.sees("groups")) throw cursor.error("Redshift's window frames are ROWS");
  const frame = cursor.takes("rows") ? `rows ${frameOf(cursor)}` : undefined;
  cursor.expect(")");
  if (order.length > 0 && frame === undefined && FRAMED.has(name))
    throw syntaxError(name, "Aggregate window functions with an ORDER BY clause require a frame clause");
  return { partition, order, ...(frame === undefined ? {} : { frame }) };
}

function frameOf(cursor: Cursor): string {
  if (!cursor.takes("between")) return bound(cursor);
  const from = bound(cursor);
  cursor.expect("and");
  return `between ${from} and ${bound(cursor)}`;
}

function bound(cursor: Cursor): string {
  if (cursor.takes("current", "row")) return "current row";
  const distance = cursor.takes("unbounded") ? "unbounded" : String(cursor.integer());
  for (const side of ["preceding", "following"]) if (cursor.takes(side)) return `${distance} ${side}`;
  throw cursor.error();
}

/** Calls with a grammar of their own. */
const SPECIAL: Readonly<Record<string, (cursor: Cursor, name: string) => Expression>> = {
  cast: castCall,
  try_cast: castCall,
  convert: (cursor) => {
    cursor.expect("(");
    const type = dataType(cursor);
    cursor.expect(",");
    const operand = expression(cursor);
    cursor.expect(")");
    return { kind: "cast", operand, type, lenient: false };
  },
  extract: (cursor) => {
    cursor.expect("(");
    const token = cursor.next();
    if (!["word", "string", "quoted"].includes(token.kind)) throw syntaxError(token.text);
    cursor.expect("from");
    const value = expression(cursor);
    cursor.expect(")");
    return plain("date_part", [{ kind: "string", text: token.text }, value]);
  },
  position: (cursor) => {
    cursor.expect("(");
    const part = withoutIn(cursor);
    cursor.expect("in");
    const text = expression(cursor);
    cursor.expect(")");
    return plain("charindex", [part, text]);
  },
  trim: (cursor) => {
    cursor.expect("(");
    const side = ["both", "leading", "trailing"].find((word) => cursor.takes(word)) ?? "both";
    const first = cursor.sees("from") ? undefined : expression(cursor);
    const second = cursor.takes("from") ? expression(cursor) : undefined;
    cursor.expect(")");
    const name = { both: "btrim", leading: "ltrim", trailing: "rtrim" }[side] ?? "btrim";
    const args = second === undefined ? [first] : [second, first];
    return plain(
      name,
      args.filter((each) => each !== undefined),
    );
  },
  substring: (cursor) => {
    cursor.expect("(");
    const text = expression(cursor);
    if (cursor.takes(",")) {
      const rest = expressions(cursor);
      cursor.expect(")");
      return plain("substring", [text, ...rest]);
    }
    const from: Expression = cursor.takes("from") ? expression(cursor) : { kind: "number", text: "1" };
    const length = cursor.takes("for") ? [expression(cursor)] : [];
    cursor.expect(")");
    return plain("substring", [text, from, ...length]);
  },
};

/** The operand of POSITION, which IN ends. */
function withoutIn(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token?.kind !== "string" && token?.kind !== "word" && token?.kind !== "quoted")
    throw unsupported("POSITION of an expression");
  cursor.next();
  return token.kind === "string"
    ? { kind: "string", text: token.text }
    : { kind: "path", names: [token.text.toLowerCase()], steps: [] };
}

function castCall(cursor: Cursor, name: string): Expression {
  cursor.expect("(");
  const operand = expression(cursor);
  cursor.expect("as");
  const type = dataType(cursor);
  cursor.expect(")");
  return { kind: "cast", operand, type, lenient: name === "try_cast" };
}

/** A call without anything beside its arguments. */
export function plain(name: string, args: readonly Expression[]): Call {
  return { kind: "call", name, args, distinct: false, approximate: false };
}
