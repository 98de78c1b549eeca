import type { ObjectName } from "../../cursor";
import type { Query } from "../../syntax/ast";
import type { DataType } from "../../types";

/** A column as a query sees it. */
export interface Column {
  readonly name: string;
  readonly type: DataType;
  /** @default it may be null */
  readonly notNull?: true;
}

/** A table or view as a query finds it. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "view" | "system";
  readonly columns: readonly Column[];
  /** The engine's name of it, or a query in parentheses. */
  readonly sql: string;
  /** Of a temporary table: its creator's alone. */
  readonly temporary?: true;
  /** Of a view that is resolved when it is read. */
  readonly late?: { readonly query: Query; readonly columns?: readonly string[] };
}

/** A column that a statement reads, for the privileges that this takes. */
export interface Reading {
  readonly relation: Relation;
  readonly columns: Set<string>;
}

/** What the binder must know of the database, and what it notes of a statement. */
export interface Environment {
  readonly database: string;
  /** Who asks: what CURRENT_USER says. */
  readonly user: string;
  /** Schemas in which a name without one is looked for. */
  readonly searchPath: readonly string[];
  /** @default undefined there is no such relation */
  readonly find: (name: ObjectName) => Relation | undefined;
  /** A function that users have made. @default undefined there is none */
  readonly userFunction: (
    schema: string | undefined,
    name: string,
    count: number,
  ) => UserFunction | undefined;
  /** What the statement reads, by schema and name. */
  readonly readings: Map<string, Reading>;
  /** Functions of users that the statement calls, by schema and name. */
  readonly calls: Set<string>;
  /** What views read that are resolved when they are read, by the view's schema and name. */
  readonly late: Map<string, ReadonlyMap<string, Reading>>;
}

/** A scalar function in SQL. */
export interface UserFunction {
  readonly schema: string;
  readonly name: string;
  readonly parameters: readonly DataType[];
  readonly returns: DataType;
  /** The engine's macro of it. */
  readonly sql: string;
}

/** A name as it is shown: with its schema where it has one. */
export function shown({ schema, name }: ObjectName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

/** Notes that a relation is read, and of a column which one. */
export function note(environment: Environment, relation: Relation, column?: string): void {
  const key = `${relation.schema}.${relation.name}`;
  const known = environment.readings.get(key);
  const reading = known ?? { relation, columns: new Set<string>() };
  if (known === undefined) environment.readings.set(key, reading);
  if (column !== undefined) reading.columns.add(column);
}
