import { SqlError } from "../../error";
import type { Expression, GroupItem, OrderItem, Select, SelectItem } from "../../syntax/ast";
import { identifier } from "../../tokens";
import type { Bound } from "../bound";
import { bind, bindCondition, orderSql } from "../expression";
import { type AliasedItem, Scope, type Source } from "../scope";
import { bindFrom } from "./from";
import {
  type BoundQuery,
  count,
  distinctNames,
  type OutputColumn,
  positionOf,
  settled,
  settledSql,
} from "./query";

/** An item of a SELECT list that is resolved. */
interface BoundItem {
  readonly name: string;
  readonly bound: Bound;
}

/**
 * A SELECT. Columns are seen before earlier items of its list, in the list itself; rows are ordered by columns of the
 * answer before columns of tables, and grouped the other way around.
 */
export function bindSelect(select: Select, frame: Scope, order: readonly OrderItem[]): BoundQuery {
  const scope = new Scope(frame.environment, frame);
  const from = bindFrom(select.from, scope);
  const where = select.where === undefined ? undefined : bindCondition(select.where, scope);
  const items = bindItems(select, scope);
  if (items.length === 0) throw new SqlError("SELECT needs at least one column");
  const columns = items.map(
    ({ name, bound }): OutputColumn => ({
      name,
      type: settled(bound.type, bound.text),
      ...(bound.origin?.notNull === true ? { notNull: true } : {}),
      ...(bound.origin === undefined ? {} : { origin: bound.origin }),
    }),
  );
  const group = groupSql(select, scope, items);
  const having = withoutItems(scope, () =>
    select.having === undefined ? undefined : bindCondition(select.having, scope),
  );
  const qualify = select.qualify === undefined ? undefined : bindCondition(select.qualify, scope);
  const names = distinctNames(columns);
  const list = items.map(({ bound }, i) => `${settledSql(bound)} as ${identifier(names[i] ?? "")}`);
  const parts = [
    `select ${select.distinct ? "distinct " : ""}${list.join(", ")}`,
    from === "" ? "" : `from ${from}`,
    where === undefined ? "" : `where ${where}`,
    group === undefined ? "" : `group by ${group}`,
    having === undefined ? "" : `having ${having}`,
    qualify === undefined ? "" : `qualify ${qualify}`,
    orderBy(order, columns, scope),
    select.top === undefined ? "" : `limit ${count(select.top, frame)}`,
  ];
  return { sql: parts.filter((part) => part !== "").join(" "), columns };
}

function withoutItems<Result>(scope: Scope, work: () => Result): Result {
  const { items } = scope;
  scope.items = [];
  const result = work();
  scope.items = items;
  return result;
}

function bindItems({ items, exclude }: Select, scope: Scope): BoundItem[] {
  const bound: BoundItem[] = [];
  const aliased: AliasedItem[] = [];
  scope.items = aliased;
  for (const item of items) {
    if (item.expression.kind === "star") {
      bound.push(...starred(item.expression.qualifier, exclude, scope));
      continue;
    }
    const value = bindItem(item, scope);
    bound.push(value);
    if (item.alias !== undefined) aliased.push({ alias: item.alias, bound: value.bound });
  }
  if (exclude.length > 0 && !items.some(({ expression }) => expression.kind === "star"))
    throw new SqlError("EXCLUDE goes with *");
  return bound;
}

function bindItem({ expression, alias }: SelectItem, scope: Scope): BoundItem {
  const bound = bind(expression, scope);
  return { name: alias ?? bound.label ?? "?column?", bound };
}

/** `*` and `table.*`, without what is excluded. */
function starred(qualifier: readonly string[], exclude: readonly string[], scope: Scope): BoundItem[] {
  const found: BoundItem[] = [];
  const take = (source: Source, names: readonly string[]): void => {
    for (const name of names) {
      const column = scope.of(source, name);
      if (column !== undefined) found.push({ name, bound: column.bound });
    }
  };
  if (qualifier.length > 0) {
    const source =
      qualifier.length === 1
        ? scope.source(qualifier[0] ?? "")
        : scope.table(qualifier.at(-2) ?? "", qualifier.at(-1) ?? "");
    if (source === undefined) throw new SqlError(`relation "${qualifier.join(".")}" does not exist`);
    take(
      source,
      source.columns.map(({ name }) => name),
    );
  } else {
    if (scope.sources.length === 0) throw new SqlError("SELECT * with no tables specified is not valid");
    for (const name of scope.merged.keys()) {
      const column = scope.column(name);
      if (column !== undefined) found.push({ name, bound: column.bound });
    }
    for (const source of scope.sources)
      take(
        source,
        source.columns.map(({ name }) => name).filter((name) => !scope.merged.has(name)),
      );
  }
  const unknown = exclude.find((name) => !found.some((item) => item.name === name));
  if (unknown !== undefined) throw new SqlError(`column "${unknown}" does not exist`);
  return found.filter(({ name }) => !exclude.includes(name));
}

function groupSql({ group }: Select, scope: Scope, items: readonly BoundItem[]): string | undefined {
  if (group === undefined || group === "all") return group;
  const one = (expression: Expression): string => grouped(expression, scope, items);
  const written = (item: GroupItem): string => {
    switch (item.kind) {
      case "expression":
        return one(item.expression);
      case "rollup":
      case "cube":
        return `${item.kind} (${item.items.map((list) => (list.length === 1 ? list.map(one).join() : `(${list.map(one).join(", ")})`)).join(", ")})`;
      case "sets":
        return `grouping sets (${item.items.map(written).join(", ")})`;
      case "set":
        return `(${item.items.map(one).join(", ")})`;
    }
  };
  return group.map(written).join(", ");
}

/** What rows are grouped by: a position, a column, an item's alias, an expression. */
function grouped(expression: Expression, scope: Scope, items: readonly BoundItem[]): string {
  if (expression.kind === "number" && /^\d+$/.test(expression.text)) {
    const item = items[Number(expression.text) - 1];
    if (item === undefined) throw new SqlError(`GROUP BY position ${expression.text} is not in select list`);
    return item.bound.sql;
  }
  if (expression.kind === "path" && expression.names.length === 1 && expression.steps.length === 0) {
    const [name = ""] = expression.names;
    const item = items.find((each) => each.name === name);
    if (scope.column(name) === undefined && item !== undefined) return item.bound.sql;
  }
  return bind(expression, scope).sql;
}

function orderBy(order: readonly OrderItem[], columns: readonly OutputColumn[], scope: Scope): string {
  if (order.length === 0) return "";
  const items = order.map((item) => {
    const position = positionOf(item.expression, columns);
    return orderSql(item, position === undefined ? bind(item.expression, scope).sql : String(position));
  });
  return `order by ${items.join(", ")}`;
}
