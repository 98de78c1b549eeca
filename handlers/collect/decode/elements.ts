import { endOfText } from "../request/numbers";

/**
 * The texts of a list's elements, as they stand in the JSON that was sent: what is rejected is kept as it came,
 * down to its white space.
 * @param json valid JSON.
 * @param member the member of the body that is the list. @default the body itself is
 * @returns undefined when there is no such list.
 */
export function elementsIn(json: string, member?: string): string[] | undefined {
  const begin = next(json, 0);
  if (member === undefined) return json[begin] === "[" ? elementsAt(json, begin) : undefined;
  if (json[begin] !== "{") return undefined;
  let list: number | undefined;
  for (let at = next(json, begin + 1); json[at] === '"'; at = next(json, at)) {
    const colon = endOfText(json, at);
    const name: unknown = JSON.parse(json.slice(at, colon));
    const value = next(json, next(json, colon) + 1);
    // Of members of one name the last one counts.
    if (name === member) list = json[value] === "[" ? value : undefined;
    at = next(json, endOfValue(json, value));
    if (json[at] === ",") at += 1;
  }
  return list === undefined ? undefined : elementsAt(json, list);
}

function elementsAt(json: string, begin: number): string[] {
  const elements: string[] = [];
  for (let at = next(json, begin + 1); at < json.length && json[at] !== "]"; ) {
    const end = endOfValue(json, at);
    elements.push(json.slice(at, end));
    at = next(json, end);
    if (json[at] === ",") at = next(json, at + 1);
  }
  return elements;
}

/** Where the next thing that is no white space stands. */
function next(json: string, from: number): number {
  let at = from;
  while (" \n\r\t".includes(json.charAt(at)) && at < json.length) at += 1;
  return at;
}

const STRUCTURE = /["[\]{}]/g;
const END_OF_PLAIN = /[\s,\]}]|$/g;

/** Where the value that begins at a place ends, behind its last character. */
function endOfValue(json: string, begin: number): number {
  const first = json[begin];
  if (first === '"') return endOfText(json, begin);
  if (first !== "{" && first !== "[") {
    END_OF_PLAIN.lastIndex = begin;
    return END_OF_PLAIN.exec(json)?.index ?? json.length;
  }
  let depth = 0;
  STRUCTURE.lastIndex = begin;
  for (let match = STRUCTURE.exec(json); match !== null; match = STRUCTURE.exec(json)) {
    const [token] = match;
    if (token === '"') STRUCTURE.lastIndex = endOfText(json, match.index);
    else depth += token === "{" || token === "[" ? 1 : -1;
    if (depth === 0) return match.index + 1;
  }
  return json.length;
}
