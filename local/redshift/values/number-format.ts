import { roman } from "./roman";

/** Marks of a number's format, beside its digits. */
interface Format {
  /** Places before the point: 9, 0, or a group separator. */
  readonly before: string;
  readonly after: string;
  readonly plain: boolean;
  readonly currency: boolean;
  readonly sign: "front" | "back" | "brackets" | "minus front" | "minus back" | "none";
}

function formatOf(format: string): Format {
  const text = format.toUpperCase();
  const body = text.replace(/^FM/, "");
  const [before = "", after = ""] = body.split(/[.D]/);
  const digits = (part: string): string => part.replace(/[^09G,]/g, "");
  return {
    before: digits(before),
    after: digits(after),
    plain: text.startsWith("FM"),
    currency: /[$L]/.test(body),
    sign: body.includes("PR")
      ? "brackets"
      : /^[$L ]*S/.test(body)
        ? "front"
        : body.includes("S")
          ? "back"
          : /^MI/.test(body)
            ? "minus front"
            : body.includes("MI")
              ? "minus back"
              : "none",
  };
}

/**
 * TO_CHAR of a number.
 * @param number in decimal notation.
 * @see https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_formating.html
 */
export function formatNumber(number: string, format: string): string {
  const body = format.replace(/^FM/i, "");
  if (/^rn$/i.test(body)) {
    const whole = Math.round(Math.abs(Number(number)));
    const numeral = whole < 1 || whole > 3999 ? "#".repeat(15) : roman(whole);
    const cased = body === "rn" ? numeral.toLowerCase() : numeral;
    return /^FM/i.test(format) ? cased : cased.padStart(15);
  }
  const { before, after, plain, currency, sign } = formatOf(format);
  const places = after.length;
  const [whole = "0", fraction = ""] = rounded(number.replace("-", ""), places).split(".");
  const negative = number.startsWith("-") && /[1-9]/.test(whole + fraction);
  const width = before.replace(/[G,]/g, "").length;
  const shown = whole === "0" && width > 0 && !before.includes("0") && places > 0 ? "" : whole;
  if (whole !== "0" && whole.length > width) return overflow(before, places);
  let written = grouped(shown.padStart(zeros(before), "0"), before, plain);
  if (places > 0) written += `.${plain ? fraction.replace(/0+$/, "") : fraction}`;
  return signed(written, negative, { before, after, plain, currency, sign });
}

/** Rounded half away from zero to so many digits behind the point. */
function rounded(number: string, places: number): string {
  const [whole = "0", fraction = ""] = (
    /e/i.test(number) ? Number(number).toFixed(places + 2) : number
  ).split(".");
  const units = BigInt(whole + fraction.padEnd(places + 1, "0").slice(0, places + 1));
  const up = (units + 5n) / 10n;
  const digits = String(up).padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** How many digits are always written: from the first 0 on. */
function zeros(before: string): number {
  const first = before.indexOf("0");
  return first < 0 ? 0 : before.slice(first).replace(/[G,]/g, "").length;
}

function grouped(digits: string, before: string, plain: boolean): string {
  let out = "";
  let left = digits.length;
  for (const place of [...before].reverse()) {
    if (place === "G" || place === ",") out = (left > 0 ? "," : " ") + out;
    else if (left > 0) {
      left--;
      out = (digits[left] ?? "") + out;
    } else out = ` ${out}`;
  }
  return plain ? out.trim() : out;
}

function signed(written: string, negative: boolean, { plain, currency, sign }: Format): string {
  const digits = written.trimStart();
  const blank = plain ? "" : written.slice(0, written.length - digits.length);
  const money = currency ? "$" : "";
  const space = plain ? "" : " ";
  switch (sign) {
    case "brackets":
      return `${money}${blank}${negative ? `<${digits}>` : `${space}${digits}${space}`}`;
    case "front":
      return `${money}${blank}${negative ? "-" : "+"}${digits}`;
    case "back":
      return `${blank}${money}${digits}${negative ? "-" : "+"}`;
    case "minus front":
      return `${negative ? "-" : space}${money}${blank}${digits}`;
    case "minus back":
      return `${blank}${money}${digits}${negative ? "-" : space}`;
    case "none":
      return currency
        ? `${negative ? "-" : ""}${money}${negative ? "" : space}${blank}${digits}`
        : `${blank}${negative ? "-" : space}${digits}`;
  }
}

function overflow(before: string, places: number): string {
  return `${" "}${before.replace(/[09]/g, "#").replace(/G/g, ",")}${places > 0 ? `.${"#".repeat(places)}` : ""}`;
}

/**
 * TO_NUMBER: a text that is written in a format.
 * @returns the number in decimal notation.
 * @throws RangeError for what is none.
 */
export function parseNumber(text: string, format: string): string {
  const negative = /-/.test(text) || (/PR/i.test(format) && /^\s*<.*>\s*$/.test(text));
  const digits = text.replace(/[^0-9.]/g, "");
  const [whole = "", fraction = ""] = digits.split(".");
  const places = formatOf(format).after.length;
  if (whole === "" && fraction === "")
    throw new RangeError(`invalid input syntax for type numeric: "${text}"`);
  return `${negative ? "-" : ""}${whole === "" ? "0" : whole}${places > 0 ? `.${fraction.slice(0, places)}` : ""}`;
}
