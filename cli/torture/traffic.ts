import { createHash } from "node:crypto";
import type { Random } from "../../local/faults/random";
import { visit } from "../../local/traffic/visit";
import type { Batch } from "../importing/batches";
import { type Message, unreadable } from "../importing/message";

/** Messages a batch has, about. */
const BATCH_MESSAGES = 50;
/** One message in so many cannot be read: what is rejected must arrive as well. */
const UNREADABLE_EVERY = 97;

/**
 * Batches of made-up visits for the collector. The identities of their messages are the run's alone, and the same
 * however often a batch is sent.
 * @param run tells this run's messages from those of any other.
 */
export function batchesOf(run: string, count: number, random: Random, at: Date): Batch[] {
  let number = 0;
  return Array.from({ length: count }, (_, index) => {
    const messages: Message[] = [];
    while (messages.length < BATCH_MESSAGES)
      for (const message of visit(random, at)) {
        number += 1;
        const messageId = createHash("sha256").update(`${run}\n${number}`).digest("hex").slice(0, 32);
        messages.push(
          number % UNREADABLE_EVERY === 0
            ? unreadable(messageId, "made up to be unreadable", `${run} ${number}`)
            : { ...message, messageId },
        );
      }
    return { index, messages, body: JSON.stringify({ batch: messages }) };
  });
}
