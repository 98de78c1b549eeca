import type { Cursor } from "../cursor";
import { unsupported } from "../error";
import type { Plan } from "../plan";

/** TRUNCATE, the cursor behind the word. */
export function truncate(cursor: Cursor): Plan {
  cursor.takes("table");
  const table = cursor.objectName();
  if (cursor.sees(",")) throw cursor.error("TRUNCATE takes one table");
  return { kind: "truncate", table };
}

/** LOCK, the cursor behind the word. */
export function lock(cursor: Cursor): Plan {
  cursor.takes("table");
  const tables = [cursor.objectName()];
  while (cursor.takes(",")) tables.push(cursor.objectName());
  return { kind: "lock", tables };
}

/** BEGIN, COMMIT and ROLLBACK and their other names, the cursor behind the word. */
export function transaction(cursor: Cursor, verb: "begin" | "commit" | "rollback"): Plan {
  if (!cursor.takes("work")) cursor.takes("transaction");
  if (verb === "begin" && cursor.takes("isolation", "level")) {
    const known = ["serializable", "snapshot"].some((word) => cursor.takes(word));
    if (
      !known &&
      !cursor.takes("read", "committed") &&
      !cursor.takes("read", "uncommitted") &&
      !cursor.takes("repeatable", "read")
    )
      throw cursor.error();
  }
  if (verb === "begin" && !cursor.takes("read", "write")) cursor.takes("read", "only");
  return { kind: "transaction", verb };
}

/** ANALYZE and VACUUM, the cursor behind the word: there is nothing to do, but what they name must be there. */
export function maintenance(cursor: Cursor, verb: "ANALYZE" | "VACUUM"): Plan {
  if (cursor.takes("compression")) throw unsupported("ANALYZE COMPRESSION");
  cursor.takes("verbose");
  if (verb === "VACUUM")
    for (const mode of [["full"], ["sort", "only"], ["delete", "only"], ["reindex"], ["recluster"]])
      if (cursor.takes(...mode)) break;
  if (cursor.done) return { kind: "maintenance", verb, tables: [] };
  const tables = [cursor.objectName()];
  if (cursor.sees("(")) cursor.parenthesized();
  if (cursor.takes("to")) {
    cursor.integer();
    cursor.expect("percent");
    cursor.takes("boost");
  } else if (!cursor.takes("predicate", "columns")) cursor.takes("all", "columns");
  return { kind: "maintenance", verb, tables };
}

/** SET, the cursor behind the word. */
export function set(cursor: Cursor): Plan {
  if (cursor.takes("session", "authorization")) throw unsupported("SET SESSION AUTHORIZATION");
  if (cursor.takes("session", "characteristics")) throw unsupported("SET SESSION CHARACTERISTICS");
  if (!cursor.takes("session") && cursor.takes("local")) throw unsupported("SET LOCAL");
  if (cursor.takes("time", "zone")) return { kind: "set", name: "timezone", value: [word(cursor)] };
  let name = cursor.name();
  while (cursor.takes(".")) name += `.${cursor.name()}`;
  if (!cursor.takes("to")) cursor.expect("=");
  const value = [word(cursor)];
  while (cursor.takes(",")) value.push(word(cursor));
  return { kind: "set", name, value: value.length === 1 && value[0] === "default" ? [] : value };
}

function word(cursor: Cursor): string {
  const sign = cursor.takes("-") ? "-" : "";
  const token = cursor.next();
  if (token.kind === "operator" && token.text === "$") return `$${cursor.name()}`;
  return sign + token.text;
}

/** SHOW, the cursor behind the word: of a setting; listings are queries on system views. */
export function show(cursor: Cursor): Plan {
  for (const what of [
    "databases",
    "schemas",
    "tables",
    "columns",
    "grants",
    "table",
    "view",
    "procedure",
    "datashares",
    "model",
    "external",
    "functions",
    "parameters",
    "procedures",
    "constraints",
  ])
    if (cursor.sees(what)) return listing(cursor, cursor.name());
  return { kind: "show", name: cursor.takes("all") ? "all" : cursor.name() };
}

/** `SHOW TABLES FROM SCHEMA database.schema [LIKE …]` and its like. */
function listing(cursor: Cursor, what: string): Plan {
  if (!["databases", "schemas", "tables", "columns"].includes(what))
    throw unsupported(`SHOW ${what.toUpperCase()}`);
  const path: string[] = [];
  if (what !== "databases") {
    cursor.expect("from", { schemas: "database", tables: "schema", columns: "table" }[what] ?? "");
    do path.push(cursor.name());
    while (cursor.takes("."));
  }
  const pattern = cursor.takes("like") ? cursor.string() : undefined;
  const limit = cursor.takes("limit") ? cursor.integer() : undefined;
  return {
    kind: "list",
    what: what as "tables",
    path,
    ...(pattern === undefined ? {} : { pattern }),
    ...(limit === undefined ? {} : { limit }),
  };
}
