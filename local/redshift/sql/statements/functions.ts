import { Cursor } from "../cursor";
import { syntaxError, unsupported } from "../error";
import type { Plan } from "../plan";
import { wholeQuery } from "../syntax/query";
import { tokenize } from "../tokens";
import { type DataType, dataType } from "../types";

/**
 * CREATE FUNCTION of a scalar function in SQL, the cursor behind the word FUNCTION.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/udf-creating-a-scalar-sql-udf.html
 */
export function createFunction(cursor: Cursor, replace: boolean): Plan {
  const name = cursor.objectName();
  const inside = new Cursor(cursor.parenthesized());
  const parameters: DataType[] = [];
  while (!inside.done) {
    parameters.push(dataType(inside));
    if (!inside.takes(",")) inside.end();
  }
  cursor.expect("returns");
  const returns = dataType(cursor);
  if (!["volatile", "stable", "immutable"].some((word) => cursor.takes(word)))
    throw cursor.error("VOLATILE, STABLE or IMMUTABLE expected");
  cursor.expect("as");
  const body = cursor.string();
  cursor.expect("language");
  const language = cursor.name();
  if (language === "plpythonu") throw syntaxError("plpythonu", "Python functions have gone from Redshift");
  if (language !== "sql") throw unsupported(`a function in ${language}`);
  const query = wholeQuery(new Cursor(numbered(body)));
  const only = query.body.kind === "select" ? query.body.items[0] : undefined;
  if (
    only === undefined ||
    query.body.kind !== "select" ||
    query.body.from.length > 0 ||
    query.body.items.length > 1
  )
    throw syntaxError("select", "a function in SQL is one SELECT of one expression, without FROM");
  return { kind: "create function", name, parameters, returns, body: only.expression, replace };
}

/** The body's tokens, with `$1` as a name. */
function numbered(body: string): ReturnType<typeof tokenize> {
  return tokenize(body.replace(/\$(\d+)/g, '"$$$1"'));
}
