import { join } from "node:path";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { Warehouse } from "../../handlers/warehouse/warehouse";
import { archiveHandlers } from "../../stacks/functions/bundle";
import type { Outputs } from "../../stacks/outputs";
import { type Code, outdated, runMigration, updateCode } from "../deployment/functions";
import type { ChangeBatch } from "./batches";
import { buildProblem, changedLine, listed, messageOf, problemLine, waitingLine } from "./report";
import { synthModules } from "./sources";
import { type SqlState, sqlState } from "./sql";

/** What applying changes needs. */
export interface ChangesProps {
  /** The folder that holds `handlers/`, `sql/` and `stacks/`. */
  readonly root: string;
  readonly functions: Outputs["functions"];
  readonly lambda: LambdaClient;
  /** The warehouse, as the user who migrates it. */
  readonly warehouse: Pick<Warehouse, "query">;
  /** Told a line for each thing that was done or could not be. */
  readonly say: (line: string) => void;
  /** How a restart is done here, e.g. "Ctrl-C, then npm start". */
  readonly restart: string;
}

/** Applies changes of the sources to the running cloud. */
export class Changes {
  readonly #props: ChangesProps;
  #synth: ReadonlySet<string> = new Set();
  /** What was said last of migrations that wait: it is said once. */
  #held = "";

  constructor(props: ChangesProps) {
    this.#props = props;
    this.#synth = new Set(this.#synthModules());
  }

  /** The modules that a synth runs, as far as they are known. */
  get synth(): ReadonlySet<string> {
    return this.#synth;
  }

  /** Applies what can be applied, and says what cannot. What fails changes nothing, and is tried at the next save. */
  async apply(batch: ChangeBatch): Promise<void> {
    try {
      this.#sayWhatRestarts(batch.paths);
      await this.#deploy(batch);
    } catch (error) {
      this.#props.say(problemLine(`A change was not applied: ${messageOf(error)}`));
    }
  }

  /** Changes of resources are Terraform's to make: it may have to replace some. */
  #sayWhatRestarts(paths: readonly string[]): void {
    const before = this.#synth;
    if (paths.some((path) => before.has(path) || path.startsWith("stacks/")))
      this.#synth = new Set(this.#synthModules());
    const concerned = paths.filter(
      (path) => before.has(path) || this.#synth.has(path) || path === "package-lock.json",
    );
    if (concerned.length > 0)
      this.#props.say(waitingLine(`${listed(concerned)}: a restart applies it (${this.#props.restart})`));
  }

  async #deploy({ paths, since }: ChangeBatch): Promise<void> {
    const { root, functions, lambda, say } = this.#props;
    let code: Code;
    try {
      code = archiveHandlers(root).functions;
    } catch (error) {
      say(
        problemLine(
          `${buildProblem(error)}\n  It does not build; the functions go on with the code they have.`,
        ),
      );
      return;
    }
    let names = await outdated(lambda, functions, code);
    let models: readonly string[] = [];
    if (names.includes("migrate") || paths.some((path) => path.startsWith("sql/models/"))) {
      const sql = await this.#sql(paths);
      if (sql === undefined) names = names.filter((name) => name !== "migrate");
      else models = sql.models;
    }
    await updateCode(lambda, functions, code, names);
    // To whoever saved a model, the function that applies it is no news.
    const news = names.filter((name) => name !== "migrate" || models.length === 0);
    if (news.length > 0) say(changedLine(`${news.join(", ")}: new code`, since, paths));
    if (models.length > 0) await this.#migrate(models, since);
  }

  /** How `sql/` stands, if it can be applied now. */
  async #sql(paths: readonly string[]): Promise<SqlState | undefined> {
    const { root, warehouse, say, restart } = this.#props;
    let held: string;
    try {
      const state = await sqlState(join(root, "sql"), warehouse);
      const gone = state.gone.filter((name) => paths.includes(`sql/models/${name}`));
      if (gone.length > 0)
        say(waitingLine(`${listed(gone)}: what it made stays in the warehouse until a migration drops it`));
      if (state.migrations.length === 0) {
        this.#held = "";
        return state;
      }
      // Half a migration, saved in passing, could never be taken back.
      held = waitingLine(
        `${listed(state.migrations)}: a migration is applied once and for good, so a restart applies it (${restart}); models wait for it`,
      );
    } catch (error) {
      held = problemLine(messageOf(error));
    }
    if (held !== this.#held || paths.some((path) => path.startsWith("sql/"))) say(held);
    this.#held = held;
    return undefined;
  }

  async #migrate(models: readonly string[], since: number): Promise<void> {
    const { root, functions, lambda, warehouse, say } = this.#props;
    try {
      const done = await runMigration(lambda, functions);
      say(changedLine(`${done.models.join(", ")}: applied`, since, []));
    } catch (error) {
      const left = new Set((await sqlState(join(root, "sql"), warehouse)).models);
      const done = models.filter((name) => !left.has(name));
      if (done.length > 0) say(changedLine(`${done.join(", ")}: applied`, since, []));
      say(problemLine(`${messageOf(error)}\n  What it made before stays as it was.`));
    }
  }

  #synthModules(): readonly string[] {
    try {
      return synthModules(this.#props.root);
    } catch {
      return [...this.#synth]; // it does not build: the restart that needs it says why
    }
  }
}
