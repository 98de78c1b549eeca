import { type Column, type ColumnName, columns } from "../event/columns";
import type { CanonicalEvent } from "../event/event";
import { type ColumnValue, fitRow } from "../event/fit";
import { eventLine } from "../event/lake";

/** What an enrichment adds to an event. */
export type Additions = { readonly [column in ColumnName]?: ColumnValue | undefined };

/** Additions as they fit their columns. An enrichment that remembers its answers makes one of each, once. */
export class FittedAdditions {
  readonly row: Additions;
  readonly names: readonly ColumnName[];
  readonly cut: readonly ColumnName[];
  /** The row as members of a JSON object, each behind a comma: `,"page_host":"example.com","page_path":"/"`. */
  readonly json: string;

  private constructor(
    row: Additions,
    names: readonly ColumnName[],
    cut: readonly ColumnName[],
    json: string,
  ) {
    this.row = row;
    this.names = names;
    this.cut = cut;
    this.json = json;
  }

  /**
   * Additions, fitted: what is too long for its column is cut, what cannot stand in it is left out.
   * @param table the columns that may be among them: it is done the faster, the fewer. @default all
   */
  static fit(additions: Additions, table: Readonly<Record<string, Column>> = columns): FittedAdditions {
    const { row, cut } = fitRow<string>(additions, table);
    return FittedAdditions.of(row as Additions, cut as ColumnName[]);
  }

  /** Additions that are known to fit, none of them undefined. */
  static certain(row: Additions): FittedAdditions {
    return FittedAdditions.of(row, NONE);
  }

  /** A word of plain letters and digits that is known to fit its column: it is taken as it is. */
  static word(names: readonly [ColumnName], row: Additions, word: string): FittedAdditions {
    return new FittedAdditions(row, names, NONE, `,"${names[0]}":"${word}"`);
  }

  private static of(row: Additions, cut: readonly ColumnName[]): FittedAdditions {
    const names = Object.keys(row) as ColumnName[];
    const json = names.length === 0 ? "" : `,${eventLine(row as CanonicalEvent).slice(1, -1)}`;
    return new FittedAdditions(row, names, cut, json);
  }

  /** Those of the additions that an event does not have already. */
  missingIn(event: CanonicalEvent): FittedAdditions {
    if (this.names.every((name) => event[name] === undefined)) return this;
    const isMissing = (name: ColumnName): boolean => event[name] === undefined;
    const missing = this.names.filter(isMissing).map((name) => [name, this.row[name]]);
    return FittedAdditions.of(Object.fromEntries(missing) as Additions, this.cut.filter(isMissing));
  }
}

const NONE: readonly ColumnName[] = [];

/** What an enrichment answers that knows nothing of an event. */
export const NOTHING = FittedAdditions.fit({});
