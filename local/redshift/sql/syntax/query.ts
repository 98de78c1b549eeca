import type { Cursor } from "../cursor";
import { SqlError, syntaxError } from "../error";
import { is } from "../tokens";
import type { CommonTable, Expression, Query, QueryBody, Select } from "./ast";
import { orderItems } from "./call";
import { expression } from "./expression";
import { nameList, select } from "./select";

/** Whether a query begins at the cursor: SELECT, WITH, or a parenthesis that holds one. */
export function seesQuery(cursor: Cursor): boolean {
  let ahead = 0;
  while (is(cursor.peek(ahead), "(")) ahead++;
  if (ahead > 0 && !isWhole(cursor, ahead)) return false;
  return is(cursor.peek(ahead), "select", "with");
}

/** Whether the parentheses at the cursor hold a query and nothing else, so that `(select 1) + 1` is an expression. */
function isWhole(cursor: Cursor, depth: number): boolean {
  let open = 0;
  for (let ahead = 0; ; ahead++) {
    const token = cursor.peek(ahead);
    if (token === undefined) return true;
    if (is(token, "(")) open++;
    else if (is(token, ")")) {
      open--;
      if (open < depth - 1) depth = open + 1;
      if (open === 0)
        return (
          is(cursor.peek(ahead + 1), ")", "union", "except", "intersect", "minus", "order", "limit") ||
          cursor.peek(ahead + 1) === undefined
        );
    }
  }
}

/**
 * A query, with all that may stand before and behind its SELECT.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_synopsis.html
 */
export function query(cursor: Cursor): Query {
  const { with: common, recursive } = withClause(cursor);
  const body = setOperations(cursor);
  const order = cursor.takes("order", "by") ? orderItems(cursor) : [];
  let limit: Expression | undefined;
  let offset: Expression | undefined;
  for (;;) {
    if (cursor.takes("limit")) {
      if (cursor.takes("all")) continue;
      limit = expression(cursor);
      if (cursor.sees("%") || cursor.sees("percent")) throw cursor.error("LIMIT takes a number");
    } else if (cursor.takes("offset")) {
      offset = expression(cursor);
    } else break;
  }
  if (cursor.sees("fetch")) throw cursor.error("Redshift has no FETCH FIRST; use LIMIT");
  if (cursor.sees("for")) throw cursor.error("Redshift has no FOR UPDATE");
  return {
    with: common,
    recursive,
    body,
    order,
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
  };
}

/** `WITH [RECURSIVE] name [(columns)] AS (…), …`; nothing where there is none. */
export function withClause(cursor: Cursor): Pick<Query, "with" | "recursive"> {
  if (!cursor.takes("with")) return { with: [], recursive: false };
  const recursive = cursor.takes("recursive");
  const common: CommonTable[] = [];
  do {
    const name = cursor.name();
    const columns = cursor.sees("(") ? nameList(cursor) : undefined;
    cursor.expect("as", "(");
    const inside = query(cursor);
    cursor.expect(")");
    common.push({ name, query: inside, ...(columns === undefined ? {} : { columns }) });
    if (recursive) checkRecursive(name, columns, inside);
  } while (cursor.takes(","));
  return { with: common, recursive };
}

function checkRecursive(name: string, columns: readonly string[] | undefined, { body }: Query): void {
  const itself = body.kind === "set" && JSON.stringify(body.right).includes(`"names":["${name}"]`);
  if (!itself) return;
  if (columns === undefined) throw syntaxError("as", "a recursive WITH needs a column list");
  if (body.operator !== "union all") throw syntaxError("union", "a recursive WITH is a UNION ALL");
}

/** UNION and EXCEPT bind alike, INTERSECT binds more. */
function setOperations(cursor: Cursor): QueryBody {
  let left = intersections(cursor);
  for (;;) {
    const operator = ["union", "except", "minus"].find((word) => cursor.takes(word));
    if (operator === undefined) return left;
    const all = setQuantifier(cursor, operator);
    const right = intersections(cursor);
    const kind = operator === "union" ? (all ? "union all" : "union") : "except";
    left = { kind: "set", operator: kind, left, right };
  }
}

function intersections(cursor: Cursor): QueryBody {
  let left = operand(cursor);
  while (cursor.takes("intersect")) {
    setQuantifier(cursor, "intersect");
    left = { kind: "set", operator: "intersect", left, right: operand(cursor) };
  }
  return left;
}

/** ALL or DISTINCT; only UNION has an ALL in Redshift. */
function setQuantifier(cursor: Cursor, operator: string): boolean {
  const all = cursor.takes("all");
  if (all && operator !== "union") throw syntaxError("all", `Redshift has no ${operator.toUpperCase()} ALL`);
  if (!all) cursor.takes("distinct");
  if (cursor.sees("by")) throw cursor.error("Redshift has no BY NAME");
  return all;
}

function operand(cursor: Cursor): QueryBody {
  if (cursor.takes("(")) {
    const inside = query(cursor);
    cursor.expect(")");
    return { kind: "nested", query: inside };
  }
  return select(cursor);
}

/** A query and nothing else. */
export function wholeQuery(cursor: Cursor): Query {
  if (!seesQuery(cursor)) throw cursor.error("a query expected");
  const found = query(cursor);
  if (!cursor.done) throw cursor.error();
  return found;
}

/** What a query is into. @throws {SqlError} when INTO stands elsewhere than in the outermost SELECT. */
export function intoTarget({ body }: Query): Select["into"] {
  if (body.kind === "select") return body.into;
  if (JSON.stringify(body).includes('"into":'))
    throw new SqlError("INTO is only allowed on the first SELECT");
  return undefined;
}
