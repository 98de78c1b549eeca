import { randomUUID } from "node:crypto";
import type { Call } from "../fault";
import type { Strike } from "../keeper";
import { shuffled } from "../random";

/** A message as ReceiveMessage answers it. */
interface Message {
  readonly MessageId?: string;
  readonly Body?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

type Draw = (call: Call) => Strike | undefined;

/**
 * Messages that queues will hand out (again) at the next call: what a standard queue may do and a local one does
 * not. They are lost with the process, as they may be: the queue itself has them until they are deleted.
 */
export class Redelivery {
  readonly #waiting = new Map<string, Message[]>();

  /** The answer to a call that is made of messages that wait, if there are any; the queue is then not asked. */
  take(input: Readonly<Record<string, unknown>>): object | undefined {
    const waiting = this.#waiting.get(queueOf(input));
    if (waiting === undefined || waiting.length === 0) return undefined;
    return { Messages: waiting.splice(0, Number(input.MaxNumberOfMessages ?? 1)) };
  }

  /** What becomes of messages that a queue has answered with. */
  change(
    input: Readonly<Record<string, unknown>>,
    answered: Readonly<Record<string, unknown>>,
    struck: Strike | undefined,
    draw: Draw,
  ): object {
    const messages = answered.Messages as readonly Message[] | undefined;
    if (messages === undefined || messages.length === 0 || isFifo(input)) return answered;
    const now: Message[] = [];
    let order = struck?.effect.kind === "reorder" ? struck.random : undefined;
    for (const message of messages) {
      const own = strikeOf(message, struck, draw);
      if (own?.effect.kind === "duplicate") this.#later(input, again(message, own !== struck));
      if (own?.effect.kind === "reorder") order = own.random;
      if (own?.effect.kind === "reorder" && own.random() < 0.5) this.#later(input, message);
      else now.push(message);
    }
    // A queue that answers with nothing would seem empty.
    const first = now.length === 0 ? this.#waiting.get(queueOf(input))?.pop() : undefined;
    if (first !== undefined) now.push(first);
    return { ...answered, Messages: order === undefined ? now : shuffled(now, order) };
  }

  #later(input: Readonly<Record<string, unknown>>, message: Message): void {
    const queue = queueOf(input);
    const waiting = this.#waiting.get(queue) ?? [];
    waiting.push(message);
    this.#waiting.set(queue, waiting);
  }
}

/** What strikes one message: the fault on the call, else one on notifications if it is one. */
function strikeOf(message: Message, struck: Strike | undefined, draw: Draw): Strike | undefined {
  if (struck !== undefined) return struck;
  const bucket = bucketOf(message);
  return bucket === undefined
    ? undefined
    : draw({ service: "s3", operation: "notification", resources: [bucket] });
}

/** The bucket that a notification of S3 tells of. */
function bucketOf({ Body = "" }: Message): string | undefined {
  if (!Body.includes('"aws:s3"')) return undefined;
  try {
    const { Records } = JSON.parse(Body) as { Records?: { s3?: { bucket?: { name?: string } } }[] };
    return Records?.[0]?.s3?.bucket?.name;
  } catch {
    return undefined; // it only looks like one
  }
}

/** A second notification is a message of its own; a message that a queue hands out twice is the same one. */
function again(message: Message, anew: boolean): Message {
  if (anew) return { ...message, MessageId: randomUUID() };
  const { Attributes } = message;
  if (Attributes?.ApproximateReceiveCount === undefined) return message;
  const count = String(Number(Attributes.ApproximateReceiveCount) + 1);
  return { ...message, Attributes: { ...Attributes, ApproximateReceiveCount: count } };
}

function queueOf({ QueueUrl }: Readonly<Record<string, unknown>>): string {
  return String(QueueUrl).split("/").at(-1) ?? "";
}

function isFifo(input: Readonly<Record<string, unknown>>): boolean {
  return queueOf(input).endsWith(".fifo");
}
