import { StillRunning } from "../warehouse/failure";
import type { Warehouse } from "../warehouse/warehouse";
import { type Known, knownFiles, MAX_TRIES } from "./ledger";
import { type Loaded, load } from "./load";
import { filesOf, type LakeFile, type Message, notificationOf } from "./queue/notification";
import { keepHidden, type Queue } from "./queue/queue";
import { type LoadDeps, STATEMENT_PREFIX } from "./transaction";

/** What a run of the loader needs. */
export interface RunDeps extends LoadDeps {
  readonly warehouse: LoadDeps["warehouse"] & Pick<Warehouse, "running" | "ended">;
  readonly queue: Queue;
  /** Where notifications of files go that failed too often. */
  readonly deadLetters: Queue;
  readonly redeliverySeconds: number;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** What a run of the loader answers. */
export interface LoadResult {
  /** Files loaded by this run. */
  readonly files: number;
  /** Messages taken off the queue. */
  readonly messages: number;
  /** Files that failed in this run. */
  readonly refused: number;
  /** Files that this run set aside, or found set aside already. */
  readonly setAside: number;
  /** The statement that still ran at the end of the time: the next run finds it. */
  readonly running?: string;
}

/** Files of one load: as many as a manifest and a load of some minutes take comfortably. */
const MAX_FILES = 500;

/** With less time left no further load is begun. */
const RESERVE_MS = 60_000;

/**
 * One run of the loader: loads what the queue tells of until it is empty or the time is short, and removes messages
 * once their files are loaded. With nothing to load the warehouse is not asked anything.
 * @throws when nothing can be loaded at all; what was loaded before it stays so.
 */
export async function runLoad(deps: RunDeps): Promise<LoadResult> {
  let total: LoadResult = { files: 0, messages: 0, refused: 0, setAside: 0 };
  do {
    const batch = await receiveBatch(deps);
    if (batch.length === 0) break;
    const some = await keepHidden(
      deps.queue,
      batch.map(({ message }) => message),
      deps.redeliverySeconds,
      () => settle(batch, deps),
      (error) =>
        deps.log({ level: "WARN", message: "messages could not be kept hidden", error: String(error) }),
    );
    total = {
      files: total.files + some.files,
      messages: total.messages + some.messages,
      refused: total.refused + some.refused,
      setAside: total.setAside + some.setAside,
      ...(some.running === undefined ? {} : { running: some.running }),
    };
  } while (total.running === undefined && deps.waiting.remainingMs() > RESERVE_MS);
  return total;
}

interface Received {
  readonly message: Message;
  readonly files: readonly LakeFile[];
}

/** Messages for one load. One that is no notification of S3's stays, and the queue sets it aside some day. */
async function receiveBatch({ queue, log }: RunDeps): Promise<Received[]> {
  const received: Received[] = [];
  let files = 0;
  while (files < MAX_FILES) {
    const messages = await queue.receive();
    if (messages.length === 0) break;
    for (const message of messages) {
      const told = filesOf(message);
      if (told === undefined)
        log({
          level: "ERROR",
          message: "a message of the queue is not a notification of S3",
          body: message.body.slice(0, 500),
        });
      else received.push({ message, files: told });
      files += told?.length ?? 0;
    }
  }
  return received;
}

/** Loads a batch's files and removes the messages that have nothing left to do. */
async function settle(batch: readonly Received[], deps: RunDeps): Promise<LoadResult> {
  const { queue, log } = deps;
  const files = [...new Map(batch.flatMap(({ files }) => files).map((file) => [file.key, file])).values()];
  const done = new Set<string>();
  let result: Omit<LoadResult, "messages"> = { files: 0, refused: 0, setAside: 0 };
  try {
    if (files.length > 0) result = await loadFiles(files, done, deps);
  } catch (error) {
    if (!(error instanceof StillRunning)) throw error;
    log({ level: "WARN", message: "the load takes longer than this run", statement: error.statementId });
    result = { ...result, running: error.statementId };
  }
  const through = batch.filter((each) => each.files.every(({ key }) => done.has(key)));
  await queue.remove(through.map(({ message }) => message));
  return { ...result, messages: through.length };
}

/** @param done collects the keys of files that nothing is left to do with. */
async function loadFiles(
  files: readonly LakeFile[],
  done: Set<string>,
  deps: RunDeps,
): Promise<Omit<LoadResult, "messages">> {
  const { warehouse, log } = deps;
  // A run that was killed, or ended before its statement did, has left it: what it loads need not be loaded again.
  for (const id of await warehouse.running(STATEMENT_PREFIX)) await warehouse.ended(id);
  const known = await knownFiles(files, warehouse);
  const stateOf = ({ key }: LakeFile): Known => known.get(key) ?? { loaded: false, tries: 0, reason: "" };
  const loaded = files.filter((file) => stateOf(file).loaded);
  const rest = files.filter((file) => !stateOf(file).loaded);
  const hopeless = rest.filter((file) => stateOf(file).tries >= MAX_TRIES);
  const suspects = rest.filter((file) => stateOf(file).tries > 0 && stateOf(file).tries < MAX_TRIES);
  for (const { key } of loaded) done.add(key);
  await setAside(
    hopeless.map((file) => ({ file, reason: stateOf(file).reason })),
    done,
    deps,
  );

  const outcomes: Loaded[] = [];
  // Those that failed before go last and alone: they shall not spoil the others' load once more.
  const groups = [rest.filter((file) => stateOf(file).tries === 0), ...suspects.map((file) => [file])];
  for (const group of groups) {
    if (group.length === 0) continue;
    const outcome = await load(group, deps);
    outcomes.push(outcome);
    for (const { key } of outcome.loaded) done.add(key);
    for (const { file, reason } of outcome.refused)
      log({
        level: "ERROR",
        message: "a file failed to load",
        key: file.key,
        tries: stateOf(file).tries + 1,
        reason,
      });
    await setAside(
      outcome.refused.filter(({ file }) => stateOf(file).tries + 1 >= MAX_TRIES),
      done,
      deps,
    );
  }
  const fresh = outcomes.flatMap((outcome) => outcome.loaded).length;
  const refused = outcomes.flatMap((outcome) => outcome.refused).length;
  log({ level: "INFO", message: "loaded", files: fresh, known: loaded.length, refused });
  const aside = files.filter(({ key }) => done.has(key)).length - fresh - loaded.length;
  return { files: fresh, refused, setAside: aside };
}

/** Sets files aside that failed too often: an alarm watches the queue of dead letters. */
async function setAside(refused: Loaded["refused"], done: Set<string>, deps: RunDeps): Promise<void> {
  if (refused.length === 0) return;
  await deps.deadLetters.send(refused.map(({ file }) => notificationOf(file)));
  for (const { file, reason } of refused) {
    deps.log({ level: "ERROR", message: "a file is set aside", key: file.key, reason });
    done.add(file.key);
  }
}
