import type { Cursor } from "../cursor";
import type { Expression, GroupItem, Select } from "./ast";
import { expression, expressions } from "./expression";

/** @see https://docs.aws.amazon.com/redshift/latest/dg/r_GROUP_BY_aggregation-extensions.html */
export function groupBy(cursor: Cursor): NonNullable<Select["group"]> {
  if (cursor.takes("all")) return "all";
  const items = [groupItem(cursor)];
  while (cursor.takes(",")) items.push(groupItem(cursor));
  return items;
}

function groupItem(cursor: Cursor): GroupItem {
  for (const kind of ["rollup", "cube"] as const)
    if (cursor.sees(kind, "(")) {
      cursor.next();
      return { kind, items: groupLists(cursor) };
    }
  if (cursor.takes("grouping", "sets")) {
    cursor.expect("(");
    const items = [groupSet(cursor)];
    while (cursor.takes(",")) items.push(groupSet(cursor));
    cursor.expect(")");
    return { kind: "sets", items };
  }
  if (cursor.sees("(", ")")) {
    cursor.takes("(", ")");
    return { kind: "set", items: [] };
  }
  const value = expression(cursor);
  return value.kind === "row"
    ? { kind: "set", items: value.items }
    : { kind: "expression", expression: value };
}

function groupSet(cursor: Cursor): GroupItem {
  return groupItem(cursor);
}

function groupLists(cursor: Cursor): Expression[][] {
  cursor.expect("(");
  const lists = expressions(cursor).map((each) => (each.kind === "row" ? [...each.items] : [each]));
  cursor.expect(")");
  return lists;
}
