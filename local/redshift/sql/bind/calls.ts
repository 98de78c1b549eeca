import { SqlError, unsupported } from "../error";
import { functionNamed } from "../functions/index";
import type { Call, OrderItem, Window } from "../syntax/ast";
import type { Bound } from "./bound";
import { castTo } from "./casts";
import { bind, orderSql } from "./expression";
import type { Scope } from "./scope";

/**
 * A function's call.
 * @throws {SqlError} for a function that Redshift does not have, or that is not to be had here.
 */
export function bindCall(call: Call, scope: Scope): Bound {
  if (call.schema !== undefined && call.schema !== "pg_catalog") return userCall(call, scope);
  const spelling = functionNamed(call.name);
  if (spelling === undefined) return userCall(call, scope);
  if (call.over !== undefined && spelling.kind === "scalar")
    throw new SqlError(`OVER specified, but ${call.name} is not a window function nor an aggregate function`);
  if (call.over === undefined && spelling.kind === "window")
    throw new SqlError(`window function call requires an OVER clause: ${call.name}`);
  if (call.distinct && spelling.kind !== "aggregate")
    throw new SqlError(`DISTINCT specified, but ${call.name} is not an aggregate function`);
  if (call.within !== undefined && spelling.within !== true)
    throw new SqlError(`WITHIN GROUP specified, but ${call.name} does not take it`);
  if (call.nulls !== undefined && spelling.nulls !== true)
    throw new SqlError(`${call.name} takes no IGNORE or RESPECT NULLS`);
  const args =
    spelling.raw === true ? [] : call.args.map((arg) => (arg.kind === "star" ? STAR : bind(arg, scope)));
  if (args.includes(STAR) && call.name !== "count")
    throw new SqlError(`function ${call.name}(*) does not exist`);
  const bound = spelling.write({
    name: call.name,
    call,
    args,
    environment: scope.environment,
    bind: (expression) => bind(expression, scope),
    order: (call.within ?? []).map((item) => ordered(item, scope)),
    over: call.over === undefined ? "" : ` over (${windowSql(call.over, scope)})`,
  });
  return { label: spelling.label ?? call.name, ...bound };
}

/** What `*` is bound to, which COUNT alone takes. */
export const STAR: Bound = { sql: "*", type: { name: "unknown" } };

function ordered(item: OrderItem, scope: Scope): { readonly bound: Bound; readonly sql: string } {
  const bound = bind(item.expression, scope);
  return { bound, sql: orderSql(item, bound.sql) };
}

function windowSql({ partition, order, frame }: Window, scope: Scope): string {
  const parts: string[] = [];
  if (partition.length > 0)
    parts.push(`partition by ${partition.map((each) => bind(each, scope).sql).join(", ")}`);
  if (order.length > 0) parts.push(`order by ${order.map((item) => ordered(item, scope).sql).join(", ")}`);
  if (frame !== undefined) parts.push(frame);
  return parts.join(" ");
}

function userCall({ name, schema, args, over, within, distinct }: Call, scope: Scope): Bound {
  const shown = schema === undefined ? name : `${schema}.${name}`;
  const found = scope.environment.userFunction(schema, name, args.length);
  if (found === undefined) throw new SqlError(`function ${shown} does not exist`);
  scope.environment.calls.add(`${found.schema}.${found.name}`);
  if (over !== undefined || within !== undefined || distinct)
    throw unsupported(`function ${shown} as an aggregate`);
  const values = args.map((arg, i) => {
    const type = found.parameters[i];
    const value = bind(arg, scope);
    return type === undefined ? value.sql : castTo(value, type).sql;
  });
  const result: Bound = { sql: `${found.sql}(${values.join(", ")})`, type: found.returns };
  return { ...castTo(result, found.returns), label: name };
}
