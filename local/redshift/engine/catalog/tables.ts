import { identifier } from "../../sql/tokens";
import type { DataType } from "../../sql/types";
import { engineType } from "../../sql/types";
import { checkOf } from "./types";

/** A column as the engine is to make it. */
export interface NewColumn {
  readonly name: string;
  readonly type: DataType;
  readonly notNull: boolean;
  /** An expression in the engine's SQL. @default null */
  readonly defaultSql?: string;
}

/** CREATE TABLE in the engine's SQL. @param name the engine's name of it. */
export function spellTable(name: string, columns: readonly NewColumn[], temporary: boolean): string {
  const parts = columns.map((column) => {
    const value = column.defaultSql === undefined ? "" : ` default ${column.defaultSql}`;
    return `${identifier(column.name)} ${engineType(column.type)}${column.notNull ? " not null" : ""}${value}`;
  });
  for (const { name: column, type } of columns) {
    const check = checkOf(identifier(column), type);
    if (check !== undefined) parts.push(`check (${check})`);
  }
  return `create ${temporary ? "temp " : ""}table ${name} (${parts.join(", ")})`;
}

/** The engine's name of a table. */
export function tableName(schema: string, name: string, temporary = false): string {
  return temporary ? `temp.main.${identifier(name)}` : `${identifier(schema)}.${identifier(name)}`;
}
