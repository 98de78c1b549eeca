import { SqlError } from "../../sql/error";
import { is, type Token } from "../../sql/tokens";

/** What a statement does to the transaction that the client has begun. */
export type Control = "begin" | "commit" | "rollback";

const CONTROLS: Readonly<Record<string, Control>> = {
  begin: "begin",
  start: "begin",
  commit: "commit",
  end: "commit",
  rollback: "rollback",
  abort: "rollback",
};

/** What a statement does to the client's transaction. @default undefined nothing */
export function control(tokens: readonly Token[]): Control | undefined {
  const first = tokens[0];
  return first?.kind === "word" ? CONTROLS[first.text] : undefined;
}

/** Whether a statement only reads: then it waits for no write. */
export function onlyReads(tokens: readonly Token[]): boolean {
  const [first] = tokens;
  if (is(first, "show", "set", "reset", "begin", "start", "commit", "end", "rollback", "abort")) return true;
  const reads = is(first, "select", "with", "explain", "(");
  return reads && !tokens.some((token) => is(token, "insert", "update", "delete", "into"));
}

/** What any statement is told behind one that failed. */
export function blockFailed(): SqlError {
  return new SqlError("current transaction is aborted, commands ignored until end of transaction block");
}
