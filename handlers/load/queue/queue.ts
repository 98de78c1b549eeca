import type { Message } from "./notification";

/** A queue of notifications. */
export interface Queue {
  /** Some messages, at most ten; none when there are none. They stay hidden for the queue's own time. */
  readonly receive: () => Promise<readonly Message[]>;
  readonly remove: (messages: readonly Message[]) => Promise<void>;
  readonly send: (bodies: readonly string[]) => Promise<void>;
  /** Hides messages that were taken for so many seconds from now; 0 shows them at once. */
  readonly hide: (messages: readonly Message[], seconds: number) => Promise<void>;
}

/**
 * Keeps messages hidden for as long as they are worked on, so that no other run takes them up; a run that is killed
 * lets go of them within the time that the queue hides them for.
 * @param redeliverySeconds the time that the queue hides a message for.
 * @param failed is told of a renewal that failed: the message may then be taken twice, which does no harm.
 */
export async function keepHidden<Result>(
  queue: Pick<Queue, "hide">,
  messages: readonly Message[],
  redeliverySeconds: number,
  work: () => Promise<Result>,
  failed: (error: unknown) => void,
): Promise<Result> {
  const renew = (): void => {
    queue.hide(messages, redeliverySeconds).catch(failed);
  };
  const timer = setInterval(renew, (redeliverySeconds * 1000) / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
