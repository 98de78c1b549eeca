import { SqlError } from "../../error";
import type { Alias, FromItem, Path } from "../../syntax/ast";
import { identifier } from "../../tokens";
import { INT8, SUPER, VARCHAR } from "../bound";
import { bind, bindCondition } from "../expression";
import { bindPath } from "../paths";
import { Scope, type Source } from "../scope";
import { type Column, note, type Relation, shown } from "./environment";
import { bindPivot, bindUnpivot } from "./pivots";
import { type BoundQuery, bindQuery, distinctNames } from "./query";

/** What a query reads from, in the engine's SQL; the scope gets its names. */
export function bindFrom(items: readonly FromItem[], scope: Scope): string {
  return items.map((item) => bindItem(item, scope)).join(", ");
}

function bindItem(item: FromItem, scope: Scope): string {
  switch (item.kind) {
    case "name":
      return bindName(item, scope);
    case "query": {
      const inside = bindQuery(item.query, new Scope(scope.environment, outside(scope)));
      return derived(inside, item.alias, scope);
    }
    case "join":
      return bindJoin(item, scope);
    case "attributes": {
      const object = bindPath(item.path, scope, (index) => bind(index, scope));
      const [value, key] = [item.alias.name, item.at ?? "__attribute"];
      scope.add({
        alias: value,
        columns: [
          { name: value, type: SUPER },
          { name: key, type: VARCHAR },
        ],
      });
      return `lateral (select rs.super_member(${object.sql}, k) as ${identifier(value)}, k as ${identifier(key)} from (select unnest(rs.super_keys(${object.sql})) as k)) as ${identifier(value)}`;
    }
    case "pivot":
      return derived(bindPivot(item, scope), item.alias, scope);
    case "unpivot":
      return derived(bindUnpivot(item, scope), item.alias, scope);
  }
}

/** What a query in FROM sees: not its neighbours, which Redshift's queries do not see either. */
function outside(scope: Scope): Scope {
  return scope.parent ?? scope;
}

let unnamed = 0;

/** A query as a source. Without an alias, its columns are seen and it is not. */
function derived({ sql, columns }: BoundQuery, alias: Alias | undefined, scope: Scope): string {
  const name = alias?.name ?? `__query${++unnamed}`;
  const named = renamed(columns, alias);
  const engineNames = distinctNames(named);
  scope.add({ alias: name, columns: named, engineNames });
  return `(${sql}) as ${identifier(name)}(${engineNames.map(identifier).join(", ")})`;
}

function renamed(columns: readonly Column[], alias: Alias | undefined): Column[] {
  const names = alias?.columns ?? [];
  if (names.length > columns.length)
    throw new SqlError(
      `table "${alias?.name}" has ${columns.length} columns available but ${names.length} columns specified`,
    );
  return columns.map(({ name, type }, i) => ({ name: names[i] ?? name, type }));
}

function bindName({ path, alias, at }: Extract<FromItem, { kind: "name" }>, scope: Scope): string {
  const [first = "", ...rest] = path.names;
  const source = scope.sources.find((each) => each.alias === first);
  const elements = source !== undefined && source.relation === undefined && isElement(source);
  if (source !== undefined && (rest.length > 0 || path.steps.length > 0 || elements))
    return unnest(path, alias, at, scope);
  if (path.steps.length > 0 || at !== undefined) return unnest(path, alias, at, scope);
  const common = rest.length === 0 ? scope.common.get(first) : undefined;
  if (common !== undefined) {
    const name = alias?.name ?? first;
    const named = renamed(common, alias);
    const engineNames = distinctNames(named);
    scope.add({ alias: name, columns: named, engineNames });
    return `${identifier(first)} as ${identifier(name)}(${engineNames.map(identifier).join(", ")})`;
  }
  return bindRelation(path, alias, scope);
}

/** Whether the source is the elements of an array. */
function isElement({ alias, columns }: Source): boolean {
  return columns[0]?.name === alias && columns[0].type.name === "super";
}

/** The elements of an array in a SUPER, and their indexes. */
function unnest(path: Path, alias: Alias | undefined, at: string | undefined, scope: Scope): string {
  const array = bindPath(path, scope, (index) => bind(index, scope));
  if (array.type.name !== "super") throw new SqlError(`relation "${path.names.join(".")}" does not exist`);
  const name = alias?.name ?? path.names.at(-1) ?? "";
  const columns: Column[] = [{ name, type: SUPER }];
  if (at !== undefined) columns.push({ name: at, type: INT8 });
  scope.add({ alias: name, columns });
  const index = at === undefined ? "" : `, generate_subscripts(l, 1) - 1 as ${identifier(at)}`;
  return `lateral (select unnest(l) as ${identifier(name)}${index} from (select rs.super_items(${array.sql}) as l)) as ${identifier(name)}`;
}

function bindRelation(path: Path, alias: Alias | undefined, scope: Scope): string {
  const relation = findRelation(path.names, scope);
  const { environment } = scope;
  note(environment, relation);
  const name = alias?.name ?? relation.name;
  const named = alias?.columns === undefined ? relation.columns : renamed(relation.columns, alias);
  if (relation.late === undefined) {
    const engineNames = relation.columns.map((column) => column.name);
    scope.add({ alias: name, columns: named, relation, engineNames });
    return `${relation.sql} as ${identifier(name)}`;
  }
  const bound = bindLate(relation, scope);
  const columns = renamed(bound.columns, alias?.columns === undefined ? undefined : alias);
  const engineNames = distinctNames(columns);
  scope.add({ alias: name, columns, relation: { ...relation, columns }, engineNames });
  return `(${bound.sql}) as ${identifier(name)}(${engineNames.map(identifier).join(", ")})`;
}

/** A view that is resolved when it is read: what it reads, its owner reads. */
function bindLate({ late, schema, name }: Relation, { environment }: Scope): BoundQuery {
  if (late === undefined) throw new SqlError(`relation "${name}" does not exist`);
  const inside = { ...environment, readings: new Map() };
  environment.late.set(`${schema}.${name}`, inside.readings);
  const bound = bindQuery(late.query, new Scope(inside));
  const columns = bound.columns.map((column, i) => ({ ...column, name: late.columns?.[i] ?? column.name }));
  return { sql: bound.sql, columns };
}

/** The relation of that name. @throws {SqlError} when there is none. */
export function findRelation(names: readonly string[], { environment }: Scope): Relation {
  const named = names.length === 3 && names[0] === environment.database ? names.slice(1) : names;
  const [first = "", second, more] = named;
  if (more !== undefined)
    throw new SqlError(`cross-database reference to database "${first}" is not supported`);
  const name = second === undefined ? { name: first } : { schema: first, name: second };
  const relation = environment.find(name);
  if (relation === undefined) throw new SqlError(`relation "${shown(name)}" does not exist`);
  return relation;
}

function bindJoin(item: Extract<FromItem, { kind: "join" }>, scope: Scope): string {
  const before = scope.sources.length;
  const left = bindItem(item.left, scope);
  const middle = scope.sources.length;
  const right = bindItem(item.right, scope);
  const words = item.join === "inner" ? "join" : `${item.join} join`;
  if (item.join === "cross") return `${left} cross join ${right}`;
  const [lefts, rights] = [scope.sources.slice(before, middle), scope.sources.slice(middle)];
  const using = item.natural ? shared(lefts, rights) : item.using;
  if (using === undefined) {
    const on = item.on === undefined ? "true" : bindCondition(item.on, scope);
    return `(${left} ${words} ${right} on ${on})`;
  }
  if (using.length === 0) return `${left} cross join ${right}`;
  for (const name of using) merge(name, lefts, rights, scope);
  return `(${left} ${words} ${right} using (${using.map(identifier).join(", ")}))`;
}

function shared(lefts: readonly Source[], rights: readonly Source[]): string[] {
  const names = (sources: readonly Source[]) =>
    sources.flatMap(({ columns }) => columns.map(({ name }) => name));
  const other = new Set(names(rights));
  return [...new Set(names(lefts).filter((name) => other.has(name)))];
}

/** One column for both sides. */
function merge(name: string, lefts: readonly Source[], rights: readonly Source[], scope: Scope): void {
  const holder = (sources: readonly Source[]): Column => {
    for (const source of sources) {
      const found = scope.of(source, name);
      if (found !== undefined) return found.column;
    }
    throw new SqlError(`column "${name}" specified in USING clause does not exist`);
  };
  const column = holder(lefts);
  holder(rights);
  scope.merged.set(name, column);
}
