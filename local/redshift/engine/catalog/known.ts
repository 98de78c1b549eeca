import type { UserFunction } from "../../sql/bind/queries/environment";
import type { Grants } from "../access/granted";
import type { Users } from "../access/identity";
import type { CatalogRelation } from "./catalog";

/** What a statement has changed of the definitions. */
export interface Change {
  /** Names of tables and views, in whichever schema. @default none */
  readonly relations?: readonly string[] | "all";
  readonly schemas?: true;
  readonly functions?: true;
  readonly users?: true;
  readonly grants?: true;
}

/** A change of which nothing more is known. */
export const ANYTHING: Change = {
  relations: "all",
  schemas: true,
  functions: true,
  users: true,
  grants: true,
};

/**
 * What has been read of the definitions, as one state of the database has them. Each part is read when it is asked for
 * first. Temporary tables are not among them: those are a session's own.
 */
export class Known {
  /** By schema and name. */
  relations: ReadonlyMap<string, CatalogRelation> | undefined;
  /** Names of relations that are to be read anew. */
  readonly stale = new Set<string>();
  schemas: ReadonlySet<string> | undefined;
  functions: readonly UserFunction[] | undefined;
  users: Users | undefined;
  grants: Grants | undefined;

  /** The same, for one who goes on to change it. */
  copy(): Known {
    const copy = new Known();
    Object.assign(copy, this, { stale: new Set(this.stale) });
    return copy;
  }

  forget({ relations = [], schemas, functions, users, grants }: Change): void {
    if (relations === "all") this.relations = undefined;
    else for (const name of relations) this.stale.add(name);
    if (schemas) this.schemas = undefined;
    if (functions) this.functions = undefined;
    if (users) this.users = undefined;
    if (grants) this.grants = undefined;
  }
}

/** What is known of the committed definitions, which all sessions share. */
export class Definitions {
  #committed = new Known();
  #changing = 0;

  /** What a transaction sees that begins now. @default undefined that is changing right now */
  get committed(): Known | undefined {
    return this.#changing > 0 ? undefined : this.#committed;
  }

  /**
   * Changes what is committed.
   * @param before what was known of it when the changing transaction began. @default not known
   * @param after what that transaction knows now.
   */
  async change(work: () => Promise<void>, before?: Known, after?: Known): Promise<void> {
    this.#changing++;
    let next = new Known();
    try {
      await work();
      // nobody else has committed anything that it does not know of
      if (after !== undefined && before === this.#committed) next = after;
    } finally {
      this.#changing--;
      this.#committed = next;
    }
  }
}
