import type { Json } from "../../event/event";
import { currencies } from "../../event/iso/currencies";
import type { RawColumns } from "./columns";

/** Fills the columns of money with what is money; what is not stays where it stood. */
export function takeMoney(amount: Json | undefined, currency: Json | undefined, raw: RawColumns): void {
  if (typeof amount === "number" || (typeof amount === "string" && /^[+-]?\d+(\.\d+)?$/.test(amount)))
    raw.revenue = amount;
  const code = typeof currency === "string" ? currency.toUpperCase() : "";
  if (currencies.has(code)) raw.currency = code;
}
