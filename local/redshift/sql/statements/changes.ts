import type { Cursor } from "../cursor";
import { syntaxError } from "../error";
import type { Delete, Insert, Update, With } from "../plan";
import type { Expression, FromItem } from "../syntax/ast";
import { expression } from "../syntax/expression";
import { fromItem } from "../syntax/from";
import { query } from "../syntax/query";
import { nameList } from "../syntax/select";
import { is } from "../tokens";

const NO_WITH: With = { with: [], recursive: false };

/** INSERT, the cursor behind the word. */
export function insert(cursor: Cursor, head: With = NO_WITH): Insert {
  cursor.expect("into");
  const table = cursor.objectName();
  if (cursor.takes("default", "values")) return { ...head, kind: "insert", table, source: "defaults" };
  const columns =
    cursor.sees("(") && !is(cursor.peek(1), "select", "with", "(") ? nameList(cursor) : undefined;
  const source = cursor.takes("values") ? { kind: "values" as const, rows: rows(cursor) } : query(cursor);
  if (!cursor.done) throw cursor.error();
  return { ...head, kind: "insert", table, source, ...(columns === undefined ? {} : { columns }) };
}

function rows(cursor: Cursor): Expression[][] {
  const all: Expression[][] = [];
  do {
    cursor.expect("(");
    const row = [expression(cursor)];
    while (cursor.takes(",")) row.push(expression(cursor));
    cursor.expect(")");
    all.push(row);
  } while (cursor.takes(","));
  return all;
}

/** UPDATE, the cursor behind the word. */
export function update(cursor: Cursor, head: With = NO_WITH): Update {
  const table = cursor.objectName();
  const alias = cursor.takes("as") || !cursor.sees("set") ? cursor.name() : undefined;
  cursor.expect("set");
  const set: { column: string; value: Expression }[] = [];
  do {
    const column = cursor.name();
    if (cursor.sees(".")) throw syntaxError(".", "a column to set is named without its table");
    cursor.expect("=");
    set.push({ column, value: expression(cursor) });
  } while (cursor.takes(","));
  const from = cursor.takes("from") ? fromList(cursor) : [];
  const where = cursor.takes("where") ? expression(cursor) : undefined;
  if (cursor.sees("returning")) throw cursor.error("Redshift has no RETURNING");
  return {
    ...head,
    kind: "update",
    table,
    set,
    from,
    ...(alias === undefined ? {} : { alias }),
    ...(where === undefined ? {} : { where }),
  };
}

/** DELETE, the cursor behind the word. */
export function remove(cursor: Cursor, head: With = NO_WITH): Delete {
  cursor.takes("from");
  const table = cursor.objectName();
  const named =
    cursor.takes("as") ||
    !(cursor.done || cursor.sees("using") || cursor.sees("where") || cursor.sees("returning"));
  const alias = named ? cursor.name() : undefined;
  const using = cursor.takes("using") ? fromList(cursor) : [];
  const where = cursor.takes("where") ? expression(cursor) : undefined;
  if (cursor.sees("returning")) throw cursor.error("Redshift has no RETURNING");
  return {
    ...head,
    kind: "delete",
    table,
    using,
    ...(alias === undefined ? {} : { alias }),
    ...(where === undefined ? {} : { where }),
  };
}

function fromList(cursor: Cursor): FromItem[] {
  const items = [fromItem(cursor)];
  while (cursor.takes(",")) items.push(fromItem(cursor));
  return items;
}
