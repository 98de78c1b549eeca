import type { Cursor, ObjectName } from "../cursor";
import { syntaxError } from "../error";
import type { Expression, FromItem } from "../syntax/ast";
import { expression } from "../syntax/expression";
import { fromItem } from "../syntax/from";
import { nameList } from "../syntax/select";

/** What becomes of rows of the target that the source has too. */
export type Matched =
  | {
      readonly verb: "update";
      readonly set: readonly { readonly column: string; readonly value: Expression }[];
    }
  | { readonly verb: "delete" };

/** MERGE: with clauses for both cases, or REMOVE DUPLICATES. */
export interface Merge {
  readonly kind: "merge";
  readonly table: ObjectName;
  readonly alias?: string;
  readonly source: FromItem;
  readonly on: Expression;
  /** @default REMOVE DUPLICATES: the source's rows take the place of the target's */
  readonly clauses?: {
    readonly matched: Matched;
    readonly columns?: readonly string[];
    readonly values: readonly Expression[];
  };
}

/**
 * MERGE, the cursor behind the word.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
 */
export function mergeInto(cursor: Cursor): Merge {
  cursor.expect("into");
  const table = cursor.objectName();
  const alias = cursor.takes("as") || !cursor.sees("using") ? cursor.name() : undefined;
  cursor.expect("using");
  const source = fromItem(cursor);
  cursor.expect("on");
  const on = expression(cursor);
  const head = { kind: "merge" as const, table, source, on, ...(alias === undefined ? {} : { alias }) };
  if (cursor.takes("remove", "duplicates")) return head;
  cursor.expect("when", "matched");
  if (cursor.sees("and")) throw cursor.error("Redshift's MERGE has no further conditions");
  cursor.expect("then");
  const matched: Matched = cursor.takes("delete")
    ? { verb: "delete" }
    : { verb: "update", set: setOf(cursor) };
  cursor.expect("when", "not", "matched");
  if (cursor.sees("and") || cursor.sees("by"))
    throw cursor.error("Redshift's MERGE has no further conditions");
  cursor.expect("then", "insert");
  const columns = cursor.sees("(") ? nameList(cursor) : undefined;
  cursor.expect("values", "(");
  const values = [expression(cursor)];
  while (cursor.takes(",")) values.push(expression(cursor));
  cursor.expect(")");
  return { ...head, clauses: { matched, values, ...(columns === undefined ? {} : { columns }) } };
}

function setOf(cursor: Cursor): { column: string; value: Expression }[] {
  cursor.expect("update", "set");
  const set: { column: string; value: Expression }[] = [];
  do {
    const column = cursor.name();
    if (cursor.sees(".")) throw syntaxError(".", "a column to set is named without its table");
    cursor.expect("=");
    set.push({ column, value: expression(cursor) });
  } while (cursor.takes(","));
  return set;
}
