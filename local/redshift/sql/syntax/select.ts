import type { Cursor } from "../cursor";
import { unsupported } from "../error";
import { is } from "../tokens";
import type { Expression, Select, SelectItem } from "./ast";
import { expression } from "./expression";
import { fromItem } from "./from";
import { groupBy } from "./group";
import { NO_ALIAS, OPERATOR_WORDS } from "./words";

/** `(a, b)` */
export function nameList(cursor: Cursor): string[] {
  cursor.expect("(");
  const names: string[] = [];
  do names.push(cursor.name());
  while (cursor.takes(","));
  cursor.expect(")");
  return names;
}

/** `SELECT … FROM … WHERE … GROUP BY … HAVING … QUALIFY …`, without what orders and limits it. */
export function select(cursor: Cursor): Select {
  cursor.expect("select");
  const distinct = cursor.takes("distinct");
  if (distinct && cursor.sees("on")) throw cursor.error("Redshift has no DISTINCT ON");
  if (!distinct) cursor.takes("all");
  const top = cursor.takes("top") ? topOf(cursor) : undefined;
  const items = cursor.sees("from") ? [] : selectItems(cursor);
  const exclude = cursor.sees("exclude") ? excluded(cursor) : [];
  const into = cursor.takes("into") ? intoOf(cursor) : undefined;
  const from = cursor.takes("from") ? fromList(cursor) : [];
  if (cursor.sees("using")) throw cursor.error("Redshift has no USING SAMPLE");
  const where = cursor.takes("where") ? expression(cursor) : undefined;
  if (cursor.sees("connect") || cursor.sees("start")) throw unsupported("CONNECT BY");
  const group = cursor.takes("group", "by") ? groupBy(cursor) : undefined;
  const having = cursor.takes("having") ? expression(cursor) : undefined;
  const qualify = cursor.sees("qualify") ? qualifyOf(cursor, where, group) : undefined;
  if (cursor.sees("window")) throw cursor.error("Redshift has no WINDOW clause");
  return {
    kind: "select",
    distinct,
    items,
    exclude,
    from,
    ...(top === undefined ? {} : { top }),
    ...(into === undefined ? {} : { into }),
    ...(where === undefined ? {} : { where }),
    ...(group === undefined ? {} : { group }),
    ...(having === undefined ? {} : { having }),
    ...(qualify === undefined ? {} : { qualify }),
  };
}

function topOf(cursor: Cursor): Expression {
  if (!cursor.takes("(")) return { kind: "number", text: String(cursor.integer()) };
  const count = expression(cursor);
  cursor.expect(")");
  return count;
}

function selectItems(cursor: Cursor): SelectItem[] {
  const items: SelectItem[] = [];
  do items.push(selectItem(cursor));
  while (cursor.takes(","));
  return items;
}

/** `expression [[AS] alias]` */
export function selectItem(cursor: Cursor): SelectItem {
  const value = expression(cursor);
  if (value.kind === "star" && cursor.sees("replace")) throw cursor.error("Redshift has no * REPLACE");
  const alias = aliasOf(cursor);
  return { expression: value, ...(alias === undefined ? {} : { alias }) };
}

/** An alias; behind AS any word may be one. */
function aliasOf(cursor: Cursor): string | undefined {
  if (cursor.takes("as")) return cursor.name();
  const token = cursor.peek();
  if (token?.kind === "quoted") return cursor.name();
  if (token?.kind !== "word" || NO_ALIAS.has(token.text) || OPERATOR_WORDS.has(token.text)) return undefined;
  if (["into", "asc", "desc", "nulls", "then", "else", "end", "when", "for"].includes(token.text))
    return undefined;
  return cursor.name();
}

/** `* EXCLUDE column, …`, with parentheses or without. */
function excluded(cursor: Cursor): string[] {
  cursor.expect("exclude");
  if (cursor.sees("(")) return nameList(cursor);
  const names: string[] = [];
  do names.push(cursor.name());
  while (cursor.takes(","));
  return names;
}

function intoOf(cursor: Cursor): NonNullable<Select["into"]> {
  const temporary = cursor.takes("temp") || cursor.takes("temporary");
  cursor.takes("table");
  const name = cursor.objectName();
  return { name, temporary: temporary || name.name.startsWith("#") };
}

function fromList(cursor: Cursor): Select["from"] {
  const items = [fromItem(cursor)];
  while (cursor.takes(",")) items.push(fromItem(cursor));
  return items;
}

/** QUALIFY wants the relation right before it to have an alias: `from a.b as c qualify …`. */
function qualifyOf(cursor: Cursor, where: Expression | undefined, group: Select["group"]): Expression {
  let behind = -1;
  while (is(cursor.peek(behind - 1), ".")) behind -= 2;
  const bare = is(cursor.peek(behind - 1), "from", "join", ",");
  if (bare && where === undefined && group === undefined)
    throw cursor.error("the relation before it needs an alias");
  cursor.expect("qualify");
  return expression(cursor);
}
