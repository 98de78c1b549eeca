import { type ColumnName, columns } from "../event/columns";
import { fitRow } from "../event/fit";

/** What an enrichment adds to an event. */
export type Additions = { readonly [column in ColumnName]?: string | number | boolean | undefined };

/** Additions as they fit their columns. An enrichment that remembers its answers makes one of each, once. */
export class FittedAdditions {
  readonly row: Additions;
  readonly names: readonly ColumnName[];
  readonly cut: readonly ColumnName[];

  constructor(additions: Additions) {
    const { row, cut } = fitRow(additions, columns);
    this.row = row as Additions;
    this.names = Object.keys(row) as ColumnName[];
    this.cut = cut;
  }
}

/** What an enrichment answers that knows nothing of an event. */
export const NOTHING = new FittedAdditions({});
