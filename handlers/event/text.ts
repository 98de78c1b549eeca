/** What the warehouse's text cannot hold: NUL, and a half of a surrogate pair without its other half. */
const SUSPECT = /[\0\uD800-\uDFFF]/;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text as the warehouse takes it: without NUL, and valid Unicode. */
export function cleanText(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replaceAll("\0", "").replace(LONE_SURROGATE, "\uFFFD");
}

/** Whether text is already as the warehouse takes it. */
export function isClean(text: string): boolean {
  return cleanText(text) === text;
}

/** Whether text takes no more than a number of bytes in UTF-8. */
export function fitsBytes(text: string, bytes: number): boolean {
  // No UTF-16 unit takes more than three bytes in UTF-8: most texts need no counting.
  return text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes;
}

/** The longest beginning of a text, whole characters only, that takes no more than a number of bytes in UTF-8. */
export function cutText(text: string, bytes: number): string {
  if (fitsBytes(text, bytes)) return text;
  const encoded = Buffer.from(text.slice(0, bytes + 1));
  let end = bytes;
  // A byte 10xxxxxx continues a character.
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return encoded.toString("utf8", 0, end);
}
