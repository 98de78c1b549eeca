/** Values by the names of columns; undefined where there is none. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * A row's values in the order of its columns. All at once it takes a fifth of the time of asking for each: most
 * rows are copies of one blank row and have every column, in that order (`blankEvent`).
 */
export function valuesOf(row: Row, names: readonly string[]): readonly unknown[] {
  const own = Object.keys(row);
  return own.length === names.length && own.every((name, index) => name === names[index])
    ? Object.values(row)
    : names.map((name) => valueIn(row, name));
}

/** A row without a `__proto__` of its own would answer its prototype. */
function valueIn(row: Row, name: string): unknown {
  return name === "__proto__" && !Object.hasOwn(row, name) ? undefined : row[name];
}
