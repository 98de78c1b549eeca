import { SqlError, unsupported } from "../../error";
import type { Expression, FromItem, SelectItem } from "../../syntax/ast";
import { identifier, literal } from "../../tokens";
import { VARCHAR } from "../bound";
import { castTo, commonType, toCommon } from "../casts";
import { bind } from "../expression";
import { Scope } from "../scope";
import { bindFrom } from "./from";
import { type BoundQuery, distinctNames, type OutputColumn } from "./query";

/**
 * PIVOT: a column for each value and aggregate; the columns that it does not name are what it groups by.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-pivot-unpivot-examples.html
 */
export function bindPivot(
  { source, aggregates, column, values }: Extract<FromItem, { kind: "pivot" }>,
  outer: Scope,
): BoundQuery {
  const scope = new Scope(outer.environment, outer.parent);
  const from = bindFrom([source], scope);
  const pivot: Expression = { kind: "path", names: [column], steps: [] };
  if (scope.column(column) === undefined) throw new SqlError(`column "${column}" does not exist`);
  const used = new Set([column]);
  for (const { expression } of aggregates) namesIn(expression, used);
  const kept = scope.sources.flatMap((each) =>
    each.columns
      .filter(({ name }) => !used.has(name))
      .map(({ name }) => ({ name, found: scope.of(each, name) })),
  );
  const columns: OutputColumn[] = [];
  const items: string[] = [];
  for (const { name, found } of kept) {
    if (found === undefined) continue;
    columns.push({ name, type: found.column.type });
    items.push(found.bound.sql);
  }
  const groups = items.length;
  for (const value of values)
    for (const aggregate of aggregates) {
      const bound = bind(only(aggregate.expression, pivot, value.expression), scope);
      columns.push({ name: nameOf(value, aggregate), type: bound.type });
      items.push(bound.sql);
    }
  const names = distinctNames(columns);
  const list = items.map((item, i) => `${item} as ${identifier(names[i] ?? "")}`).join(", ");
  const group = groups === 0 ? "" : ` group by ${items.slice(0, groups).join(", ")}`;
  return { sql: `select ${list} from ${from}${group}`, columns };
}

function nameOf(value: SelectItem, aggregate: SelectItem): string {
  const { expression, alias } = value;
  const text =
    "text" in expression ? String(expression.text) : expression.kind === "null" ? "null" : "?column?";
  const name = alias ?? text.toLowerCase();
  return aggregate.alias === undefined ? name : `${name}_${aggregate.alias}`;
}

/** Every name that an expression mentions. */
function namesIn(expression: unknown, into: Set<string>): void {
  if (typeof expression !== "object" || expression === null) return;
  if ("kind" in expression && expression.kind === "path" && "names" in expression) {
    const names = expression.names as readonly string[];
    const last = names.at(-1);
    if (last !== undefined) into.add(last);
  }
  for (const part of Object.values(expression)) namesIn(part, into);
}

/** The aggregate of the rows that have the value alone. */
function only(aggregate: Expression, column: Expression, value: Expression): Expression {
  if (aggregate.kind !== "call" || aggregate.over !== undefined || aggregate.within !== undefined)
    throw unsupported("PIVOT of other than an aggregate of one expression");
  const when: Expression =
    value.kind === "null"
      ? { kind: "is", negated: false, operand: column, what: "null" }
      : { kind: "binary", operator: "=", left: column, right: value };
  const args = aggregate.args.map((arg): Expression => {
    const counted: Expression = arg.kind === "star" ? { kind: "number", text: "1" } : arg;
    return { kind: "case", branches: [{ when, value: counted }] };
  });
  return { ...aggregate, args };
}

/** UNPIVOT: a row for each of the columns that it names; nulls are left out unless they are asked for. */
export function bindUnpivot(
  { source, value, name, columns, includeNulls }: Extract<FromItem, { kind: "unpivot" }>,
  outer: Scope,
): BoundQuery {
  const scope = new Scope(outer.environment, outer.parent);
  const from = bindFrom([source], scope);
  const turned = columns.map(({ column }) => bind({ kind: "path", names: [column], steps: [] }, scope));
  const type = commonType(turned, "UNPIVOT");
  const labels = columns.map(({ column, label }) => literal(label ?? column)).join(", ");
  const values = turned.map((each) => toCommon(each, type)).join(", ");
  const gone = new Set(columns.map(({ column }) => column));
  const kept = scope.sources.flatMap((each) =>
    each.columns.flatMap((column) => {
      const found = gone.has(column.name) ? undefined : scope.of(each, column.name);
      return found === undefined ? [] : [{ name: column.name, type: column.type, sql: found.bound.sql }];
    }),
  );
  const output = [
    ...kept,
    { name, type: VARCHAR, sql: "u.label" },
    { name: value, type, sql: castTo({ sql: "u.value", type }, type).sql },
  ];
  const names = distinctNames(output);
  const list = output.map(({ sql }, i) => `${sql} as ${identifier(names[i] ?? "")}`).join(", ");
  const where = includeNulls ? "" : " where u.value is not null";
  return {
    sql: `select ${list} from ${from}, lateral (select unnest([${labels}]) as label, unnest([${values}]) as value) as u${where}`,
    columns: output.map(({ name: each, type: of }) => ({ name: each, type: of })),
  };
}
