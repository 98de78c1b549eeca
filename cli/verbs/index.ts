import type { ParseArgsConfig } from "node:util";
import { balance } from "./balance";
import { bench } from "./bench";
import { check } from "./check";
import { failed } from "./failed";
import { importFile } from "./import";
import { lintSql } from "./lint-sql";
import { plan } from "./plan";
import { query } from "./query";
import { reset } from "./reset";
import { start } from "./start";
import { status } from "./status";
import { stop } from "./stop";
import { supervise } from "./supervise";
import { test } from "./test";
import { torture } from "./torture";

/** Options as `node:util`'s parseArgs takes them. */
export type Options = NonNullable<ParseArgsConfig["options"]>;

/** What a verb is called with: its options by name, and what stands beside them. */
export interface Call {
  readonly [option: string]: unknown;
  readonly env?: unknown;
  readonly json?: unknown;
  readonly arguments: readonly string[];
}

/** Something a user can ask for: `npm run <verb>`. */
export interface Verb {
  readonly summary: string;
  /** @default "[options]" */
  readonly usage?: string;
  /** Further paragraphs of the help page. @default none */
  readonly details?: string;
  /** The verb's own options. @default none */
  readonly options?: Options;
  /** A line a verb's own option, by how it is written. @default none */
  readonly help?: Readonly<Record<string, string>>;
  /** Not for people: another verb calls it. @default shown */
  readonly hidden?: true;
  /** @returns the exit code; nothing means 0. */
  run(call: Call): Promise<number | undefined>;
}

/** Every verb, by name. */
export const verbs: Readonly<Record<string, Verb>> = {
  start,
  stop,
  reset,
  status,
  import: importFile,
  query,
  balance,
  torture,
  failed,
  plan,
  check,
  "lint:sql": lintSql,
  test,
  bench,
  supervise,
};
