import { createHash } from "node:crypto";
import type { Random } from "../../local/faults/random";
import { visit } from "../../local/traffic/visit";
import type { Sent } from "../importing/arrival";
import type { Batch } from "../importing/batches";
import { type Message, UNREADABLE, unreadable } from "../importing/message";
import { type Collector, send } from "../importing/send";
import { UserError } from "../terminal";

/** A batch that was acknowledged, and which of its messages were to be rejected. */
export interface SentBatch extends Sent {
  readonly rejectedIds: ReadonlySet<string>;
}

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

/**
 * Sends a batch until it is acknowledged, however often the collector is away.
 * @throws UserError when it is away for too long.
 */
export async function sendUntilTaken(
  collector: Collector,
  batch: Batch,
  patienceMs: number,
): Promise<SentBatch> {
  for (const giveUpAt = Date.now() + patienceMs; ; ) {
    try {
      const receipt = await send(collector, batch);
      const rejected = batch.messages.filter(({ type }) => type === UNREADABLE);
      return {
        receipt,
        messageIds: batch.messages.map(({ messageId }) => messageId),
        rejectedIds: new Set(rejected.map(({ messageId }) => messageId)),
      };
    } catch (error) {
      if (!(error instanceof UserError) || Date.now() > giveUpAt) throw error;
    }
  }
}
