import { SqlError } from "../error";
import type { Expression, Path, Step } from "../syntax/ast";
import { literal } from "../tokens";
import { type Bound, SUPER } from "./bound";
import type { Scope } from "./scope";

/** Binds an index of an array. */
type BindIndex = (expression: Expression) => Bound;

/**
 * A name, and what is taken out of it: a column of a source, of any source, or an earlier item of the SELECT list;
 * whatever stands behind it navigates into a SUPER.
 */
export function bindPath(path: Path, scope: Scope, index: BindIndex): Bound {
  const { bound, rest } = bindNames(path, scope);
  const steps = [...rest.map((name) => ({ name })), ...path.steps];
  return steps.length === 0 ? bound : navigate(bound, steps, path.names.join("."), index);
}

/** Whether the path names a column, or something inside of one, that the scope has. */
export function isColumnPath({ names }: Path, scope: Scope): boolean {
  const [first = "", second] = names;
  if (scope.source(first) !== undefined) return second !== undefined || scope.column(first) !== undefined;
  return scope.column(first) !== undefined;
}

interface Resolved {
  readonly bound: Bound;
  /** Names that navigate. */
  readonly rest: readonly string[];
}

function bindNames({ names }: Path, scope: Scope): Resolved {
  const [first = "", second, third] = names;
  if (second === undefined) {
    const found = scope.column(first)?.bound ?? scope.item(first)?.bound;
    if (found !== undefined) return { bound: found, rest: [] };
    throw new SqlError(`column "${first}" does not exist`);
  }
  const source = scope.source(first);
  const inSource = source === undefined ? undefined : scope.of(source, second);
  if (inSource !== undefined) return { bound: inSource.bound, rest: names.slice(2) };
  const column = source === undefined ? scope.column(first) : scope.of(source, first);
  if (column !== undefined) return { bound: column.bound, rest: names.slice(1) };
  if (source !== undefined) throw new SqlError(`column ${first}.${second} does not exist`);
  const qualified = first === scope.environment.database ? names.slice(1) : names;
  const [schema = "", table = "", name] = qualified;
  const inTable = scope.table(schema, table);
  const found = inTable === undefined || name === undefined ? undefined : scope.of(inTable, name);
  if (found !== undefined) return { bound: found.bound, rest: qualified.slice(3) };
  const item = scope.item(first);
  if (item?.bound.type.name === "super") return { bound: item.bound, rest: names.slice(1) };
  const missing = third === undefined ? first : `${first}.${second}`;
  throw new SqlError(`missing FROM-clause entry for table "${missing}"`);
}

/**
 * Navigates into a SUPER; what is not there is null.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#navigation
 */
function navigate(from: Bound, steps: readonly Step[], shown: string, index: BindIndex): Bound {
  if (from.type.name !== "super")
    throw new SqlError(`cannot navigate into ${shown}: it is of type ${from.type.name}, not super`);
  let sql = from.sql;
  let pending = "";
  const flush = (): void => {
    if (pending !== "") sql = `json_extract(${sql}, ${literal(`$${pending}`)})`;
    pending = "";
  };
  for (const step of steps) {
    if ("name" in step) pending += `."${step.name.replaceAll('"', '\\"')}"`;
    else if (step.index.kind === "number" && /^\d+$/.test(step.index.text)) pending += `[${step.index.text}]`;
    else {
      flush();
      const at = index(step.index);
      sql = `json_extract(${sql}, '$[' || cast(${at.sql} as varchar) || ']')`;
    }
  }
  flush();
  const last = steps.at(-1);
  const label = last !== undefined && "name" in last ? last.name : from.label;
  return { sql, type: SUPER, ...(label === undefined ? {} : { label }) };
}
