import { Cursor } from "../cursor";
import { syntaxError, unsupported } from "../error";
import type { DropKind, Plan } from "../plan";
import { wholeQuery } from "../syntax/query";
import type { Token } from "../tokens";
import { createFunction } from "./functions";
import { createPrincipal, dropPrincipal } from "./principals";
import { createTable } from "./tables";

const ELSEWHERE = "external procedure masking rls model database datashare library identity".split(" ");

/** CREATE, the cursor behind the word. */
export function create(cursor: Cursor): Plan {
  if (cursor.takes("or", "replace")) {
    if (cursor.takes("view")) return view(cursor, true);
    if (cursor.takes("function")) return createFunction(cursor, true);
    if (ELSEWHERE.some((word) => cursor.sees(word)))
      throw unsupported(`CREATE OR REPLACE ${cursor.name().toUpperCase()}`);
    throw cursor.error("OR REPLACE goes with VIEW, FUNCTION and PROCEDURE");
  }
  const local = cursor.takes("local");
  const temporary = cursor.takes("temp") || cursor.takes("temporary");
  if (local && !temporary) throw cursor.error("TEMP expected");
  if (cursor.takes("table")) return createTable(cursor, temporary);
  if (temporary) throw cursor.error("TABLE expected");
  if (cursor.takes("view")) return view(cursor, false);
  if (cursor.takes("materialized")) {
    cursor.expect("view");
    return materialized(cursor);
  }
  if (cursor.takes("function")) return createFunction(cursor, false);
  if (cursor.takes("schema")) return schema(cursor);
  if (["user", "role", "group"].some((word) => cursor.sees(word)))
    return { kind: "principal", command: createPrincipal(cursor) };
  const what = cursor.next().text;
  if (ELSEWHERE.includes(what)) throw unsupported(`CREATE ${what.toUpperCase()}`);
  throw syntaxError(what);
}

function schema(cursor: Cursor): Plan {
  const ifNotExists = cursor.takes("if", "not", "exists");
  const name = cursor.sees("authorization") ? undefined : cursor.name();
  const owner = cursor.takes("authorization") ? cursor.userName() : undefined;
  if (cursor.sees("quota")) throw unsupported("CREATE SCHEMA with QUOTA");
  return {
    kind: "create schema",
    name: name ?? owner ?? "",
    ifNotExists,
    ...(owner === undefined ? {} : { owner }),
  };
}

function view(cursor: Cursor, replace: boolean): Plan {
  if (cursor.sees("if")) throw cursor.error("CREATE VIEW has no IF NOT EXISTS");
  const name = cursor.objectName();
  const columns = cursor.sees("(") ? new Cursor(cursor.parenthesized()).names() : undefined;
  cursor.expect("as");
  let body = cursor.rest();
  const late =
    body
      .slice(-4)
      .map(({ text }) => text)
      .join(" ") === "with no schema binding";
  if (late) body = body.slice(0, -4);
  return {
    kind: "create view",
    name,
    query: wholeQuery(new Cursor(body)),
    definition: written(body),
    replace,
    late,
    materialized: false,
    ...(columns === undefined ? {} : { columns }),
  };
}

/** @see https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html */
function materialized(cursor: Cursor): Plan {
  const name = cursor.objectName();
  const columns = cursor.sees("(") ? new Cursor(cursor.parenthesized()).names() : undefined;
  while (!cursor.takes("as")) {
    if (cursor.takes("backup") || cursor.takes("auto", "refresh")) {
      if (!cursor.takes("yes")) cursor.expect("no");
    } else if (cursor.takes("diststyle")) cursor.name();
    else if (cursor.takes("distkey")) cursor.parenthesized();
    else if (cursor.takes("sortkey", "auto")) continue;
    else {
      if (!cursor.takes("compound")) cursor.takes("interleaved");
      cursor.expect("sortkey");
      cursor.parenthesized();
    }
  }
  const body = cursor.rest();
  return {
    kind: "create view",
    name,
    query: wholeQuery(new Cursor(body)),
    definition: written(body),
    replace: false,
    late: false,
    materialized: true,
    ...(columns === undefined ? {} : { columns }),
  };
}

/** Tokens as a text that reads the same. */
export function written(tokens: readonly Token[]): string {
  return tokens
    .map(({ kind, text }) => {
      if (kind === "string") return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
      return kind === "quoted" ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(" ");
}

/** DROP, the cursor behind the word. */
export function drop(cursor: Cursor): Plan {
  if (["user", "role", "group"].some((word) => cursor.sees(word)))
    return { kind: "principal", command: dropPrincipal(cursor) };
  const what: DropKind | undefined = cursor.takes("materialized", "view")
    ? "materialized view"
    : (["table", "view", "schema", "function"] as const).find((word) => cursor.takes(word));
  if (what === undefined) throw unsupported(`DROP ${cursor.next().text.toUpperCase()}`);
  const ifExists = cursor.takes("if", "exists");
  const names = [];
  do {
    const hash = cursor.takes("#") ? "#" : "";
    const name = what === "schema" ? { name: cursor.name() } : cursor.objectName();
    names.push({ ...name, name: hash + name.name });
    if (what === "function" && cursor.sees("(")) cursor.parenthesized();
  } while (cursor.takes(","));
  const cascade = cursor.takes("cascade");
  if (!cascade) cursor.takes("restrict");
  return { kind: "drop", what, names, ifExists, cascade };
}

/** COMMENT, the cursor behind the word. */
export function comment(cursor: Cursor): Plan {
  cursor.expect("on");
  const on = (["table", "view", "column", "schema"] as const).find((word) => cursor.takes(word));
  if (on === undefined) throw unsupported(`COMMENT ON ${cursor.next().text.toUpperCase()}`);
  const path = [cursor.name()];
  while (cursor.takes(".")) path.push(cursor.name());
  cursor.expect("is");
  return { kind: "comment", on, path, text: cursor.takes("null") ? null : cursor.string() };
}
