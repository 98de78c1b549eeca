import { type FSWatcher, readdirSync, type Stats, statSync, watch } from "node:fs";
import { join, relative, sep } from "node:path";

/** What is watched, and who is told. */
export interface FileWatchProps {
  readonly root: string;
  /** Folders and files directly under the root; a folder is watched with all that lies in it. */
  readonly names: ReadonlySet<string>;
  /** Told the path of each file that was written, made, renamed or deleted, under the root, with forward slashes. */
  readonly onChange: (path: string) => void;
  /** Told what can no longer be watched. */
  readonly onError: (error: Error) => void;
}

/**
 * Watches files by their folders: a folder tells of a file that is replaced by another of its name, as editors save,
 * where a file's own watcher would stay with the file that is gone. Recursive watching does not exist everywhere.
 */
export class FileWatch {
  readonly #props: FileWatchProps;
  readonly #folders = new Map<string, { readonly watcher: FSWatcher; readonly inode: number }>();

  /** @throws when the root cannot be watched. */
  constructor(props: FileWatchProps) {
    this.#props = props;
    this.#watch(props.root, false);
  }

  close(): void {
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  /** @param tell whether files that lie in it are new. */
  #watch(folder: string, tell: boolean): void {
    const { inode } = statOf(folder) ?? {};
    if (inode === undefined) return; // gone again
    // Watching comes first: what is written while the folder is read is told twice rather than never.
    const watcher = watch(folder, (_, name) => {
      if (name !== null) this.#changed(join(folder, name));
    });
    watcher.on("error", (error) => this.#failed(folder, error));
    this.#folders.set(folder, { watcher, inode });
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (!this.#concerns(path)) continue;
      if (entry.isDirectory()) this.#watch(path, tell);
      else if (tell) this.#tell(path);
    }
  }

  #changed(path: string): void {
    if (!this.#concerns(path)) return;
    const now = statOf(path);
    if (now?.folder !== true) {
      this.#forget(path);
      this.#tell(path);
      return;
    }
    if (this.#folders.get(path)?.inode === now.inode) return; // its own watcher tells
    this.#forget(path);
    try {
      this.#watch(path, true);
    } catch (error) {
      this.#failed(path, error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Lets go of a folder and of all in it. */
  #forget(path: string): void {
    for (const [folder, { watcher }] of this.#folders) {
      if (folder !== path && !folder.startsWith(path + sep)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
  }

  #failed(folder: string, error: Error): void {
    this.#forget(folder);
    if (statOf(folder) !== undefined) this.#props.onError(error);
  }

  /** Hidden files are editors' and tools' own. */
  #concerns(path: string): boolean {
    const [top = "", ...rest] = this.#nameOf(path).split("/");
    return (
      this.#props.names.has(top) && !rest.some((name) => name.startsWith(".") || name === "node_modules")
    );
  }

  #tell(path: string): void {
    this.#props.onChange(this.#nameOf(path));
  }

  #nameOf(path: string): string {
    return relative(this.#props.root, path).replaceAll(sep, "/");
  }
}

function statOf(path: string): { readonly folder: boolean; readonly inode: number } | undefined {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats && { folder: stats.isDirectory(), inode: stats.ino };
}
