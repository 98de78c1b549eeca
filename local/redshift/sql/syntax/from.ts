import type { Cursor } from "../cursor";
import { syntaxError } from "../error";
import { is } from "../tokens";
import type { Alias, Expression, FromItem, JoinKind, SelectItem } from "./ast";
import { expression } from "./expression";
import { fromPath } from "./primary";
import { query, seesQuery } from "./query";
import { nameList, selectItem } from "./select";
import { NO_ALIAS, NO_SUCH_CLAUSE, OPERATOR_WORDS } from "./words";

/**
 * What stands between two commas of FROM: a relation with all that is joined to it.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause30.html
 */
export function fromItem(cursor: Cursor): FromItem {
  let left = pivots(cursor, relation(cursor));
  for (;;) {
    const joined = joinKind(cursor);
    if (joined === undefined) return left;
    const right = pivots(cursor, relation(cursor));
    left = { kind: "join", ...joined, left, right, ...condition(cursor, joined) };
  }
}

interface JoinWords {
  readonly join: JoinKind;
  readonly natural: boolean;
}

function joinKind(cursor: Cursor): JoinWords | undefined {
  const word = cursor.peek()?.text ?? "";
  if (NO_SUCH_CLAUSE.has(word) && is(cursor.peek(), word) && is(cursor.peek(1), "join", "("))
    throw syntaxError(word, NO_SUCH_CLAUSE.get(word));
  if (cursor.takes("cross")) {
    cursor.expect("join");
    return { join: "cross", natural: false };
  }
  const natural = cursor.takes("natural");
  for (const join of ["left", "right", "full"] as const)
    if (cursor.takes(join)) {
      cursor.takes("outer");
      cursor.expect("join");
      return { join, natural };
    }
  if (cursor.takes("inner")) cursor.expect("join");
  else if (!cursor.takes("join")) {
    if (natural) throw cursor.error("JOIN expected");
    return undefined;
  }
  return { join: "inner", natural };
}

function condition(
  cursor: Cursor,
  { join, natural }: JoinWords,
): { on?: Expression; using?: readonly string[] } {
  if (join === "cross" || natural) return {};
  if (cursor.takes("on")) return { on: expression(cursor) };
  if (cursor.takes("using")) return { using: nameList(cursor) };
  throw cursor.error("ON or USING expected");
}

function relation(cursor: Cursor): FromItem {
  const token = cursor.peek();
  if (token?.kind === "string") throw syntaxError(`'${token.text}'`, "a table's name expected");
  if (cursor.sees("lateral")) throw cursor.error("Redshift has no LATERAL");
  if (cursor.sees("(")) return parenthesized(cursor);
  if (cursor.takes("unpivot")) {
    const path = fromPath(cursor);
    cursor.expect("as");
    const alias = { name: cursor.name() };
    const at = cursor.takes("at") ? cursor.name() : undefined;
    return { kind: "attributes", path, alias, ...(at === undefined ? {} : { at }) };
  }
  const hash = cursor.takes("#");
  const path = fromPath(cursor);
  const named = hash ? { ...path, names: [`#${path.names.join(".")}`] } : path;
  if (cursor.sees("(")) throw syntaxError(path.names.join("."), "Redshift has no table functions");
  const alias = aliasOf(cursor);
  const at =
    cursor.sees("at") && !is(cursor.peek(1), "time") && cursor.takes("at") ? cursor.name() : undefined;
  return {
    kind: "name",
    path: named,
    ...(alias === undefined ? {} : { alias }),
    ...(at === undefined ? {} : { at }),
  };
}

function parenthesized(cursor: Cursor): FromItem {
  if (is(cursor.peek(1), "values")) throw syntaxError("values", "a list of values is no table");
  cursor.expect("(");
  if (!seesQuery(cursor)) {
    const inside = fromItem(cursor);
    cursor.expect(")");
    return inside;
  }
  const inside = query(cursor);
  cursor.expect(")");
  const alias = aliasOf(cursor);
  return { kind: "query", query: inside, ...(alias === undefined ? {} : { alias }) };
}

function aliasOf(cursor: Cursor): Alias | undefined {
  const explicit = cursor.takes("as");
  const token = cursor.peek();
  if (!explicit) {
    const named =
      token?.kind === "quoted" ||
      (token?.kind === "word" && !NO_ALIAS.has(token.text) && !OPERATOR_WORDS.has(token.text));
    if (!named || is(token, "for", "then", "when", "into")) return undefined;
  }
  const name = cursor.name();
  return cursor.sees("(") ? { name, columns: nameList(cursor) } : { name };
}

/** `relation PIVOT (…)`, `relation UNPIVOT (…)`. */
function pivots(cursor: Cursor, source: FromItem): FromItem {
  if (cursor.sees("pivot", "(")) {
    cursor.takes("pivot", "(");
    const aggregates = [selectItem(cursor)];
    while (cursor.takes(",")) aggregates.push(selectItem(cursor));
    cursor.expect("for");
    const column = cursor.name();
    cursor.expect("in", "(");
    const values: SelectItem[] = [];
    do values.push(selectItem(cursor));
    while (cursor.takes(","));
    cursor.expect(")", ")");
    return withAlias(cursor, { kind: "pivot", source, aggregates, column, values });
  }
  if (!cursor.takes("unpivot")) return source;
  const includeNulls = cursor.takes("include", "nulls");
  if (!includeNulls) cursor.takes("exclude", "nulls");
  cursor.expect("(");
  const value = cursor.name();
  cursor.expect("for");
  const name = cursor.name();
  cursor.expect("in", "(");
  const columns: { column: string; label?: string }[] = [];
  do {
    const column = cursor.name();
    const token = cursor.takes("as") || cursor.peek()?.kind === "string" ? cursor.next() : undefined;
    columns.push({ column, ...(token === undefined ? {} : { label: token.text }) });
  } while (cursor.takes(","));
  cursor.expect(")", ")");
  return withAlias(cursor, { kind: "unpivot", source, value, name, columns, includeNulls });
}

function withAlias<Item extends FromItem & { readonly alias?: Alias }>(cursor: Cursor, item: Item): Item {
  const alias = aliasOf(cursor);
  return alias === undefined ? item : { ...item, alias };
}
