import type { Migration, Model, SqlFiles } from "./files";

/** What the ledger says of a file. */
export interface Applied {
  /** A model has none. */
  readonly version: number | undefined;
  readonly name: string;
  readonly checksum: string;
  /** Whether a statement outside of a transaction was begun and has not been seen to end. */
  readonly unfinished: boolean;
}

/** What a deploy would apply. */
export interface Pending {
  readonly migrations: readonly Migration[];
  /** Models that changed, and those that read them. */
  readonly models: readonly Model[];
  /** Sentences on what must be put right first: applied migrations that were edited, or are missing. */
  readonly problems: readonly string[];
}

/** Compares the files with the ledger. A model that is gone says nothing: its view stays. */
export function pendingOf(files: SqlFiles, ledger: readonly Applied[]): Pending {
  const applied = new Map(
    ledger.filter(({ unfinished }) => !unfinished).map(({ name, checksum }) => [name, checksum]),
  );
  const migrations = files.migrations.filter(({ name }) => !applied.has(name));
  const changed = new Set(
    files.models.filter(({ name, checksum }) => applied.get(name) !== checksum).map(({ name }) => name),
  );
  return {
    migrations,
    // A migration makes every model anew: what they read may have changed.
    models: files.models.filter(
      ({ name, reads }) =>
        migrations.length > 0 || changed.has(name) || reads.some((read) => changed.has(read)),
    ),
    problems: problemsOf(files, ledger),
  };
}

function problemsOf({ migrations }: SqlFiles, ledger: readonly Applied[]): string[] {
  const versions = new Map(migrations.map((file) => [file.version, file]));
  const past = ledger.filter(({ version, unfinished }) => version !== undefined && !unfinished);
  const problems = past.flatMap(({ version, name, checksum }) => {
    const file = versions.get(version ?? Number.NaN);
    if (file === undefined) return [`${name} was applied and is missing now: put it back`];
    if (file.name === name && file.checksum === checksum) return [];
    const before = file.name === name ? "" : ` as ${name}`;
    return [`${file.name} was changed after it was applied${before}: undo that, and write a new migration`];
  });
  const last = Math.max(0, ...past.map(({ version = 0 }) => version));
  const names = new Set(past.map(({ name }) => name));
  const late = migrations.filter(
    ({ version, name }) =>
      version < last && !names.has(name) && !past.some((each) => each.version === version),
  );
  return [
    ...problems,
    ...late.map(({ name }) => `${name} comes before one that was applied already: give it the next number`),
  ];
}
