import { type Failure, failures, forgetFailures, MAX_TRIES } from "./ledger";
import { filesOf, type LakeFile, lakeFile, type Message, notificationOf } from "./queue/notification";
import type { RunDeps } from "./run";

/** A file that failed to load. */
export interface FailedFile {
  readonly key: string;
  readonly stream: LakeFile["stream"];
  readonly tries: number;
  /** Why it failed last. */
  readonly reason: string;
  /** When it failed first and last, UTC, as the warehouse writes times; null where only the queue gave it up. */
  readonly firstFailedAt: string | null;
  readonly lastFailedAt: string | null;
  /** Whether it is not tried again until somebody asks for it. */
  readonly setAside: boolean;
}

type Deps = Pick<RunDeps, "warehouse" | "queue" | "deadLetters">;

/** Messages of the queue of dead letters that are looked at: more than that are not set aside on a day. */
const MAX_LETTERS = 2_000;

/** Lists the files that failed to load and are not loaded, those that are set aside first. */
export async function failedFiles(deps: Deps): Promise<FailedFile[]> {
  const byKey = new Map<string, FailedFile>();
  for (const failure of await failures(deps.warehouse)) byKey.set(failure.key, joined(failure, byKey));
  await eachLetter(deps, async (_, files) => {
    for (const { key, stream } of files)
      if (!byKey.has(key))
        byKey.set(key, {
          key,
          stream,
          tries: 0,
          reason: "its notification was handed out too often, and nothing could be loaded each time",
          firstFailedAt: null,
          lastFailedAt: null,
          setAside: true,
        });
    return false;
  });
  return [...byKey.values()].sort((one, other) => Number(other.setAside) - Number(one.setAside));
}

/**
 * Has files tried anew that failed to load.
 * @param keys which ones. @default all of them
 * @returns the keys of those that were found.
 */
export async function retryFiles(keys: readonly string[] | undefined, deps: Deps): Promise<string[]> {
  const wanted = (key: string): boolean => keys === undefined || keys.includes(key);
  const chosen = (await failedFiles(deps)).filter(({ key }) => wanted(key));
  const files = chosen.flatMap(({ key }) => lakeFile(key, "", 0) ?? []);
  // Told first, forgotten then: whatever ends this in between, no file is lost sight of.
  await deps.queue.send(files.map(notificationOf));
  await forgetFailures(
    files.map(({ key }) => key),
    deps.warehouse,
  );
  await eachLetter(deps, async (_, told) => told.length > 0 && told.every(({ key }) => wanted(key)));
  return files.map(({ key }) => key);
}

function joined(failure: Failure, known: ReadonlyMap<string, FailedFile>): FailedFile {
  const before = known.get(failure.key);
  const tries = (before?.tries ?? 0) + 1;
  return {
    key: failure.key,
    stream: failure.stream,
    tries,
    reason: failure.reason,
    firstFailedAt: before?.firstFailedAt ?? failure.failedAt,
    lastFailedAt: failure.failedAt,
    setAside: tries >= MAX_TRIES,
  };
}

/** Looks at every dead letter once; removes those that `visit` says are done with, and shows the others again. */
async function eachLetter(
  { deadLetters }: Deps,
  visit: (message: Message, files: readonly LakeFile[]) => Promise<boolean>,
): Promise<void> {
  const keep: Message[] = [];
  const remove: Message[] = [];
  try {
    while (keep.length + remove.length < MAX_LETTERS) {
      const messages = await deadLetters.receive();
      if (messages.length === 0) break;
      for (const message of messages)
        ((await visit(message, filesOf(message) ?? [])) ? remove : keep).push(message);
    }
    await deadLetters.remove(remove);
  } finally {
    await deadLetters.hide(keep, 0);
  }
}
