import { createHash } from "node:crypto";

/** INITCAP: the first letter of each word in upper case. */
export function initcap(text: string): string {
  return text
    .toLowerCase()
    .replace(
      /(^|[^\p{L}\p{N}])(\p{L})/gu,
      (_, before: string, letter: string) => before + letter.toUpperCase(),
    );
}

/** QUOTE_IDENT: delimited where it must be. */
export function quoteIdent(text: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

/** QUOTE_LITERAL: a literal of SQL. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

const CODES: Readonly<Record<string, string>> = {
  b: "1",
  f: "1",
  p: "1",
  v: "1",
  c: "2",
  g: "2",
  j: "2",
  k: "2",
  q: "2",
  s: "2",
  x: "2",
  z: "2",
  d: "3",
  t: "3",
  l: "4",
  m: "5",
  n: "5",
  r: "6",
};

/** SOUNDEX: how an English word sounds; empty for what has no letter. */
export function soundex(text: string): string {
  const letters = text.toLowerCase().replace(/[^a-z]/g, "");
  if (letters === "") return "";
  let out = letters.charAt(0).toUpperCase();
  let last = CODES[letters.charAt(0)] ?? "";
  for (const letter of letters.slice(1)) {
    const code = CODES[letter] ?? "";
    if (code !== "" && code !== last) out += code;
    if (letter !== "h" && letter !== "w") last = code;
  }
  return out.padEnd(4, "0").slice(0, 4);
}

/** DIFFERENCE: how many places of two SOUNDEX codes are the same. */
export function difference(one: string, two: string): number {
  const [a, b] = [soundex(one), soundex(two)];
  return [...a].filter((character, i) => character === b.charAt(i)).length;
}

/** STRTOL: a whole number in a base from 2 to 36. @throws RangeError for what is none. */
export function strtol(text: string, base: number): bigint {
  if (base < 2 || base > 36) throw new RangeError("STRTOL takes a base between 2 and 36");
  const [, sign = "", digits = ""] = /^\s*([+-]?)(?:0x)?([0-9a-z]+)\s*$/i.exec(text) ?? [];
  let value = 0n;
  for (const digit of digits.toLowerCase()) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= base) throw new RangeError(`The input ${text} is not valid to be converted to base ${base}`);
    value = value * BigInt(base) + BigInt(worth);
  }
  if (digits === "") throw new RangeError(`The input ${text} is not valid to be converted to base ${base}`);
  const limit = 2n ** 63n - 1n;
  return (sign === "-" ? -1n : 1n) * (value > limit ? limit : value);
}

/** TEXT_TO_INT_ALT: a sign may stand behind, an exponent too. */
export function alternativeNumber(text: string): string {
  const [, front = "", digits = "", exponent = "0", back = ""] =
    /^\s*([+-]?)([\d.]+)(?:e([+-]?\d+))?([+-]?)\s*$/i.exec(text) ?? [];
  if (digits === "") throw new RangeError(`invalid input syntax for integer: "${text}"`);
  const negative = front === "-" || back === "-";
  return `${negative ? "-" : ""}${exponent === "0" ? digits : Number(`${digits}e${exponent}`)}`;
}

const FNV_PRIME = 0x100000001b3n;
const MASK = (1n << 64n) - 1n;

/**
 * FNV_HASH: FNV-1a of 64 bits over a value's bytes, least significant first.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_FNV_HASH.html
 */
export function fnvHash(text: string, kind: string, seed: bigint | null): bigint {
  let hash = seed === null ? 0xcbf29ce484222325n : BigInt.asUintN(64, seed);
  for (const byte of bytesOf(text, kind)) hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & MASK;
  return BigInt.asIntN(64, hash);
}

function bytesOf(text: string, kind: string): Buffer {
  const bytes = Buffer.alloc(8);
  if (kind === "int2") return bytes.subarray(0, bytes.writeInt16LE(Number(text)));
  if (kind === "int4") return bytes.subarray(0, bytes.writeInt32LE(Number(text)));
  if (kind === "int8") return bytes.subarray(0, bytes.writeBigInt64LE(BigInt(text)));
  if (kind === "float8") return bytes.subarray(0, bytes.writeDoubleLE(Number(text)));
  return Buffer.from(text);
}

/** The polynomial of CRC-32C, bits reversed: what the documentation's example was made with. */
const CRC_POLYNOMIAL = 0x82f63b78;

/**
 * CRC32, in hexadecimal.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/crc32-function.html
 */
export function crc(text: string): string {
  let sum = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ CRC_POLYNOMIAL : sum >>> 1;
  }
  return ((sum ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

/** SHA2 of so many bits, in hexadecimal. @throws RangeError for other numbers of bits. */
export function sha2(text: string, bits: number): string {
  if (![0, 224, 256, 384, 512].includes(bits)) return "";
  return createHash(`sha${bits === 0 ? 256 : bits}`)
    .update(text)
    .digest("hex");
}

const WEEKDAYS = ["su", "mo", "tu", "we", "th", "fr", "sa"];

/** The day of the week, from 0 for Sunday, by its name or the beginning of it. @throws RangeError for no day. */
export function weekday(name: string): number {
  const day = WEEKDAYS.indexOf(name.trim().slice(0, 2).toLowerCase());
  if (day < 0) throw new RangeError(`"${name}" is not the name of a day`);
  return day;
}

/** TO_VARBYTE: bytes of a text in a notation. @throws RangeError */
export function toBytes(text: string, notation: string): Buffer {
  switch (notation.toLowerCase()) {
    case "hex":
      if (!/^[0-9a-f]*$/i.test(text)) throw new RangeError(`"${text}" is not hexadecimal`);
      return Buffer.from(text.length % 2 === 0 ? text : `0${text}`, "hex");
    case "utf8":
    case "utf-8":
      return Buffer.from(text);
    case "base64":
      return Buffer.from(text, "base64");
    case "binary":
      if (!/^[01]*$/.test(text)) throw new RangeError(`"${text}" is not binary`);
      return Buffer.from(
        (text.padStart(Math.ceil(text.length / 8) * 8, "0").match(/.{8}/g) ?? []).map((byte) =>
          Number.parseInt(byte, 2),
        ),
      );
  }
  throw new RangeError(`"${notation}" is no notation of bytes`);
}

/** FROM_VARBYTE: bytes, given in hexadecimal, in a notation. @throws RangeError */
export function fromBytes(hex: string, notation: string): string {
  const bytes = Buffer.from(hex, "hex");
  switch (notation.toLowerCase()) {
    case "hex":
      return hex.toLowerCase();
    case "utf8":
    case "utf-8":
      return bytes.toString("utf8");
    case "base64":
      return bytes.toString("base64");
    case "binary":
      return [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  }
  throw new RangeError(`"${notation}" is no notation of bytes`);
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  return parsed(text) !== undefined;
}

/** A text's JSON in an object of its own, so that `null` is told from what is none. */
export function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The elements of a JSON array. @returns undefined where that is wanted for what is none. @throws RangeError */
export function jsonArray(text: string, lenient: boolean): readonly unknown[] | undefined {
  const json = parsed(text);
  if (json !== undefined && Array.isArray(json.value)) return json.value as unknown[];
  if (lenient) return undefined;
  throw new RangeError(`invalid json array object ${text}`);
}

/** A value inside of JSON as text: a scalar as it is, all else as JSON. */
export function jsonText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
