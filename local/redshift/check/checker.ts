import { SqlError } from "../sql/error";
import { Helper } from "./helper";
import { type CheckedStatement, refused } from "./refusal";

/** How many texts' verdicts are kept, and how long a text may be to be kept. */
const KEPT_TEXTS = 2_000;
const KEPT_CHARACTERS = 20_000;

/** Checks SQL against Redshift's rules, as its documentation states them. */
export class Checker {
  readonly #helper: Helper;
  readonly #kept = new Map<string, Promise<readonly CheckedStatement[]>>();

  /** @param interpreter the Python of the project's environment. The helper starts with the first check. */
  constructor(interpreter: string) {
    this.#helper = new Helper(interpreter);
  }

  /** The process that checks. @default undefined nothing has been checked yet */
  get pid(): number | undefined {
    return this.#helper.pid;
  }

  /**
   * Checks every statement of a text, which is known from then on by its text.
   * @param functions names of users' functions that exist already.
   * @throws Error when it could not be checked: neither an acceptance nor a refusal.
   */
  check(sql: string, functions: readonly string[] = []): Promise<readonly CheckedStatement[]> {
    const key = functions.length === 0 ? sql : `${functions.join(",")};${sql}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const checked = this.#ask(sql, functions);
    if (key.length > KEPT_CHARACTERS) return checked;
    this.#kept.set(key, checked);
    checked.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_TEXTS && oldest !== undefined) this.#kept.delete(oldest);
    return checked;
  }

  /**
   * Lets one statement pass, or throws.
   * @param block whether it runs inside a transaction with others.
   * @throws {SqlError} when Redshift refuses it.
   */
  async pass(sql: string, block: boolean): Promise<void> {
    for (const { refusals, alone } of await this.check(sql)) {
      const [first] = refusals;
      if (first !== undefined) throw refused(first);
      if (block && alone !== null) throw new SqlError(`${alone} cannot run inside a transaction block`);
    }
  }

  async stop(): Promise<void> {
    await this.#helper.stop();
  }

  async #ask(sql: string, functions: readonly string[]): Promise<readonly CheckedStatement[]> {
    const { statements, error } = await this.#helper.ask({ sql, functions });
    if (!Array.isArray(statements)) throw new Error(`the statement could not be checked: ${String(error)}`);
    return statements as readonly CheckedStatement[];
  }
}
