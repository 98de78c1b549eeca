import type { FittedAdditions } from "../enrich/additions";
import { contentColumns } from "../enrich/content-id";
import { type Enriched, enrichedEvent, isAdded } from "../enrich/enrich";
import { columnNames } from "../event/columns";
import { eventLine, eventTimes, warehouseTime } from "../event/lake";
import type { EventTable } from "../event/stored/item";

/** What was sent of an item's events, as text: what they have in common is written once. */
export interface SentText {
  /** Whether any was sent with a column that enrichments add. */
  readonly mayHave: boolean;
  /** What an event says, as `contentOf` writes it. @param index its place in the item */
  readonly content: (index: number) => string;
  /** All else that was sent of it: the beginning of its line. @param index its place in the item */
  readonly beginning: (index: number) => string;
}

/** Writes what was sent of an item's events. */
export function sentText({ shared, table }: EventTable): SentText {
  const { common, columns } = table;
  let head = JSON.stringify({ ...shared, received_at: warehouseTime(shared.received_at) }).slice(0, -1);
  let mayHave = false;
  const others: Part[] = [];
  for (const name of Object.keys(common)) {
    mayHave ||= isAdded(name);
    if (!isContent.has(name) && !Object.hasOwn(shared, name)) head += memberText(name, common[name]);
  }
  for (const name of Object.keys(columns)) {
    mayHave ||= isAdded(name);
    if (!isContent.has(name) && !Object.hasOwn(shared, name)) others.push(partOf(name, columns[name]));
  }
  const content: Part[] = [];
  for (const name of contentColumns) {
    if (columns[name] !== undefined) content.push(partOf(name, columns[name]));
    else if (common[name] !== undefined) content.push(memberText(name, common[name]));
  }
  return {
    mayHave,
    content: (index) => textOf(content, index),
    beginning: (index) => head + textOf(others, index),
  };
}

/**
 * An event's line: what was sent is written already, and most of what is added is remembered as text. What was cut
 * is named beside what the collector cut; such a line is written anew.
 * @param planned what the tracking plan adds.
 */
export function lineOf(
  beginning: string,
  content: string,
  enriched: Enriched,
  planned: FittedAdditions,
): string {
  if (planned.cut.length > 0 || enriched.additions.some(({ cut }) => cut.length > 0))
    return eventLine(enrichedEvent({ ...enriched, additions: [...enriched.additions, planned] }));
  let line = beginning + content;
  for (const { json } of enriched.additions) line += json;
  return `${line}${planned.json}}`;
}

const isContent: ReadonlySet<string> = new Set(contentColumns);
const times: ReadonlySet<string> = new Set(eventTimes);

/** A part of objects' text: the same in all, or a member with a value for each. */
type Part = string | { readonly name: string; readonly values: readonly unknown[]; readonly isTime: boolean };

function partOf(name: string, values: readonly unknown[] = []): Part {
  return { name: nameText(name), values, isTime: times.has(name) };
}

/** Parts in order, as an object has them. @param index its place in the item */
function textOf(parts: readonly Part[], index: number): string {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const value = part.values[index];
    if (value !== null && value !== undefined) text += part.name + valueText(value, part.isTime);
  }
  return text;
}

function memberText(name: string, value: unknown): string {
  return value === undefined || value === null ? "" : nameText(name) + valueText(value, times.has(name));
}

/** Columns' names as text. */
const nameTexts = new Map<string, string>(columnNames.map((name) => [name, `,${JSON.stringify(name)}:`]));

function nameText(name: string): string {
  return nameTexts.get(name) ?? `,${JSON.stringify(name)}:`;
}

function valueText(value: unknown, isTime: boolean): string {
  return isTime ? `"${warehouseTime(String(value))}"` : JSON.stringify(value);
}
