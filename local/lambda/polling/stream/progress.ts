/** A record's place in the order in which its shard was read. */
export interface Ticket {
  readonly sequenceNumber: string;
  readonly sizeBytes: number;
  done: boolean;
}

/** Knows up to where everything of a shard is done, though records finish out of order. */
export class Progress {
  #tickets: Ticket[] = [];
  #head = 0;
  #bytes = 0;

  constructor(private readonly advanced: (sequenceNumber: string) => void) {}

  /** Records that were read and are not done. */
  get pending(): number {
    return this.#tickets.length - this.#head;
  }

  /** Bytes of the records that are not done. */
  get pendingBytes(): number {
    return this.#bytes;
  }

  add(sequenceNumber: string, sizeBytes: number): Ticket {
    const ticket = { sequenceNumber, sizeBytes, done: false };
    this.#tickets.push(ticket);
    this.#bytes += sizeBytes;
    return ticket;
  }

  /** Marks tickets as done, and reports the last sequence number before the first open one if it moved. */
  finish(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) {
      ticket.done = true;
      this.#bytes -= ticket.sizeBytes;
    }
    let last: Ticket | undefined;
    while (this.#tickets[this.#head]?.done) {
      last = this.#tickets[this.#head];
      this.#head += 1;
    }
    if (this.#head > 4_096 && this.#head * 2 > this.#tickets.length) {
      this.#tickets = this.#tickets.slice(this.#head);
      this.#head = 0;
    }
    if (last !== undefined) this.advanced(last.sequenceNumber);
  }
}
