import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A service's control-plane state: one JSON file, replaced as a whole on every change. */
export class Store<State extends object> {
  readonly state: State;
  readonly #file: string;

  /** @param initial what the state is before anything was saved. */
  constructor(folder: string, name: string, initial: State) {
    this.#file = join(folder, `${name}.json`);
    this.state = existsSync(this.#file)
      ? ({ ...initial, ...(JSON.parse(readFileSync(this.#file, "utf8")) as State) } as State)
      : initial;
  }

  /** Saves the state; when it returns, a killed process finds it again. */
  save(): void {
    const draft = `${this.#file}.tmp`;
    writeFileSync(draft, JSON.stringify(this.state));
    renameSync(draft, this.#file);
  }
}
