import { StatementFailed } from "../warehouse/failure";
import { knownFiles, recordFailure, timestamp } from "./ledger";
import type { LakeFile } from "./queue/notification";
import { type LoadDeps, LoadedMeanwhile, loadTogether } from "./transaction";

/** What became of the files. */
export interface Loaded {
  /** Files that the warehouse holds now, whoever loaded them. */
  readonly loaded: readonly LakeFile[];
  /** Files that failed, each by its own fault, and why. It is written down already. */
  readonly refused: readonly { readonly file: LakeFile; readonly reason: string }[];
}

/** So many refused files in a run mean that more is wrong than a file. */
const MAX_REFUSED = 10;

/**
 * Loads files, each exactly once. Of files that fail together those are found that fail by themselves: by what the
 * warehouse says of their lines, else by halving. The others are loaded.
 * @throws StillRunning at the end of the time; what the warehouse itself threw when it is not the files' fault, or
 * too many fail.
 */
export async function load(files: readonly LakeFile[], deps: LoadDeps): Promise<Loaded> {
  const loaded: LakeFile[] = [];
  const refused: { file: LakeFile; reason: string }[] = [];

  const refuse = async (file: LakeFile, error: StatementFailed, reason = error.reason): Promise<void> => {
    await recordFailure(file, reason, deps.warehouse);
    refused.push({ file, reason });
    if (refused.length >= MAX_REFUSED)
      throw new Error(`${refused.length} files could not be loaded, the last one: ${file.key}: ${reason}`, {
        cause: error,
      });
  };

  const attempt = async (some: readonly LakeFile[]): Promise<void> => {
    const [first] = some;
    if (first === undefined) return;
    try {
      await loadTogether(some, deps);
      loaded.push(...some);
    } catch (error) {
      if (error instanceof LoadedMeanwhile) return attempt(await withoutKnown(some));
      if (!(error instanceof StatementFailed) || error.isConflict) throw error;
      const named = await namedFaults(some, error, deps);
      if (named.size > 0) {
        for (const [file, reason] of named) await refuse(file, error, reason);
        return attempt(some.filter((file) => !named.has(file)));
      }
      if (some.length === 1) {
        // A load of nothing fails too when the file is not what is wrong; that is thrown.
        await loadTogether([], deps);
        return refuse(first, error);
      }
      const middle = Math.ceil(some.length / 2);
      await attempt(some.slice(0, middle));
      await attempt(some.slice(middle));
    }
  };

  /** Without those that another loader has loaded meanwhile: they are done. */
  const withoutKnown = async (some: readonly LakeFile[]): Promise<LakeFile[]> => {
    const known = await knownFiles(some, deps.warehouse);
    loaded.push(...some.filter(({ key }) => known.get(key)?.loaded === true));
    const rest = some.filter(({ key }) => known.get(key)?.loaded !== true);
    if (rest.length === some.length) throw new Error("the ledger refuses files that it does not hold");
    return rest;
  };

  await attempt(files);
  return { loaded, refused };
}

/**
 * Files of which COPY itself says that a line is wrong, with what is. The Data API does not tell a batch's query ids:
 * what is looked for is what happened since to the loader's own files, which is all it sees. Where clocks differ so
 * much that nothing is found, halving finds it.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
 */
async function namedFaults(
  files: readonly LakeFile[],
  { submittedAt }: StatementFailed,
  { warehouse, bucket }: LoadDeps,
): Promise<ReadonlyMap<LakeFile, string>> {
  if (submittedAt === undefined) return new Map();
  const { rows } = await warehouse.query(
    `select trim(file_name), line_number, trim(column_name), trim(error_message)
     from sys_load_error_detail where start_time >= cast(:since as timestamp)`,
    { parameters: { since: timestamp(submittedAt) } },
  );
  const byName = new Map(files.map((file) => [`s3://${bucket}/${file.key}`, file]));
  const faults = new Map<LakeFile, string>();
  for (const [name, line, column, message] of rows) {
    const file = byName.get(String(name));
    if (file === undefined) continue;
    faults.set(file, `line ${line}${column ? `, column ${column}` : ""}: ${message}`);
  }
  return faults;
}
