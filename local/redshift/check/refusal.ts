import { SqlError } from "../sql/error";

/** Why Redshift refuses a statement. */
export interface Refusal {
  /** The rule's name, the same for every statement that breaks it. */
  readonly rule: string;
  /** A sentence. */
  readonly reason: string;
  /** What Redshift itself answers; null where that is not known. */
  readonly says: string | null;
  /** The page of Redshift's documentation that says so; null where none does. */
  readonly url: string | null;
  /** What to write instead; null where nothing is obvious. */
  readonly suggestion: string | null;
  /** From 1, in the text that was checked. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A statement of a text, checked. */
export interface CheckedStatement {
  /** Where it begins: both from 1. */
  readonly line: number;
  readonly column: number;
  /** Offsets in the text. */
  readonly at: number;
  readonly end: number;
  /** The command's name, when it cannot run inside a transaction. */
  readonly alone: string | null;
  /** Names of functions that it creates. */
  readonly creates: readonly string[];
  /** Nothing, when Redshift accepts it. */
  readonly refusals: readonly Refusal[];
}

/** A refusal as the error that a client of the warehouse reads. */
export function refused({ rule, reason, says, url, suggestion, line, column }: Refusal): SqlError {
  const begin = says === null ? "" : `${says}: `;
  const instead = suggestion === null ? "" : ` Write: ${suggestion}.`;
  const source = url === null ? "" : `; ${url}`;
  return new SqlError(`${begin}${reason}${instead} [${rule}, line ${line}, column ${column}${source}]`);
}
