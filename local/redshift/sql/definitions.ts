import type { Cursor, ObjectName } from "./cursor";
import { SqlError, syntaxError, unsupported } from "./error";
import type { Plan } from "./plan";
import { createPrincipal, dropPrincipal } from "./principals";
import { type Names, nameList } from "./query/names";
import { rewrite } from "./query/rewrite";
import { columnDefinition, createTable, spellName, spellSchema } from "./tables";
import { identifier, is, literal } from "./tokens";
import { dataType } from "./types";

/** CREATE, the cursor behind the word. */
export function create(cursor: Cursor, names: Names): Plan {
  if (cursor.takes("or", "replace")) {
    if (!cursor.sees("view")) throw cursor.error("OR REPLACE goes with VIEW");
    cursor.next();
    return view(cursor, names, true);
  }
  const temporary = cursor.takes("temp") || cursor.takes("temporary") || cursor.takes("local", "temp");
  if (cursor.takes("table")) {
    const made = createTable(cursor, temporary, names);
    return made.kind === "declared"
      ? { kind: "create table", table: made }
      : { ...made, kind: "create table as" };
  }
  if (cursor.takes("view")) return view(cursor, names, false);
  if (cursor.takes("schema")) {
    const ifNotExists = cursor.takes("if", "not", "exists") ? "if not exists " : "";
    const name = cursor.name();
    if (cursor.takes("authorization")) cursor.name();
    cursor.end();
    return { kind: "define", sql: `create schema ${ifNotExists}${spellSchema(name)}` };
  }
  if (cursor.sees("user") || cursor.sees("role"))
    return { kind: "principal", command: createPrincipal(cursor) };
  const what = cursor.next().text;
  if (
    [
      "materialized",
      "external",
      "function",
      "procedure",
      "masking",
      "rls",
      "model",
      "group",
      "database",
      "datashare",
      "library",
    ].includes(what)
  )
    throw unsupported(`CREATE ${what.toUpperCase()}`);
  throw syntaxError(what);
}

function view(cursor: Cursor, names: Names, replace: boolean): Plan {
  const name = spellName(cursor.objectName());
  const columns = cursor.sees("(") ? ` ${nameList(cursor.parenthesized())}` : "";
  cursor.expect("as");
  let body = cursor.rest();
  const binding = body
    .slice(-4)
    .map((token) => token.text)
    .join(" ");
  if (binding === "with no schema binding") body = body.slice(0, -4);
  if (!is(body[0], "select", "with", "(")) throw syntaxError(body[0]?.text ?? "as", "a query expected");
  const head = `create ${replace ? "or replace " : ""}view ${name}${columns}`;
  return { kind: "define", sql: `${head} as ${rewrite(body, names)}` };
}

/** DROP, the cursor behind the word. */
export function drop(cursor: Cursor): Plan {
  if (cursor.sees("user") || cursor.sees("role"))
    return { kind: "principal", command: dropPrincipal(cursor) };
  const kind = cursor.next().text;
  if (!["table", "view", "schema"].includes(kind)) throw unsupported(`DROP ${kind.toUpperCase()}`);
  const ifExists = cursor.takes("if", "exists") ? "if exists " : "";
  const name = kind === "schema" ? spellSchema(cursor.name()) : spellName(cursor.objectName());
  if (cursor.sees(",")) throw unsupported("DROP of several at once");
  const cascade = cursor.takes("cascade") ? " cascade" : "";
  cursor.takes("restrict");
  cursor.end();
  return { kind: "define", sql: `drop ${kind} ${ifExists}${name}${kind === "schema" ? cascade : ""}` };
}

/** ALTER, the cursor behind the word. */
export function alter(cursor: Cursor, names: Names): Plan {
  const kind = cursor.next().text;
  if (kind !== "table") throw unsupported(`ALTER ${kind.toUpperCase()}`);
  const table = cursor.objectName();
  const sql = `alter table ${spellName(table)}`;
  if (cursor.takes("add")) {
    if (
      !cursor.takes("column") &&
      ["constraint", "primary", "unique", "foreign"].some((word) => cursor.sees(word))
    )
      return { kind: "nothing", tables: [table] };
    const column = columnDefinition(cursor, names);
    if (column.notNull && column.defaultValue === undefined)
      throw new SqlError(
        "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression",
      );
    return { kind: "change column", table, column, add: true };
  }
  if (cursor.takes("drop")) {
    cursor.takes("column");
    const name = identifier(cursor.name());
    if (!cursor.takes("cascade")) cursor.takes("restrict");
    cursor.end();
    return { kind: "define", sql: `${sql} drop column ${name}` };
  }
  if (cursor.takes("rename")) return { kind: "define", sql: `${sql} ${rename(cursor)}` };
  if (cursor.takes("alter")) return alterColumn(cursor, table);
  if (cursor.takes("owner", "to")) return { kind: "nothing", tables: [table] };
  if (cursor.sees("append") || cursor.sees("row"))
    throw unsupported(`ALTER TABLE ${cursor.next().text.toUpperCase()}`);
  throw cursor.error();
}

function rename(cursor: Cursor): string {
  if (cursor.takes("to")) {
    const name = identifier(cursor.name());
    cursor.end();
    return `rename to ${name}`;
  }
  cursor.expect("column");
  const from = identifier(cursor.name());
  cursor.expect("to");
  const to = identifier(cursor.name());
  cursor.end();
  return `rename column ${from} to ${to}`;
}

function alterColumn(cursor: Cursor, table: ObjectName): Plan {
  const storage = ["diststyle", "distkey", "sortkey", "compound", "encode"];
  if (storage.some((word) => cursor.sees(word))) return { kind: "nothing", tables: [table] };
  cursor.takes("column");
  const name = cursor.name();
  if (cursor.takes("encode")) return { kind: "nothing", tables: [table] };
  cursor.expect("type");
  const type = dataType(cursor);
  cursor.end();
  if (type.bytes === undefined) throw new SqlError(`ALTER COLUMN TYPE is only for VARCHAR columns`);
  return { kind: "change column", table, column: { name, type, notNull: false }, add: false };
}

/** COMMENT, the cursor behind the word. */
export function comment(cursor: Cursor): Plan {
  cursor.expect("on");
  const kind = cursor.next().text;
  if (!["table", "view", "column"].includes(kind)) throw unsupported(`COMMENT ON ${kind.toUpperCase()}`);
  const path = [identifier(cursor.name())];
  while (cursor.takes(".")) path.push(identifier(cursor.name()));
  cursor.expect("is");
  const text = cursor.takes("null") ? "null" : literal(cursor.string());
  cursor.end();
  return { kind: "define", sql: `comment on ${kind} ${path.join(".")} is ${text}` };
}
