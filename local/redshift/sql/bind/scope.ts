import { SqlError } from "../error";
import { identifier } from "../tokens";
import type { Bound } from "./bound";
import { type Column, type Environment, note, type Relation } from "./queries/environment";

/** A relation under the name that a query gives it. */
export interface Source {
  readonly alias: string;
  readonly columns: readonly Column[];
  /** The table or view that it is. @default a query, or elements of a SUPER */
  readonly relation?: Relation;
  /** What the engine calls its columns where that is not their name, by position. */
  readonly engineNames?: readonly string[];
}

/** A column that was found, and the source that has it. */
export interface Found {
  readonly column: Column;
  readonly source: Source;
  readonly bound: Bound;
}

/** An earlier item of the same SELECT list, that later ones may name. */
export interface AliasedItem {
  readonly alias: string;
  readonly bound: Bound;
}

/** The names that an expression sees: those of its own query, then those of the queries around it. */
export class Scope {
  readonly sources: Source[] = [];
  /** Columns of USING and NATURAL joins: one for both sides. */
  readonly merged = new Map<string, Column>();
  /** Earlier items of the SELECT list, where an expression may name them. */
  items: readonly AliasedItem[] = [];
  /** Queries of WITH clauses, here and around. */
  readonly common: Map<string, readonly Column[]>;

  constructor(
    readonly environment: Environment,
    readonly parent?: Scope,
  ) {
    this.common = new Map(parent?.common);
  }

  add(source: Source): void {
    if (this.sources.some(({ alias }) => alias === source.alias))
      throw new SqlError(`table name "${source.alias}" specified more than once`);
    this.sources.push(source);
  }

  /** The source of that name, here or around. */
  source(alias: string): Source | undefined {
    return this.sources.find((source) => source.alias === alias) ?? this.parent?.source(alias);
  }

  /** The source that stands for that table where it has no alias, here or around. */
  table(schema: string, name: string): Source | undefined {
    const own = this.sources.find(
      ({ alias, relation }) => alias === name && relation?.schema === schema && relation.name === name,
    );
    return own ?? this.parent?.table(schema, name);
  }

  /** A column by its name alone, here or around. @throws {SqlError} when several have it. */
  column(name: string): Found | undefined {
    const merged = this.merged.get(name);
    const holders = this.sources.filter(({ columns }) => columns.some((column) => column.name === name));
    const [source, ...others] = holders;
    if (source === undefined) return this.parent?.column(name);
    if (merged !== undefined)
      return { column: merged, source, bound: { sql: identifier(name), type: merged.type, label: name } };
    if (others.length > 0) throw new SqlError(`column reference "${name}" is ambiguous`);
    return this.of(source, name);
  }

  /** A source's column. */
  of(source: Source, name: string): Found | undefined {
    const index = source.columns.findIndex((column) => column.name === name);
    const column = source.columns[index];
    if (column === undefined) return undefined;
    const { relation } = source;
    if (relation !== undefined) note(this.environment, relation, name);
    const engineName = source.engineNames?.[index] ?? name;
    const raw = `${identifier(source.alias)}.${identifier(engineName)}`;
    const bound: Bound = {
      sql: column.type.name === "bpchar" ? `rtrim(${raw})` : raw,
      type: column.type,
      label: name,
      ...(relation === undefined
        ? {}
        : {
            origin: {
              schema: relation.schema,
              table: relation.name,
              column: name,
              notNull: column.notNull === true,
            },
          }),
    };
    return { column, source, bound };
  }

  /** An item of the SELECT list, by its alias. */
  item(alias: string): AliasedItem | undefined {
    return this.items.find((item) => item.alias === alias);
  }
}
