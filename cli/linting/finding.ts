/** Something in a file of SQL that is to be mended. */
export interface Finding {
  /** Who says so: `redshift` would not take it, `style` would not write it so. */
  readonly by: "redshift" | "style";
  /** Relative to the project's folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The rule's name: the checker's, or sqlfluff's code. */
  readonly rule: string;
  readonly reason: string;
  readonly suggestion?: string;
  readonly url?: string;
}

/** What became of a linting. */
export interface Linted {
  readonly files: number;
  readonly statements: number;
  /** In order of files and lines. */
  readonly findings: readonly Finding[];
  /** Places that sqlfluff cannot read though Redshift can: its style rules say nothing about them. */
  readonly unread: readonly Finding[];
}
