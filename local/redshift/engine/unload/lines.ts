import type { OutputColumn } from "../../sql/bind/queries/query";
import type { UnloadCommand } from "../../sql/statements/unload";
import { isFloat, isWhole } from "../../sql/types";

/** A value as the engine hands it out. */
type Value = unknown;

/** How rows become lines. */
export interface LineItems {
  /** The line of names, where one is asked for. */
  readonly header: string | undefined;
  readonly row: (values: readonly Value[]) => string;
}

/** Rows as lines of text, CSV or JSON. @see https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html */
export function lineItems(columns: readonly OutputColumn[], unload: UnloadCommand): LineItems {
  if (unload.format === "json") return { header: undefined, row: (values) => jsonLine(columns, values) };
  const cell = unload.format === "csv" ? csvCell(unload) : textCell(unload);
  const line = (cells: readonly (string | undefined)[]): string =>
    `${cells.map((text) => (text === undefined ? unload.nullText : cell(text))).join(unload.delimiter)}\n`;
  return {
    header: unload.header ? line(columns.map(({ name }) => name)) : undefined,
    row: (values) => line(values.map((value, i) => textOf(value, columns[i]))),
  };
}

function textOf(value: Value, column: OutputColumn | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "boolean") return value ? "t" : "f";
  if (column?.type.name === "bpchar") return String(value).padEnd(column.type.bytes ?? 0);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function csvCell({ delimiter }: UnloadCommand): (text: string) => string {
  return (text) =>
    text === "" || text.includes(delimiter) || /["\r\n]/.test(text)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
}

function textCell({ delimiter, escape: escapes, quotes }: UnloadCommand): (text: string) => string {
  return (given) => {
    const text = escapes
      ? given.replace(/[\\\n\r"']/g, (mark) => `\\${mark}`).replaceAll(delimiter, `\\${delimiter}`)
      : given;
    return quotes ? `"${text}"` : text;
  };
}

function jsonLine(columns: readonly OutputColumn[], values: readonly Value[]): string {
  const members = columns.map(({ name, type }, i) => {
    const value = values[i];
    const json =
      value === null || value === undefined
        ? "null"
        : type.name === "super" || type.name === "numeric" || isWhole(type)
          ? String(value)
          : isFloat(type) || type.name === "bool"
            ? JSON.stringify(value)
            : JSON.stringify(textOf(value, columns[i]));
    return `${JSON.stringify(name)}:${json}`;
  });
  return `{${members.join(",")}}\n`;
}
