import { SqlError } from "../sql/error";

/** The engine's messages, and how Redshift says it. */
const SAYINGS: readonly (readonly [pattern: RegExp, said: (...groups: string[]) => string])[] = [
  [/(ERROR: .*)/s, (message) => message.replace(/^ERROR: /, "")],
  [/(?:Table|View) with name "?([^"\s]+)"? does not exist/, (name) => `relation "${name}" does not exist`],
  [/schema with name "?([^"\s!]+)"? does not exist/i, (name) => `schema "${name}" does not exist`],
  [
    /(?:Table|View|Schema|schema) with name "?([^"\s]+)"? already exists/,
    (name) => `Relation "${name}" already exists`,
  ],
  [/Referenced column "([^"]+)"/, (name) => `column "${name}" does not exist`],
  [/does not have a column (?:named|with name) "([^"]+)"/, (name) => `column "${name}" does not exist`],
  [/Column with name "?([^"\s]+)"? already exists/, (name) => `column "${name}" already exists`],
  [
    /CHECK\(\(strlen\("?[^)]*?"?\) <= (\d+)\)\)/,
    (bytes) => `value too long for type character varying(${bytes})`,
  ],
  [
    /NOT NULL constraint failed: (\S+)/,
    (column) => `Cannot insert a NULL value into column ${column.split(".").at(-1)}`,
  ],
  [/Could not convert string '(.*)' to INT/s, (text) => `invalid input syntax for integer: "${text}"`],
  [
    /Could not convert string "(.*)" to (?:DOUBLE|FLOAT|DECIMAL)/s,
    (text) => `invalid input syntax for type numeric: "${text}"`,
  ],
  [
    /invalid timestamp field format: "(.*)", expected/s,
    (text) => `invalid input syntax for type timestamp: "${text}"`,
  ],
  [/Interrupted/, () => "Query cancelled on user's request"],
];

/** What a statement ends with that was cancelled. */
export function cancelled(): SqlError {
  return new SqlError("Query cancelled on user's request");
}

/** Whether the error is that of a cancelled statement. */
export function isCancelled(error: Error): boolean {
  return error.message === cancelled().message;
}

/** An error of the engine as the client is to read it. */
export function asSqlError(error: unknown): SqlError {
  if (error instanceof SqlError) return error;
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, said] of SAYINGS) {
    const found = pattern.exec(message);
    if (found !== null) return new SqlError(said(...found.slice(1)), { cause: error });
  }
  const [first = message] = message.split("\n");
  return new SqlError(first.replace(/^[A-Z]\w+(?: \w+)? Error: /, ""), { cause: error });
}
