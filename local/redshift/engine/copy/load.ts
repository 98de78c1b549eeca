import type { CopyCommand } from "../../sql/statements/copy";
import type { CatalogColumn, CatalogRelation } from "../catalog/catalog";
import type { StatementContext } from "../statements/context";
import { type LineError, LoadError } from "./load-errors";
import type { ObjectSource } from "./objects";

/** What one COPY works with. */
export interface Load {
  readonly context: StatementContext;
  readonly copy: CopyCommand;
  readonly relation: CatalogRelation;
  readonly columns: readonly CatalogColumn[];
  readonly objects: ObjectSource;
  readonly folder: string;
}

/** An object as it was read, unpacked. */
export interface Body {
  readonly url: string;
  readonly bytes: Uint8Array;
}

/** What became of a load that did not fail. */
export interface Loaded {
  readonly rows: number;
  readonly errors: readonly LineError[];
}

/** The error of a load that fails for these lines. */
export function failed({ relation }: Load, errors: readonly LineError[], cause?: unknown): LoadError {
  return new LoadError(
    relation.name,
    errors.map((error) => ({ ...error, table: relation.name })),
    cause,
  );
}
