import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { FAULTS_PATH } from "./control";
import { concerns, type Effect } from "./fault";
import type { FaultList, SetFault } from "./keeper";

/** What a service must know of faults: those on what it does by itself. */
export interface OwnFaults {
  /**
   * Asks whether a fault strikes what is about to be done; free while none is set on it.
   * @param resources names of what it is about: a function, a stream.
   */
  draw(activity: string, ...resources: readonly string[]): Promise<Effect | undefined>;
  /** Whether a fault that lasts is set on something. */
  holds(activity: string, ...resources: readonly string[]): boolean;
}

/** Nothing goes wrong. */
export const noFaults: OwnFaults = { draw: async () => undefined, holds: () => false };

/** How long a gateway that is down is left alone, ms. */
const RETRY_MS = 300;
/** Longer than the gateway keeps a listener waiting. */
const LISTEN_TIMEOUT_MS = 30_000;

/**
 * Listens to the gateway for faults that are set on what this service does by itself. A gateway that is down has
 * none: faults end with it.
 */
export class FaultListener implements OwnFaults {
  readonly #url: URL;
  readonly #id = randomUUID();
  readonly #closed = new AbortController();
  #active: readonly SetFault[] = [];

  /** @param changed called after every change of what is set. */
  constructor(
    gatewayUrl: string,
    private readonly service: string,
    private readonly changed: () => Promise<void> | void = () => undefined,
  ) {
    this.#url = new URL(FAULTS_PATH, gatewayUrl);
    void this.#listen();
  }

  async draw(activity: string, ...resources: readonly string[]): Promise<Effect | undefined> {
    if (!this.holds(activity, ...resources)) return undefined;
    try {
      const { effect } = await this.#call<{ effect?: Effect }>(`${this.#url.href}/draw`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ service: this.service, operation: activity, resources }),
      });
      return effect;
    } catch {
      return undefined; // the gateway has just ended, and its faults with it
    }
  }

  holds(activity: string, ...resources: readonly string[]): boolean {
    const call = { service: this.service, operation: activity, resources };
    return this.#active.some((fault) => concerns(fault, call));
  }

  close(): void {
    this.#closed.abort();
  }

  async #listen(): Promise<void> {
    let revision = "none";
    while (!this.#closed.signal.aborted) {
      try {
        const url = `${this.#url.href}?after=${revision}&listener=${this.#id}`;
        const list = await this.#call<FaultList>(url, {});
        if (list.revision === revision) continue;
        await this.#apply(list.faults);
        revision = list.revision;
      } catch {
        revision = "none";
        if (this.#active.length > 0) await this.#apply([]);
        await sleep(RETRY_MS, undefined, { signal: this.#closed.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  async #apply(faults: readonly SetFault[]): Promise<void> {
    this.#active = faults;
    await this.changed();
  }

  async #call<Answer>(url: string, init: RequestInit): Promise<Answer> {
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(LISTEN_TIMEOUT_MS)]);
    const answer = await fetch(url, { ...init, signal });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return (await answer.json()) as Answer;
  }
}
