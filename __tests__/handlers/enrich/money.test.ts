import { currencies } from "../../../handlers/event/iso/currencies";
import { enriched } from "./events";

const none = undefined;

describe("money", () => {
  it.each([
    ["$1,234.56", none, ["1234.56", none]],
    ["US$ 1,234.56", none, ["1234.56", "USD"]],
    ["€ 1.234,50", none, ["1234.50", "EUR"]],
    ["1.234,50 €", none, ["1234.50", "EUR"]],
    ["1 234,50 €", none, ["1234.50", "EUR"]],
    ["1 234,50 EUR", none, ["1234.50", "EUR"]],
    ["CHF 1'234.50", none, ["1234.50", "CHF"]],
    ["usd 12", none, ["12", "USD"]],
    ["12,5", "EUR", ["12.5", "EUR"]],
    ["12,50", "€", ["12.50", "EUR"]],
    ["1,234", "usd", ["1234", "USD"]],
    ["1,234,567.891", none, ["1234567.891", none]],
    ["1.234.567", none, ["1234567", none]],
    ["12,34,567.00", "INR", [none, none]],
    [".5", none, ["0.5", none]],
    ["-€5.00", none, ["-5.00", "EUR"]],
    ["(5.00)", none, ["-5.00", none]],
    ["5.00-", none, ["-5.00", none]],
    ["£9.99", none, ["9.99", "GBP"]],
    ["99 zł", none, ["99", "PLN"]],
    [12.5, "EUR", ["12.5", "EUR"]],
    [12.5, "points", ["12.5", none]],
    ["12 points", none, [none, none]],
    ["about 12", none, [none, none]],
    ["1.2.3", none, [none, none]],
    ["1,23,4", none, [none, none]],
    ["free", none, [none, none]],
    ["", none, [none, none]],
    [null, none, [none, none]],
    [["12"], none, [none, none]],
    ["9".repeat(30), none, [none, none]],
  ])("%j in %j", (revenue, currency, expected) => {
    const properties = currency === undefined ? { revenue } : { revenue, currency };
    expect(enriched({ properties }, ["revenue", "currency"])).toEqual(expected);
  });

  it("that was sent stays, and is completed", () => {
    const properties = { revenue: "€ 12,50" };
    expect(enriched({ revenue: "12.5000", properties }, ["revenue", "currency"])).toEqual(["12.5000", "EUR"]);
    expect(enriched({ currency: "USD", properties }, ["revenue", "currency"])).toEqual(["12.50", "USD"]);
    expect(enriched({ properties: { price: "€ 12,50" } }, ["revenue", "currency"])).toEqual([none, none]);
  });

  it("is of currencies that Unicode knows too", () => {
    // Those that Node's own list leaves out: units of account, and what came or went lately.
    const ours = ["CLF", "MXV", "UYW", "VED", "XCG", "ZWG", "SLE"];
    const known = new Set([...Intl.supportedValuesOf("currency"), ...ours]);
    expect([...currencies].filter((code) => !known.has(code))).toEqual([]);
  });
});
