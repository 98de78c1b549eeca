import { SqlError } from "../../error";
import type { CommonTable, Expression, OrderItem, Query, QueryBody } from "../../syntax/ast";
import { identifier } from "../../tokens";
import type { DataType } from "../../types";
import { type Bound, type Origin, textLiteral, VARCHAR, varchar } from "../bound";
import { commonType, toCommon } from "../casts";
import { bind, orderSql } from "../expression";
import { Scope } from "../scope";
import type { Column, Environment } from "./environment";
import { bindSelect } from "./select";

/** A column of a query's answer. */
export interface OutputColumn extends Column {
  /** The table's column that it is, as it is. */
  readonly origin?: Origin;
}

/** A query that is resolved. */
export interface BoundQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

/** A query by itself. */
export function bindWhole(query: Query, environment: Environment): BoundQuery {
  return bindQuery(query, new Scope(environment));
}

/** A query inside of others, whose names it sees. */
export function bindQuery(query: Query, outer: Scope): BoundQuery {
  const frame = new Scope(outer.environment, outer);
  const head = bindWith(query, frame);
  const { order, limit, offset } = query;
  const body = bindBody(query.body, frame, order);
  const tail = [
    ...(limit === undefined ? [] : [`limit ${count(limit, frame)}`]),
    ...(offset === undefined ? [] : [`offset ${count(offset, frame)}`]),
  ];
  return { sql: [head, body.sql, ...tail].filter((part) => part !== "").join(" "), columns: body.columns };
}

/** How many rows: a number, or what is read as one. */
export function count(expression: Expression, scope: Scope): string {
  const { sql, text, type } = bind(expression, scope);
  if (text !== undefined && /^\d+$/.test(text)) return text;
  if (type.name !== "int4" && type.name !== "int8")
    throw new SqlError("LIMIT and OFFSET take a whole number");
  return sql;
}

/** The WITH clause; its names are seen by what is bound in the frame from then on. */
export function bindWith(
  { with: tables, recursive }: Pick<Query, "with" | "recursive">,
  frame: Scope,
): string {
  if (tables.length === 0) return "";
  const written = tables.map((table) => {
    if (recursive) announce(table, frame);
    const bound = bindQuery(table.query, frame);
    const columns = renamed(bound.columns, table);
    frame.common.set(table.name, columns);
    const names = distinctNames(columns).map(identifier).join(", ");
    return `${identifier(table.name)} (${names}) as (${bound.sql})`;
  });
  return `with ${recursive ? "recursive " : ""}${written.join(", ")}`;
}

/** A recursive query sees itself, with the columns of its first half. */
function announce(table: CommonTable, frame: Scope): void {
  const { body } = table.query;
  if (body.kind !== "set") return;
  const first = bindBody(body.left, new Scope(frame.environment, frame), []);
  frame.common.set(table.name, renamed(first.columns, table));
}

function renamed(columns: readonly OutputColumn[], { name, columns: names }: CommonTable): Column[] {
  if (names !== undefined && names.length > columns.length)
    throw new SqlError(
      `WITH query "${name}" has ${columns.length} columns available but ${names.length} columns specified`,
    );
  return columns.map((column, i) => ({ name: names?.[i] ?? column.name, type: column.type }));
}

/** Names for the engine, each once: columns of one name get numbers. */
export function distinctNames(columns: readonly { readonly name: string }[]): string[] {
  const seen = new Map<string, number>();
  return columns.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}__${times}`;
  });
}

/** A SELECT, or several by UNION, INTERSECT and EXCEPT, with what they are ordered by. */
export function bindBody(body: QueryBody, frame: Scope, order: readonly OrderItem[]): BoundQuery {
  if (body.kind === "select") return bindSelect(body, frame, order);
  if (body.kind === "nested") {
    const inside = bindQuery(body.query, frame);
    return { sql: `(${inside.sql})${orderOfOutput(order, inside.columns)}`, columns: inside.columns };
  }
  const left = bindBody(body.left, frame, []);
  const right = bindBody(body.right, frame, []);
  if (left.columns.length !== right.columns.length)
    throw new SqlError(
      `each ${body.operator.split(" ")[0]?.toUpperCase()} query must have the same number of columns`,
    );
  const columns = left.columns.map((column, i): OutputColumn => {
    const other = right.columns[i]?.type ?? column.type;
    return { name: column.name, type: settled(commonType([stand(column.type), stand(other)], "UNION")) };
  });
  const sql = `${sided(left, columns)} ${body.operator} ${sided(right, columns)}`;
  return { sql: `(${sql})${orderOfOutput(order, columns)}`, columns };
}

function stand(type: DataType): Bound {
  return { sql: "_", type };
}

/** One side of a set operation, its columns brought to the common types. */
function sided({ sql, columns }: BoundQuery, to: readonly Column[]): string {
  const same = columns.every(({ type }, i) => {
    const wanted = to[i]?.type;
    return type.name === wanted?.name && type.scale === wanted.scale && type.precision === wanted.precision;
  });
  if (same) return `(${sql})`;
  const names = columns.map((_, i) => `c${i}`);
  const items = columns.map(({ type }, i) => toCommon({ sql: `c${i}`, type }, to[i]?.type ?? type));
  return `(select ${items.join(", ")} from (${sql}) as side(${names.join(", ")}))`;
}

/** Behind a set operation, rows are ordered by columns of the answer: by name or by position. */
function orderOfOutput(order: readonly OrderItem[], columns: readonly OutputColumn[]): string {
  if (order.length === 0) return "";
  const items = order.map((item) => {
    const position = positionOf(item.expression, columns);
    if (position === undefined)
      throw new SqlError("ORDER BY on a UNION/INTERSECT/EXCEPT result must be on one of the result columns");
    return orderSql(item, String(position));
  });
  return ` order by ${items.join(", ")}`;
}

/** The position, from 1, of the column of the answer that an expression names. @default undefined none */
export function positionOf(
  expression: Expression,
  columns: readonly { readonly name: string }[],
): number | undefined {
  if (expression.kind === "number" && /^\d+$/.test(expression.text)) {
    const position = Number(expression.text);
    if (position < 1 || position > columns.length)
      throw new SqlError(`ORDER BY position ${position} is not in select list`);
    return position;
  }
  if (expression.kind !== "path" || expression.names.length > 1 || expression.steps.length > 0)
    return undefined;
  const at = columns.findIndex(({ name }) => name === expression.names[0]);
  return at < 0 ? undefined : at + 1;
}

/** The type of a column whose values nothing has typed: a text. */
export function settled(type: DataType, text?: string): DataType {
  if (type.name !== "unknown") return type;
  return text === undefined ? VARCHAR : varchar(Math.max(1, Buffer.byteLength(text)));
}

/** A value as a column of an answer: what is of no type yet is a text. */
export function settledSql(value: Bound): string {
  return value.sql === "null"
    ? "cast(null as varchar)"
    : value.text === undefined
      ? value.sql
      : textLiteral(value.text).sql;
}
