/** Classes of characters as POSIX names them, in JavaScript's patterns. */
const CLASSES: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
  word: "\\w",
  cntrl: "\\x00-\\x1f\\x7f",
  print: "\\x20-\\x7e",
  graph: "\\x21-\\x7e",
};

const compiled = new Map<string, RegExp>();

/**
 * A pattern of Redshift's as one of JavaScript's; kept, because making one is slow.
 * @throws SyntaxError for what is no pattern.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-posix.html
 */
export function patternOf(pattern: string, flags: string): RegExp {
  const key = `${flags}/${pattern}`;
  let made = compiled.get(key);
  if (made === undefined) {
    const source = pattern.replace(/\[:(\w+):\]/g, (whole, name: string) => CLASSES[name] ?? whole);
    made = new RegExp(source, `gs${flags.includes("i") ? "i" : ""}`);
    if (compiled.size > 1000) compiled.clear();
    compiled.set(key, made);
  }
  made.lastIndex = 0;
  return made;
}

/**
 * A SIMILAR TO pattern as a POSIX one: `%` and `_` are wildcards, `| * + ? { } ( ) [ ]` are what they are in patterns,
 * all else stands for itself.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-similar-to.html
 */
export function similarPattern(pattern: string, mark: string): string {
  let out = "";
  let bracket = false;
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === mark && at + 1 < characters.length) {
      at++;
      out += literally(characters[at] ?? "");
    } else if (bracket) {
      if (character === "]") bracket = false;
      out += character;
    } else if (character === "[") {
      bracket = true;
      out += character;
    } else if (character === "%") out += ".*";
    else if (character === "_") out += ".";
    else out += "|*+?{}()".includes(character) ? character : literally(character);
  }
  return `^(?:${out})$`;
}

function literally(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Matches from the position on, one behind the other; an empty match goes on with the next character. */
function* matches(text: string, pattern: string, from: number, flags: string): Generator<RegExpExecArray> {
  const regex = patternOf(pattern, flags);
  regex.lastIndex = from - 1;
  for (;;) {
    const found = regex.exec(text);
    if (found === null) return;
    if (found[0] === "") regex.lastIndex++;
    yield found;
  }
}

function nth(
  text: string,
  pattern: string,
  from: number,
  occurrence: number,
  flags: string,
): RegExpExecArray | undefined {
  let count = 0;
  for (const found of matches(text, pattern, from, flags)) if (++count === occurrence) return found;
  return undefined;
}

/** REGEXP_COUNT */
export function count(text: string, pattern: string, from: number, flags: string): number {
  return [...matches(text, pattern, from, flags)].length;
}

/** REGEXP_INSTR: where the match begins, or the character behind it, from 1; 0 without a match. */
export function position(
  text: string,
  pattern: string,
  from: number,
  occurrence: number,
  behind: number,
  flags: string,
): number {
  const found = nth(text, pattern, from, occurrence, flags);
  if (found === undefined) return 0;
  return found.index + 1 + (behind === 1 ? found[0].length : 0);
}

/** REGEXP_SUBSTR: the match, or with `e` its first group; empty without a match. */
export function substring(
  text: string,
  pattern: string,
  from: number,
  occurrence: number,
  flags: string,
): string {
  const found = nth(text, pattern, from, occurrence, flags);
  if (found === undefined) return "";
  return flags.includes("e") ? (found[1] ?? found[0]) : found[0];
}

/** REGEXP_REPLACE: every match from the position on; `$1` and `\1` stand for groups. */
export function replace(text: string, pattern: string, by: string, from: number, flags: string): string {
  const replacement = by.replace(/\\(\d)/g, "$$$1").replace(/\$(?![\d$&])/g, "$$$$");
  return text.slice(0, from - 1) + text.slice(from - 1).replace(patternOf(pattern, flags), replacement);
}
