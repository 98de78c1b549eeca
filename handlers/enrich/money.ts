import type { CanonicalEvent, Json } from "../event/event";
import { currencies, currencyOfSymbol } from "../event/iso/currencies";
import { type Additions, type FittedAdditions, NOTHING } from "./additions";

/** Money that stands in the properties as the collector does not read it: with a symbol, or grouped digits. */
export function addMoney({ revenue, currency, properties }: CanonicalEvent): Additions | FittedAdditions {
  if (properties?.revenue === undefined || (revenue !== undefined && currency !== undefined)) return NOTHING;
  const money = moneyOf(properties.revenue);
  if (money === undefined) return NOTHING;
  return { revenue: money.amount, currency: currencyOf(properties.currency) ?? money.currency };
}

/** An amount, and the currency where it is written with it. */
interface Money {
  /** Plain decimal digits. */
  readonly amount: string;
  readonly currency: string | undefined;
}

/**
 * Reads an amount of money.
 * @returns undefined for what is none, and where it cannot be told what a separator means.
 */
export function moneyOf(value: Json | undefined): Money | undefined {
  if (typeof value === "number") return { amount: String(value), currency: undefined };
  if (typeof value !== "string" || value.length > 40) return undefined;
  const match = /^([^\d.,]*?)\s*([\d.,'’\s]*\d)\s*([^\d.,]*)$/.exec(value.trim());
  if (match === null) return undefined;
  const [, before = "", digits = "", after = ""] = match;
  const { sign, words } = signOf(before, after);
  const names = words.map((word) => currencyOf(word));
  if (names.length > 1 || (names.length === 1 && names[0] === undefined && !isDollar(words[0])))
    return undefined;
  const amount = decimalOf(digits.replace(/[\s'’]/g, ""));
  return amount === undefined ? undefined : { amount: `${sign}${amount}`, currency: names[0] };
}

/** A minus before or after, or the parentheses of bookkeeping; what is left of the words around the digits. */
function signOf(before: string, after: string): { readonly sign: "" | "-"; readonly words: string[] } {
  const negative = /[-−]/.test(`${before}${after}`) || (before.includes("(") && after.includes(")"));
  const words = [before, after]
    .map((text) => text.replace(/[-−+()]/g, "").trim())
    .filter((text) => text !== "");
  return { sign: negative ? "-" : "", words };
}

/** The dollar's sign, which a score of currencies share: an amount, but of which one is not said. */
function isDollar(word: string | undefined): boolean {
  return word === "$";
}

/** Plain digits of what may be grouped: the last separator is the point, unless all of one kind group thousands. */
function decimalOf(text: string): string | undefined {
  const separators = [...text.replace(/\d/g, "")];
  const last = separators.at(-1);
  if (last === undefined) return text;
  const kinds = new Set(separators);
  const groups = text.split(last);
  // 1,234 and 1.234.567: as thousands are grouped. A single point with three digits behind it is read as in JSON.
  const grouped =
    /^\d{1,3}$/.test(groups[0] ?? "") && groups.slice(1).every((group) => /^\d{3}$/.test(group));
  if (kinds.size === 1 && separators.length > 1) return grouped ? groups.join("") : undefined;
  if (kinds.size === 1 && last === "," && grouped) return groups.join("");
  const at = text.lastIndexOf(last);
  const whole = text.slice(0, at);
  const [other] = [...kinds].filter((kind) => kind !== last);
  const parts = other === undefined ? [whole] : whole.split(other);
  const isGrouped =
    parts.length === 1 ||
    (/^\d{1,3}$/.test(parts[0] ?? "") && parts.slice(1).every((part) => /^\d{3}$/.test(part)));
  if (whole.includes(last) || !isGrouped) return undefined;
  return `${parts.join("") || "0"}.${text.slice(at + 1)}`;
}

/** The code of a currency by its code, in any case, or its symbol. */
function currencyOf(value: Json | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  const code = value.trim().toUpperCase();
  return currencies.has(code) ? code : currencyOfSymbol.get(value.trim());
}
