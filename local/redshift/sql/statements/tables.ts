import { Cursor, type ObjectName } from "../cursor";
import { SqlError, syntaxError, unsupported } from "../error";
import type { Plan } from "../plan";
import type { Expression } from "../syntax/ast";
import { sum } from "../syntax/expression";
import { wholeQuery } from "../syntax/query";
import { nameList } from "../syntax/select";
import { RESERVED, SYSTEM_COLUMNS } from "../syntax/words";
import { closing, is, splitCommas, type Token } from "../tokens";
import { type DataType, dataType } from "../types";

/** A column as CREATE TABLE declares it. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: DataType;
  readonly notNull: boolean;
  /** @default null */
  readonly defaultValue?: Expression;
  readonly identity?: Identity;
}

/** Numbers that the warehouse gives to rows. */
export interface Identity {
  readonly seed: number;
  readonly step: number;
  /** Whether a statement may give the number itself. */
  readonly byDefault: boolean;
}

/** A table as CREATE TABLE declares it, without what only Redshift's storage knows. */
export interface TableDefinition {
  readonly name: ObjectName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
}

/**
 * CREATE TABLE, the cursor behind the word TABLE. Distribution, sort keys and encodings are read and fall away; keys
 * are informational in Redshift and fall away too.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
 */
export function createTable(cursor: Cursor, asked: boolean): Plan {
  const ifNotExists = cursor.takes("if", "not", "exists");
  const hash = cursor.takes("#") ? "#" : "";
  const named = cursor.objectName();
  const name = { ...named, name: hash + named.name };
  const temporary = asked || hash !== "";
  refuseName(named.name);
  if (cursor.sees("(", "like")) return tableLike(cursor, name, temporary, ifNotExists);
  if (cursor.sees("(") && isColumnList(cursor)) {
    const columns = columnList(cursor.parenthesized());
    refuseAttributes(attributes(cursor), columns);
    return { kind: "create table", table: { name, temporary, ifNotExists, columns } };
  }
  if (ifNotExists) throw syntaxError("as", "CREATE TABLE AS has no IF NOT EXISTS");
  const columns = cursor.sees("(") ? nameList(cursor) : undefined;
  attributes(cursor);
  cursor.expect("as");
  const query = wholeQuery(new Cursor(unwrapped(cursor.rest())));
  return { kind: "create table as", name, temporary, query, ...(columns === undefined ? {} : { columns }) };
}

/** A query without the parentheses that are around the whole of it. */
function unwrapped(tokens: readonly Token[]): readonly Token[] {
  return is(tokens[0], "(") && closing(tokens, 0) === tokens.length ? unwrapped(tokens.slice(1, -1)) : tokens;
}

function tableLike(cursor: Cursor, name: ObjectName, temporary: boolean, ifNotExists: boolean): Plan {
  cursor.expect("(", "like");
  const like = cursor.objectName();
  const defaults = cursor.takes("including", "defaults");
  if (!defaults) cursor.takes("excluding", "defaults");
  cursor.expect(")");
  attributes(cursor);
  return { kind: "create table like", name, temporary, ifNotExists, like, defaults };
}

/** Whether columns are declared, with types, and not only named. */
function isColumnList(cursor: Cursor): boolean {
  const behind = closing(cursor.tokens, cursor.at);
  const second = cursor.peek(2);
  const onlyNames = second === undefined || is(second, ",", ")");
  const declared = cursor.tokens.slice(behind).some((token) => is(token, "as"));
  return !(declared && onlyNames);
}

function columnList(tokens: readonly Token[]): ColumnDefinition[] {
  const columns: ColumnDefinition[] = [];
  for (const part of splitCommas(tokens)) {
    const cursor = new Cursor(part);
    if (isConstraint(cursor)) tableConstraint(cursor);
    else columns.push(columnDefinition(cursor));
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
export function columnDefinition(cursor: Cursor): ColumnDefinition {
  const token = cursor.peek();
  const name = cursor.name();
  if (token?.kind === "word") refuseName(name);
  if (SYSTEM_COLUMNS.has(name))
    throw new SqlError(`column name "${name}" conflicts with a system column name`);
  const type = dataType(cursor);
  let notNull = false;
  let defaultValue: Expression | undefined;
  let identity: Identity | undefined;
  while (!cursor.done) {
    if (cursor.takes("not", "null") || cursor.takes("primary", "key")) notNull = true;
    else if (cursor.takes("null") || cursor.takes("unique")) continue;
    else if (cursor.takes("encode")) cursor.name();
    else if (cursor.takes("collate")) collation(cursor);
    else if (cursor.takes("distkey") || cursor.takes("sortkey")) refuseKey(name, type);
    else if (cursor.takes("default")) defaultValue = sum(cursor);
    else if (cursor.sees("references")) references(cursor);
    else if (cursor.takes("identity")) identity = identityOf(cursor, false);
    else if (cursor.takes("generated", "by", "default", "as", "identity"))
      identity = identityOf(cursor, true);
    else throw cursor.error();
  }
  return {
    name,
    type,
    notNull: notNull || identity !== undefined,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(identity === undefined ? {} : { identity }),
  };
}

function collation(cursor: Cursor): void {
  const name = cursor.name();
  if (["case_insensitive", "ci"].includes(name)) throw unsupported("COLLATE CASE_INSENSITIVE");
}

function identityOf(cursor: Cursor, byDefault: boolean): Identity {
  cursor.expect("(");
  const number = (): number => (cursor.takes("-") ? -cursor.integer() : cursor.integer());
  const seed = number();
  cursor.expect(",");
  const step = number();
  cursor.expect(")");
  if (step === 0) throw new SqlError("IDENTITY's step cannot be 0");
  return { seed, step, byDefault };
}

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
  if (type.name === "super")
    throw new SqlError(`column "${name}" of type SUPER cannot be a sort or distribution key`);
}

function refuseName(name: string): void {
  if (RESERVED.has(name)) throw syntaxError(name, "it is a reserved word; as a name it must be delimited");
}
