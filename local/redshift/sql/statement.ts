import { copyCommand } from "./copy";
import { Cursor } from "./cursor";
import { alter, comment, create, drop } from "./definitions";
import { SqlError, syntaxError, unsupported } from "./error";
import type { Plan } from "./plan";
import { grant } from "./principals";
import type { Names } from "./query/names";
import { rewrite } from "./query/rewrite";
import { spellName } from "./tables";
import { identifier, is, type Token } from "./tokens";

/**
 * Understands one statement of Redshift's.
 * @throws {SqlError} for what Redshift refuses, and for what is not to be had here, said as such. Nothing that is
 * not understood reaches the engine.
 */
export function plan(statement: readonly Token[], names: Names): Plan {
  const tokens = is(statement.at(-1), ";") ? statement.slice(0, -1) : statement;
  const second = tokens.findIndex((token) => is(token, ";"));
  if (second >= 0) throw new SqlError("cannot insert multiple commands into a prepared statement");
  const cursor = new Cursor(tokens);
  const first = cursor.peek();
  if (first === undefined) throw new SqlError("the statement is empty");
  if (is(first, "(", "select", "with")) return query(tokens, names);
  if (first.kind !== "word") throw syntaxError(first.text);
  cursor.next();
  const verb = VERBS[first.text];
  if (verb === undefined) {
    if (ELSEWHERE.has(first.text)) throw unsupported(first.text.toUpperCase());
    throw syntaxError(first.text);
  }
  return verb(cursor, names);
}

const VERBS: Readonly<Record<string, (cursor: Cursor, names: Names) => Plan>> = {
  insert,
  update,
  delete: remove,
  create,
  drop,
  alter,
  comment,
  copy: (cursor) => ({ kind: "copy", copy: copyCommand(cursor) }),
  grant: (cursor) => ({ kind: "principal", command: grant(cursor, "grant") }),
  revoke: (cursor) => ({ kind: "principal", command: grant(cursor, "revoke") }),
  truncate,
  lock,
  begin: (cursor) => transaction(cursor, "begin"),
  start: (cursor) => transaction(cursor, "begin"),
  commit: (cursor) => transaction(cursor, "commit"),
  end: (cursor) => transaction(cursor, "commit"),
  rollback: (cursor) => transaction(cursor, "rollback"),
  abort: (cursor) => transaction(cursor, "rollback"),
  analyze: (cursor) => maintenance(cursor),
  vacuum: (cursor) => ({ ...maintenance(cursor), outside: "VACUUM" }),
  explain,
  set,
};

const ELSEWHERE = new Set(
  "unload merge refresh call declare fetch close prepare execute deallocate show reset cancel attach detach use".split(
    " ",
  ),
);

function query(tokens: readonly Token[], names: Names): Plan {
  const verb = mainVerb(tokens);
  const sql = rewrite(tokens, names);
  return { kind: verb === "select" ? "query" : "write", sql };
}

/** The verb behind a WITH clause. */
function mainVerb(tokens: readonly Token[]): string {
  let depth = 0;
  for (const token of tokens) {
    if (is(token, "(")) depth++;
    else if (is(token, ")")) depth--;
    else if (depth === 0 && is(token, "select", "insert", "update", "delete")) return token.text;
  }
  return "select";
}

function insert(cursor: Cursor, names: Names): Plan {
  cursor.expect("into");
  const table = spellName(cursor.objectName());
  if (cursor.takes("default", "values")) {
    cursor.end();
    return { kind: "write", sql: `insert into ${table} default values` };
  }
  let columns = "";
  if (cursor.sees("(") && !is(cursor.peek(1), "select", "with", "(")) {
    const list = new Cursor(cursor.parenthesized());
    const written: string[] = [];
    do written.push(identifier(list.name()));
    while (list.takes(","));
    list.end();
    columns = ` (${written.join(", ")})`;
  }
  if (!["values", "select", "with", "("].some((word) => cursor.sees(word))) throw cursor.error();
  return { kind: "write", sql: `insert into ${table}${columns} ${rewrite(cursor.rest(), names)}` };
}

function update(cursor: Cursor, names: Names): Plan {
  const table = spellName(cursor.objectName());
  const alias = cursor.takes("as") || !cursor.sees("set") ? ` as ${identifier(cursor.name())}` : "";
  cursor.expect("set");
  if (is(cursor.peek(1), ".")) throw syntaxError(".", "a column to set is named without its table");
  return { kind: "write", sql: `update ${table}${alias} set ${rewrite(cursor.rest(), names)}` };
}

function remove(cursor: Cursor, names: Names): Plan {
  cursor.takes("from");
  const table = spellName(cursor.objectName());
  return { kind: "write", sql: `delete from ${table} ${rewrite(cursor.rest(), names)}` };
}

function truncate(cursor: Cursor): Plan {
  cursor.takes("table");
  const table = cursor.objectName();
  cursor.end();
  return { kind: "truncate", table };
}

function lock(cursor: Cursor): Plan {
  cursor.takes("table");
  const tables = [cursor.objectName()];
  while (cursor.takes(",")) tables.push(cursor.objectName());
  cursor.end();
  return { kind: "lock", tables };
}

function transaction(cursor: Cursor, verb: "begin" | "commit" | "rollback"): Plan {
  if (!cursor.takes("work")) cursor.takes("transaction");
  if (verb === "begin" && cursor.takes("isolation", "level")) {
    if (!cursor.takes("serializable") && !cursor.takes("snapshot") && !cursor.takes("read", "committed"))
      throw cursor.error();
  }
  if (verb === "begin" && !cursor.takes("read", "write")) cursor.takes("read", "only");
  cursor.end();
  return { kind: "transaction", verb };
}

function maintenance(cursor: Cursor): Extract<Plan, { kind: "nothing" }> {
  for (const word of ["verbose", "compression"]) if (cursor.sees(word)) throw unsupported(word.toUpperCase());
  if (cursor.takes("full") || cursor.takes("sort", "only") || cursor.takes("delete", "only"))
    if (cursor.done) return { kind: "nothing", tables: [] };
  if (cursor.done) return { kind: "nothing", tables: [] };
  const tables = [cursor.objectName()];
  if (cursor.takes("to")) {
    cursor.integer();
    cursor.expect("percent");
  } else if (!cursor.takes("predicate", "columns")) cursor.takes("all", "columns");
  cursor.end();
  return { kind: "nothing", tables };
}

function explain(cursor: Cursor, names: Names): Plan {
  cursor.takes("verbose");
  if (!cursor.sees("select") && !cursor.sees("with")) throw cursor.error("EXPLAIN goes with a query");
  const explained = query(cursor.rest(), names);
  if (explained.kind !== "query") throw syntaxError("explain");
  return { kind: "query", sql: `explain ${explained.sql}` };
}

/** Settings that say nothing about an answer; any other might, and is refused. */
function set(cursor: Cursor): Plan {
  if (!cursor.takes("session")) cursor.takes("local");
  const name = cursor.name();
  if (!["query_group", "statement_timeout", "application_name"].includes(name))
    throw unsupported(`SET ${name}`);
  return { kind: "nothing", tables: [] };
}
