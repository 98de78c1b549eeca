import { Cursor, type ObjectName } from "./cursor";
import { SqlError, syntaxError, unsupported } from "./error";
import type { Names } from "./query/names";
import { rewrite } from "./query/rewrite";
import { RESERVED, SYSTEM_COLUMNS } from "./query/words";
import { closing, identifier, is, splitCommas, type Token } from "./tokens";
import { type DataType, dataType } from "./types";

/** A column as CREATE TABLE declares it. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: DataType;
  readonly notNull: boolean;
  /** An expression in the engine's SQL. @default null */
  readonly defaultValue?: string;
}

/** A table as CREATE TABLE declares it, without what only Redshift's storage knows. */
export interface TableDefinition {
  readonly name: ObjectName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
}

/** What `CREATE [TEMP] TABLE …` makes: declared columns, or a query's result. */
export type CreateTable =
  | ({ readonly kind: "declared" } & TableDefinition)
  | {
      readonly kind: "query";
      readonly name: ObjectName;
      readonly temporary: boolean;
      readonly sql: string;
      readonly like?: ObjectName;
    };

/**
 * Parses CREATE TABLE, the cursor behind the word TABLE. Distribution, sort keys and encodings are read and
 * fall away; keys are informational in Redshift and fall away too.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
 */
export function createTable(cursor: Cursor, temporary: boolean, names: Names): CreateTable {
  const ifNotExists = cursor.takes("if", "not", "exists");
  if (is(cursor.peek(), "#")) throw unsupported("a name that begins with #");
  const name = cursor.objectName();
  refuseName(name.name);
  if (cursor.sees("(") && isColumnList(cursor)) {
    const columns = columnList(cursor.parenthesized(), names);
    refuseAttributes(attributes(cursor), columns);
    cursor.end();
    return { kind: "declared", name, temporary, ifNotExists, columns };
  }
  if (ifNotExists) throw syntaxError("as", "CREATE TABLE AS has no IF NOT EXISTS");
  if (cursor.sees("(")) throw unsupported("a column list in CREATE TABLE AS");
  attributes(cursor);
  cursor.expect("as");
  const body = cursor.rest();
  const like = copied(body);
  return {
    kind: "query",
    name,
    temporary,
    sql: rewrite(body, names),
    ...(like === undefined ? {} : { like }),
  };
}

/**
 * The table of which `select * from table [where …]` takes every column: the new table's have its widths. What a
 * query makes of columns keeps no width here.
 */
function copied(body: readonly Token[]): ObjectName | undefined {
  const cursor = new Cursor(body);
  if (!cursor.takes("select", "*", "from") || cursor.sees("(")) return undefined;
  const name = cursor.objectName();
  return cursor.done || cursor.sees("where") ? name : undefined;
}

/** A table's definition in the engine's SQL: VARCHAR(n) counts bytes and is held to it. */
export function spellTable(table: TableDefinition): string {
  const parts = table.columns.map(spellColumn);
  for (const { name, type } of table.columns)
    if (type.bytes !== undefined) parts.push(byteCheck(name, type.bytes));
  const head = `create ${table.temporary ? "temp " : ""}table ${table.ifNotExists ? "if not exists " : ""}`;
  return `${head}${spellName(table.name)} (${parts.join(", ")})`;
}

/** A column's definition in the engine's SQL. */
export function spellColumn({ name, type, notNull, defaultValue }: ColumnDefinition): string {
  const value = defaultValue === undefined ? "" : ` default ${defaultValue}`;
  return `${identifier(name)} ${type.engine}${notNull ? " not null" : ""}${value}`;
}

/** What holds a character column to its width. */
export function byteCheck(name: string, bytes: number): string {
  return `check (strlen(${identifier(name)}) <= ${bytes})`;
}

/** A name in the engine's SQL. */
export function spellName({ schema, name }: ObjectName): string {
  return schema === undefined ? identifier(name) : `${spellSchema(schema)}.${identifier(name)}`;
}

/** A schema's name in the engine's SQL. @throws {SqlError} for those that are the engine's own. */
export function spellSchema(name: string): string {
  if (["rs", "main", "pg_catalog", "information_schema"].includes(name))
    throw new SqlError(`permission denied for schema ${name}`);
  return identifier(name);
}

function isColumnList(cursor: Cursor): boolean {
  const behind = closing(cursor.tokens, cursor.at);
  if (is(cursor.peek(1), "like")) throw unsupported("CREATE TABLE (LIKE …)");
  const second = cursor.peek(2);
  return !is(cursor.tokens[behind], "as") || !(second === undefined || is(second, ",", ")"));
}

function columnList(tokens: readonly Token[], names: Names): ColumnDefinition[] {
  const columns: ColumnDefinition[] = [];
  for (const part of splitCommas(tokens)) {
    const cursor = new Cursor(part);
    if (isConstraint(cursor)) tableConstraint(cursor);
    else columns.push(columnDefinition(cursor, names));
    cursor.end();
  }
  if (columns.length === 0) throw syntaxError(")", "a table has at least one column");
  const twice = columns.find(({ name }, i) => columns.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new SqlError(`column "${twice.name}" duplicated`);
  return columns;
}

function isConstraint(cursor: Cursor): boolean {
  return ["primary", "unique", "foreign", "constraint", "check", "exclude"].some((word) => cursor.sees(word));
}

function tableConstraint(cursor: Cursor): void {
  if (cursor.takes("constraint")) cursor.name();
  if (cursor.takes("primary", "key") || cursor.takes("unique")) cursor.parenthesized();
  else if (cursor.takes("foreign", "key")) {
    cursor.parenthesized();
    references(cursor);
  } else throw cursor.error("Redshift has no such table constraint");
}

function references(cursor: Cursor): void {
  cursor.expect("references");
  cursor.objectName();
  if (cursor.sees("(")) cursor.parenthesized();
}

/** One column, with its attributes. */
export function columnDefinition(cursor: Cursor, names: Names): ColumnDefinition {
  const token = cursor.peek();
  const name = cursor.name();
  if (token?.kind === "word") refuseName(name);
  if (SYSTEM_COLUMNS.has(name))
    throw new SqlError(`column name "${name}" conflicts with a system column name`);
  const type = dataType(cursor);
  let notNull = false;
  let defaultValue: string | undefined;
  while (!cursor.done) {
    if (cursor.takes("not", "null") || cursor.takes("primary", "key")) notNull = true;
    else if (cursor.takes("null") || cursor.takes("unique")) continue;
    else if (cursor.takes("encode") || cursor.takes("collate")) cursor.name();
    else if (cursor.takes("distkey") || cursor.takes("sortkey")) refuseKey(name, type);
    else if (cursor.takes("default")) defaultValue = rewrite(expression(cursor), names);
    else if (cursor.sees("references")) references(cursor);
    else if (cursor.takes("identity") || cursor.takes("generated", "by", "default", "as", "identity")) {
      if (splitCommas(cursor.parenthesized()).length !== 2)
        throw syntaxError("identity", "IDENTITY(seed, step) expected");
      throw unsupported("IDENTITY");
    } else throw cursor.error();
  }
  return { name, type, notNull, ...(defaultValue === undefined ? {} : { defaultValue }) };
}

/** A default's expression: up to the next attribute. */
function expression(cursor: Cursor): Token[] {
  const tokens: Token[] = [];
  while (!cursor.done && !ATTRIBUTES.some((word) => cursor.sees(word))) {
    if (cursor.sees("not", "null") && tokens.length > 0) break;
    if (cursor.sees("(")) {
      const from = cursor.at;
      cursor.parenthesized();
      tokens.push(...cursor.tokens.slice(from, cursor.at));
    } else tokens.push(cursor.next());
  }
  return tokens;
}

const ATTRIBUTES = ["encode", "distkey", "sortkey", "primary", "unique", "references", "identity", "collate"];

interface Attributes {
  readonly style?: string;
  readonly distribution: readonly string[];
  readonly sort: readonly string[];
}

function attributes(cursor: Cursor): Attributes {
  let style: string | undefined;
  let distribution: string[] = [];
  let sort: string[] = [];
  for (;;) {
    if (cursor.takes("diststyle")) {
      style = cursor.name();
      if (!["auto", "even", "key", "all"].includes(style)) throw syntaxError(style);
    } else if (cursor.takes("distkey")) distribution = keys(cursor);
    else if (cursor.takes("backup")) {
      if (!cursor.takes("yes")) cursor.expect("no");
    } else if (cursor.takes("encode")) cursor.expect("auto");
    else if (cursor.takes("sortkey", "auto")) continue;
    else if (cursor.sees("compound") || cursor.sees("interleaved") || cursor.sees("sortkey")) {
      if (!cursor.takes("compound")) cursor.takes("interleaved");
      cursor.expect("sortkey");
      sort = keys(cursor);
    } else return { ...(style === undefined ? {} : { style }), distribution, sort };
  }
}

function keys(cursor: Cursor): string[] {
  return splitCommas(cursor.parenthesized()).map((part) => new Cursor(part).name());
}

function refuseAttributes(
  { style, distribution, sort }: Attributes,
  columns: readonly ColumnDefinition[],
): void {
  if (distribution.length > 0 && style !== undefined && style !== "key")
    throw new SqlError(`cannot specify DISTKEY column if DISTSTYLE is ${style.toUpperCase()}`);
  for (const key of [...distribution, ...sort]) {
    const column = columns.find(({ name }) => name === key);
    if (column === undefined) throw new SqlError(`column "${key}" named in key does not exist`);
    refuseKey(key, column.type);
  }
}

function refuseKey(name: string, type: DataType): void {
  if (type.json) throw new SqlError(`column "${name}" of type SUPER cannot be a sort or distribution key`);
}

function refuseName(name: string): void {
  if (RESERVED.has(name)) throw syntaxError(name, "it is a reserved word; as a name it must be delimited");
}
