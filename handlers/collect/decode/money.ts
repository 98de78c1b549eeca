import type { Json } from "../../event/event";
import type { RawColumns } from "./columns";

/** Fills the columns of money with what is money; what is not stays where it stood. */
export function takeMoney(amount: Json | undefined, currency: Json | undefined, raw: RawColumns): void {
  if (typeof amount === "number" || (typeof amount === "string" && /^[+-]?\d+(\.\d+)?$/.test(amount)))
    raw.revenue = amount;
  if (typeof currency === "string" && /^[a-z]{3}$/i.test(currency)) raw.currency = currency.toUpperCase();
}
