import type { ParseArgsConfig } from "node:util";

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
