import { FAULTS_PATH } from "./control";
import type { FaultList } from "./keeper";

/** The control interface said no: the message says why. */
export class FaultRefused extends Error {
  override readonly name = "FaultRefused";
}

/** Faults of a running local cloud, from another process. Each call rejects if the gateway does not answer. */
export class RemoteFaults {
  readonly #url: string;

  constructor(gatewayUrl: string) {
    this.#url = new URL(FAULTS_PATH, gatewayUrl).href;
  }

  list(): Promise<FaultList> {
    return this.#call("GET");
  }

  /**
   * Sets faults beside those that are set; resolves when every local service knows of them.
   * @param seed what chance draws from. @default the one in use
   * @throws FaultRefused when one of them cannot be set; none is then.
   */
  set(faults: readonly string[], seed?: number): Promise<FaultList> {
    return this.#call("POST", "", { faults, ...(seed === undefined ? {} : { seed }) });
  }

  /** Clears all of them, or the one with this id; resolves when every local service knows. */
  clear(id?: number): Promise<FaultList> {
    return this.#call("DELETE", id === undefined ? "" : `/${id}`);
  }

  async #call(method: string, path = "", body?: object): Promise<FaultList> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const output = (await answer.json()) as FaultList & { readonly error?: string };
    if (!answer.ok) throw new FaultRefused(output.error ?? `the gateway answers ${answer.status}`);
    return output;
  }
}
