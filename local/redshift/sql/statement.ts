import { Cursor } from "./cursor";
import { SqlError, syntaxError, unsupported } from "./error";
import type { Plan } from "./plan";
import { alter } from "./statements/alter";
import { insert, remove, update } from "./statements/changes";
import { copyCommand } from "./statements/copy";
import { comment, create, drop } from "./statements/definitions";
import { access } from "./statements/grants";
import { mergeInto } from "./statements/merge";
import { unloadCommand } from "./statements/unload";
import { lock, maintenance, set, show, transaction, truncate } from "./statements/utility";
import { intoTarget, wholeQuery, withClause } from "./syntax/query";
import { is, type Token } from "./tokens";

/**
 * Understands one statement of Redshift's.
 * @throws {SqlError} for what Redshift refuses, and for what is not to be had here, said as such. Nothing that is
 * not understood reaches the engine.
 */
export function plan(statement: readonly Token[]): Plan {
  let tokens = statement;
  while (is(tokens.at(-1), ";")) tokens = tokens.slice(0, -1);
  if (tokens.some((token) => is(token, ";")))
    throw new SqlError("cannot insert multiple commands into a prepared statement");
  const cursor = new Cursor(tokens);
  const first = cursor.peek();
  if (first === undefined) throw new SqlError("the statement is empty");
  if (is(first, "(", "select", "with")) return query(cursor);
  if (first.kind !== "word") throw syntaxError(first.text);
  cursor.next();
  const verb = Object.hasOwn(VERBS, first.text) ? VERBS[first.text] : undefined;
  if (verb === undefined) {
    if (ELSEWHERE.has(first.text)) throw unsupported(first.text.toUpperCase());
    throw syntaxError(first.text);
  }
  const made = verb(cursor);
  cursor.end();
  return made;
}

const VERBS: Readonly<Record<string, (cursor: Cursor) => Plan>> = {
  insert: (cursor) => insert(cursor),
  update: (cursor) => update(cursor),
  delete: (cursor) => remove(cursor),
  merge: mergeInto,
  create,
  drop,
  alter,
  comment,
  copy: (cursor) => ({ kind: "copy", copy: copyCommand(cursor) }),
  unload: (cursor) => ({ kind: "unload", unload: unloadCommand(cursor) }),
  grant: (cursor) => ({ kind: "access", command: access(cursor, "grant") }),
  revoke: (cursor) => ({ kind: "access", command: access(cursor, "revoke") }),
  truncate,
  lock,
  begin: (cursor) => transaction(cursor, "begin"),
  start: (cursor) => transaction(cursor, "begin"),
  commit: (cursor) => transaction(cursor, "commit"),
  end: (cursor) => transaction(cursor, "commit"),
  rollback: (cursor) => transaction(cursor, "rollback"),
  abort: (cursor) => transaction(cursor, "rollback"),
  analyze: (cursor) => maintenance(cursor, "ANALYZE"),
  vacuum: (cursor) => maintenance(cursor, "VACUUM"),
  refresh: (cursor) => {
    cursor.expect("materialized", "view");
    const view = cursor.objectName();
    if (!cursor.takes("restrict")) cursor.takes("cascade");
    return { kind: "refresh", view };
  },
  explain: (cursor) => {
    cursor.takes("verbose");
    return { kind: "explain", query: wholeQuery(new Cursor(cursor.rest())) };
  },
  set,
  reset: (cursor) => ({ kind: "set", name: cursor.name(), value: [] }),
  show,
};

const ELSEWHERE = new Set(
  "call declare fetch close prepare execute deallocate cancel attach detach use move".split(" "),
);

/** A query, or a WITH clause before a statement that writes. */
function query(cursor: Cursor): Plan {
  const ahead = new Cursor(cursor.tokens);
  const head = withClause(ahead);
  if (ahead.takes("insert")) return done(ahead, insert(ahead, head));
  if (ahead.takes("update")) return done(ahead, update(ahead, head));
  if (ahead.takes("delete")) return done(ahead, remove(ahead, head));
  const found = wholeQuery(cursor);
  const into = intoTarget(found);
  if (into === undefined) return { kind: "query", query: found };
  return { kind: "create table as", name: into.name, temporary: into.temporary, query: found };
}

function done(cursor: Cursor, made: Plan): Plan {
  cursor.end();
  return made;
}
