import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A service's control-plane state: one JSON file, replaced as a whole on every change. */
export class Store<State extends object> {
  readonly state: State;
  readonly #file: string;

  /** @param initial what the state is before anything was saved. */
  constructor(folder: string, name: string, initial: State) {
    this.#file = join(folder, `${name}.json`);
    const saved = existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, "utf8")) as State) : {};
    const state = withoutPrototypes({ ...initial, ...saved });
    this.state = state as State;
  }

  /** Saves the state; when it returns, a killed process finds it again. */
  save(): void {
    const draft = `${this.#file}.tmp`;
    writeFileSync(draft, JSON.stringify(this.state));
    renameSync(draft, this.#file);
  }
}

/**
 * A copy of a JSON value whose objects inherit nothing: in a dictionary by names that a caller chooses, `constructor`
 * is then as unknown as any other.
 */
function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withoutPrototypes(member)] as const);
  return Object.assign(Object.create(null), Object.fromEntries(members));
}
