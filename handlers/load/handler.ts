import { type LoadDeps, load } from "./load";
import { filesOf, type LakeFile, type Message } from "./notification";

/** The queue of the lake's notifications. */
export interface Queue {
  /** Some messages, at most ten; none when there are none. */
  readonly receive: () => Promise<readonly Message[]>;
  readonly remove: (messages: readonly Message[]) => Promise<void>;
}

/** What a run of the loader answers. */
export interface LoadResult {
  /** Files loaded by this run. */
  readonly files: number;
  /** Messages taken off the queue. */
  readonly messages: number;
}

/** Files of one run: as many as a manifest and a load of some minutes take comfortably. */
const MAX_FILES = 500;

/**
 * One run of the loader: what the queue tells of is loaded, and its messages are removed once it is. With nothing
 * to load the warehouse is not woken.
 * @throws when a file cannot be loaded: its message stays, and the queue sets it aside after some tries.
 */
export async function runLoad(
  queue: Queue,
  deps: LoadDeps,
  log: (entry: Readonly<Record<string, unknown>>) => void,
): Promise<LoadResult> {
  const messages = await receiveAll(queue);
  const readable = messages.filter(({ files }) => files !== undefined);
  for (const { message } of messages.filter(({ files }) => files === undefined))
    log({
      level: "ERROR",
      message: "a message of the queue is not a notification of S3",
      body: message.body.slice(0, 500),
    });
  const files = readable.flatMap((message) => message.files ?? []);
  if (files.length === 0) {
    await queue.remove(readable.map(({ message }) => message));
    return { files: 0, messages: readable.length };
  }
  const { loaded, refused, count } = await load(files, deps);
  const done = new Set(loaded.map(({ key }) => key));
  const through = readable.filter((message) => message.files?.every(({ key }) => done.has(key)));
  await queue.remove(through.map(({ message }) => message));
  log({
    level: "INFO",
    message: "loaded",
    files: count,
    known: loaded.length - count,
    refused: refused.length,
  });
  if (refused.length > 0)
    throw new Error(
      `${refused.length} files cannot be loaded: ${refused.map(({ file, reason }) => `${file.key}: ${reason}`).join("; ")}`,
    );
  return { files: count, messages: through.length };
}

async function receiveAll(queue: Queue): Promise<{ message: Message; files: LakeFile[] | undefined }[]> {
  const received: { message: Message; files: LakeFile[] | undefined }[] = [];
  let files = 0;
  while (files < MAX_FILES) {
    const messages = await queue.receive();
    if (messages.length === 0) break;
    for (const message of messages) {
      const told = filesOf(message);
      files += told?.length ?? 0;
      received.push({ message, files: told });
    }
  }
  return received;
}
