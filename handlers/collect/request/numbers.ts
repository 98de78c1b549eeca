/** A double holds any 15 significant digits: a number with fewer characters of digits is read as it was written. */
const SUSPECT_RUN = 16;

/** What may stand before a number of JSON; within a text, identifiers are full of digits. */
const BEFORE_NUMBER = ":,[- \n\r\t";

/**
 * Whether a text of JSON may hold a number that a double rounds: a run of 16 digits and points, wherever it
 * stands. Every such run covers a place that is a multiple of 16, so no other is looked at.
 */
export function holdsLongNumber(text: string): boolean {
  for (let at = SUSPECT_RUN - 1; at < text.length; at += SUSPECT_RUN) {
    const code = text.charCodeAt(at);
    if (code > NINE || code < POINT) continue;
    // Such a run also reaches eight places to one side, or to the other.
    if (!isDigitOrPoint(text, at - 8) && !isDigitOrPoint(text, at + 8)) continue;
    if (!isDigitOrPoint(text, at)) continue;
    let from = at;
    while (from > 0 && isDigitOrPoint(text, from - 1)) from -= 1;
    let to = at + 1;
    while (to < text.length && isDigitOrPoint(text, to)) to += 1;
    if (to - from >= SUSPECT_RUN && BEFORE_NUMBER.includes(text.charAt(from - 1))) return true;
  }
  return false;
}

const POINT = 46;
const ZERO = 48;
const NINE = 57;

function isDigitOrPoint(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= ZERO && code <= NINE) || code === POINT;
}

/** A text or a number of JSON, whichever comes next. */
const TEXT_OR_NUMBER = /"|-?\d[\d.eE+-]*/g;

/** JSON in which every number that a double would round, or has no room for, is written as a text. */
export function quoteLongNumbers(text: string): string {
  let quoted = "";
  let done = 0;
  TEXT_OR_NUMBER.lastIndex = 0;
  for (let match = TEXT_OR_NUMBER.exec(text); match !== null; match = TEXT_OR_NUMBER.exec(text)) {
    const [token] = match;
    if (token === '"') TEXT_OR_NUMBER.lastIndex = endOfText(text, match.index);
    else if (isNumber(token) && !isExact(token)) {
      quoted += `${text.slice(done, match.index)}"${token}"`;
      done = match.index + token.length;
    }
  }
  return quoted + text.slice(done);
}

/** Where a text of JSON that begins with a quotation mark ends, behind its other one. */
export function endOfText(json: string, begin: number): number {
  for (let at = json.indexOf('"', begin + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json[at - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return json.length;
}

/** What is no number of JSON is left alone, so that the parser complains of it. */
function isNumber(token: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(token);
}

/** Whether the double nearest to a number is written with the same digits. */
function isExact(token: string): boolean {
  const number = Number(token);
  return Number.isFinite(number) && digitsOf(token) === digitsOf(String(number));
}

/** A number's significant digits and the power of ten of the last of them, in one form for each value. */
function digitsOf(token: string): string {
  const [mantissa = "", exponent = "0"] = token.replace(/^-/, "").toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${significant}e${power}`;
}
