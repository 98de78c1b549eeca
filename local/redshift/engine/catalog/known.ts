import type { UserFunction } from "../../sql/bind/queries/environment";
import type { Identity } from "../access/identity";
import type { CatalogRelation } from "./catalog";

/** Counts the times at which definitions, users or grants may have changed. */
export class Definitions {
  version = 0;

  changed(): void {
    this.version++;
  }
}

/** What one session has read of the definitions, for as long as nothing of them changes. */
export class Known {
  readonly relations = new Map<string, readonly CatalogRelation[]>();
  schemas: ReadonlySet<string> | undefined;
  functions: readonly UserFunction[] | undefined;
  identity: Identity | undefined;

  /**
   * @param snapshot the version when the session's transaction began: what was committed later it does not see.
   * @param version the version when this was read.
   */
  constructor(
    readonly snapshot: number,
    readonly version: number,
  ) {}
}
