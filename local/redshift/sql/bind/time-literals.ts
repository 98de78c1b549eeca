import { parseTime } from "../../values/parse-time";
import { SqlError } from "../error";
import { literal } from "../tokens";
import type { TypeName } from "../types";

/** Words that stand for moments. @see https://docs.aws.amazon.com/redshift/latest/dg/r_Date_and_time_literals.html */
const WORDS: Readonly<Record<string, string>> = {
  now: "cast(now() as timestamp)",
  today: "cast(current_date as timestamp)",
  tomorrow: "cast(current_date + 1 as timestamp)",
  yesterday: "cast(current_date - 1 as timestamp)",
  epoch: "timestamp '1970-01-01'",
};

/**
 * A literal of a date or time type, in any of the ways that Redshift reads.
 * @returns the engine's SQL; undefined for what is none, where that is allowed.
 * @throws {SqlError} for what is none.
 */
export function timeLiteral(text: string, type: TypeName, lenient: boolean): string | undefined {
  const word = WORDS[text.trim().toLowerCase()];
  if (word !== undefined) return type === "timestamp" ? word : `cast(${word} as ${type})`;
  const iso = parseTime(text, type);
  if (iso !== undefined) return `cast(${literal(iso)} as ${type})`;
  if (lenient) return undefined;
  throw new SqlError(`invalid input syntax for type ${type}: "${text}"`);
}
