import { type Call, concerns, type Effect, type Fault } from "./fault";
import { parseFault } from "./parse";
import { newSeed, type Random, seeded } from "./random";

/** A fault that is set, as the control interface shows it. */
export interface SetFault {
  readonly id: number;
  /** As it was written. */
  readonly fault: string;
  readonly service: string;
  readonly operation: string;
  readonly resource?: string;
  /** Calls that it could have struck, and those that it did. */
  readonly seen: number;
  readonly struck: number;
}

/** What is set, and what chance draws from. */
export interface FaultList {
  readonly seed: number;
  /** Another one after every change of what is set. */
  readonly revision: string;
  readonly faults: readonly SetFault[];
}

/** A fault strikes: what it does, and the chance that it draws from. */
export interface Strike {
  readonly effect: Effect;
  readonly random: Random;
}

interface Kept {
  readonly id: number;
  readonly text: string;
  readonly fault: Fault;
  readonly random: Random;
  seen: number;
  struck: number;
}

/** The faults that are set. They live in this process's memory: nothing is left of them when it ends. */
export class Faults {
  #seed = newSeed();
  #kept: readonly Kept[] = [];
  #lastId = 0;
  /** Tells this process's revisions from those of one before it. */
  readonly #birth = Date.now().toString(36);
  #changes = 0;
  #listeners = new Set<() => void>();

  get revision(): string {
    return `${this.#birth}.${this.#changes}`;
  }

  get list(): FaultList {
    const faults = this.#kept.map(({ id, text, fault, seen, struck }) => {
      const { service, operation, resource } = fault;
      return { id, fault: text, service, operation, ...(resource && { resource }), seen, struck };
    });
    return { seed: this.#seed, revision: this.revision, faults };
  }

  /**
   * Sets faults, beside those that are set: all of them, or none.
   * @param seed what chance draws from, for these faults. @default the seed in use
   * @returns what is wrong with one of them, if anything is.
   */
  set(texts: readonly string[], seed = this.#seed): string | undefined {
    const parsed = texts.map((text) => ({ text: text.trim(), ...parseFault(text) }));
    for (const one of parsed) if ("problem" in one) return one.problem;
    this.#seed = seed;
    const added = parsed.flatMap((one) => ("fault" in one ? [this.#keep(one.text, one.fault)] : []));
    this.#kept = [...this.#kept, ...added];
    this.#changed();
    return undefined;
  }

  /** Clears one fault, or all of them. @returns how many there were. */
  clear(id?: number): number {
    const left = id === undefined ? [] : this.#kept.filter((kept) => kept.id !== id);
    const cleared = this.#kept.length - left.length;
    this.#kept = left;
    if (cleared > 0) this.#changed();
    return cleared;
  }

  /** Whether any fault is of this kind. */
  some(holds: (fault: Fault) => boolean): boolean {
    return this.#kept.some(({ fault }) => holds(fault));
  }

  /**
   * Decides, and counts, whether a fault strikes: the first one that is meant for the call and due.
   * @param suits which effects can strike just now. @default all
   */
  draw(call: Call, suits: (effect: Effect) => boolean = () => true): Strike | undefined {
    for (const kept of this.#kept) {
      if (!concerns(kept.fault, call) || !suits(kept.fault.effect)) continue;
      kept.seen += 1;
      if (!due(kept)) continue;
      kept.struck += 1;
      return { effect: kept.fault.effect, random: kept.random };
    }
    return undefined;
  }

  /** Resolves when what is set is no longer of this revision, or when the signal aborts. */
  changedSince(revision: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#listeners.delete(end);
        signal.removeEventListener("abort", end);
        resolve();
      };
      if (revision !== this.revision || signal.aborted) return end();
      this.#listeners.add(end);
      signal.addEventListener("abort", end, { once: true });
    });
  }

  #keep(text: string, fault: Fault): Kept {
    this.#lastId += 1;
    return {
      ...{ id: this.#lastId, text, fault, seen: 0, struck: 0 },
      random: seeded(this.#seed + this.#lastId),
    };
  }

  #changed(): void {
    this.#changes += 1;
    for (const listener of [...this.#listeners]) listener();
  }
}

function due({ fault: { moments }, seen, random }: Kept): boolean {
  if (moments.kind === "always") return true;
  if (moments.kind === "rate") return random() < moments.rate;
  return seen >= moments.from && seen <= moments.to;
}
