import { createReadStream, existsSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { UserError } from "../../terminal";

/** Something to import. */
export interface Input {
  /** As it was asked for. */
  readonly name: string;
  /** As it lies there, packed or not; undefined where nobody knows before it has come. */
  readonly sizeBytes: number | undefined;
  /** Its bytes as they lie there. @param onBytes is told how many more were read. */
  open(onBytes: (bytes: number) => void): AsyncIterable<Uint8Array>;
}

/** What stands for standard input. */
export const STDIN = "-";

const CHUNK_BYTES = 256 * 1024;

/**
 * What arguments name: files, patterns of files (`logs/*.gz`, which a shell may leave to us), or `-`. A file that is
 * named twice is imported once; those of a pattern are in the order of their names.
 * @param folder that relative names are relative to.
 * @throws UserError when one names no file.
 */
export async function inputsOf(names: readonly string[], folder: string): Promise<Input[]> {
  if (names.length === 0) throw new UserError("Name what to import: npm run import -- access.log.gz");
  const inputs = new Map<string, Input>();
  for (const name of names) {
    if (name === STDIN) inputs.set(STDIN, standardInput());
    else
      for (const file of await filesOf(name, folder))
        inputs.set(placeOf(resolve(folder, file)), fileInput(file, folder));
  }
  return [...inputs.values()];
}

/** Where a file really is. A pipe, like that of `<(command)`, is nowhere else. */
function placeOf(path: string): string {
  return statSync(path).isFile() ? realpathSync(path) : path;
}

async function filesOf(name: string, folder: string): Promise<string[]> {
  const path = resolve(folder, name);
  if (existsSync(path)) {
    if (statSync(path).isDirectory())
      throw new UserError(`${name} is a folder: name its files, for example "${name.replace(/\/$/, "")}/*".`);
    return [name];
  }
  if (!isDynamicPattern(name)) throw new UserError(`There is no file ${path}.`);
  const found = await glob(name, { cwd: folder, expandDirectories: false });
  if (found.length === 0) throw new UserError(`No file matches ${name} (looked for in ${folder}).`);
  return found.sort();
}

function fileInput(name: string, folder: string): Input {
  const path = resolve(folder, name);
  return {
    name,
    // A pipe has no size.
    sizeBytes: statSync(path).isFile() ? statSync(path).size : undefined,
    open: (onBytes) => counted(createReadStream(path, { highWaterMark: CHUNK_BYTES }), onBytes),
  };
}

function standardInput(): Input {
  return {
    name: "standard input",
    sizeBytes: undefined,
    open: (onBytes) => counted(process.stdin, onBytes),
  };
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}
