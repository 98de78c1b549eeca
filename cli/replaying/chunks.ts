import { setTimeout as sleep } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { ReplayAnswer, ReplayTask } from "../../handlers/replay/task";
import type { Target } from "../environment";
import { invoke } from "../invocation";
import { progress, UserError } from "../terminal";
import type { Chunk } from "./lake";
import type { Ledger } from "./ledger";

/** Calls of the function at once: the warehouse compares as many parts at a time. */
export const CONCURRENCY = 3;

/** A call that fails is given again so often, after a pause. */
const TRIES = 3;
const PAUSE_MS = 5_000;

/** Has the function do one task. @throws UserError with its own words when it fails. */
export function ask(target: Target, task: ReplayTask): Promise<ReplayAnswer> {
  return invoke<ReplayAnswer>(new LambdaClient({}), target.outputs.functions.replay, task);
}

/**
 * Has the function do the chunks that are left, some at once, and writes down each as it is done.
 * @throws UserError when a chunk keeps failing; what was done before it stays written down.
 */
export async function replayChunks(
  target: Target,
  title: string,
  chunks: readonly Chunk[],
  taskOf: (chunk: Chunk) => ReplayTask,
  ledger: Pick<Ledger, "of" | "write">,
): Promise<void> {
  const bytesOf = ({ objects }: Chunk): number => objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const total = chunks.reduce((sum, chunk) => sum + bytesOf(chunk), 0);
  await progress(title, total, "bytes", async (advance) => {
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let chunk = chunks[next++]; chunk !== undefined; chunk = chunks[next++]) {
        if (ledger.of(chunk.name) === undefined)
          ledger.write(chunk.name, await persist(() => ask(target, taskOf(chunk))));
        advance(bytesOf(chunk));
      }
    };
    // All of them end before an error is told: none goes on behind the verb's back.
    const ended = await Promise.allSettled(Array.from({ length: CONCURRENCY }, worker));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  });
}

async function persist(work: () => Promise<ReplayAnswer>): Promise<ReplayAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt < TRIES) await sleep(PAUSE_MS * attempt);
      else
        throw new UserError(
          `A part of the replay failed ${TRIES} times: ${error instanceof Error ? error.message : String(error)}\nThe same command goes on where it stopped.`,
        );
    }
  }
}
