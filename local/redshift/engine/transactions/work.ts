import type { SqlError } from "../../sql/error";
import type { Token } from "../../sql/tokens";
import type { PageSink, ResultFormat, ResultSet } from "../results";

/** What became of one statement. */
export interface Outcome {
  /** Rows of the result, or rows written; -1 when it has neither, as the Data API says it. */
  readonly rows: number;
  readonly result?: ResultSet;
}

/** One client's call: statements that run one after the other. */
export interface Work {
  /** Names the call; its commit is written under this name, so that it is known after a crash. */
  readonly id: string;
  readonly statements: readonly (readonly Token[])[];
  /** The same statements as they were sent, parameters still by name. */
  readonly sqls: readonly string[];
  /** As one transaction, or each in its own, or in the one that the client has opened. */
  readonly mode: "transaction" | "each";
  readonly format: ResultFormat;
  /** Where the rows of statement number `index` go. */
  readonly sink: (index: number) => PageSink;
}

/** Who watches a call's statements run. */
export interface Watcher {
  /** A session has taken the call up. */
  picked(): void;
  /** Statement number `index` begins. */
  started(index: number): void;
  /**
   * Statements `first` and on are about to be committed under the name that is returned: should the process end
   * here, a commit of that name tells what became of them.
   */
  committing(first: number, outcomes: readonly Outcome[]): string;
  ended(index: number, outcome: Outcome): void;
  /** It failed. In a transaction, what is behind it does not run and what is before it is rolled back. */
  failed(index: number, error: SqlError): void;
}
