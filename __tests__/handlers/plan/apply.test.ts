import { FittedAdditions } from "../../../handlers/enrich/additions";
import type { ColumnType } from "../../../handlers/event/columns";
import type { CanonicalEvent } from "../../../handlers/event/event";
import type { PromotedColumn } from "../../../handlers/event/promoted";
import { applyPlan } from "../../../handlers/plan/apply";
import { promotedOf, promotionsOf } from "../../../handlers/plan/promote";
import { shippedPlan } from "../../support/plan";

const rules = { plan: shippedPlan(), policies: {} };

const order = (properties: object, more: object = {}): CanonicalEvent =>
  ({
    event_id: "e",
    event_type: "track",
    event_name: "Order Completed",
    source: "web",
    properties,
    ...more,
  }) as CanonicalEvent;

describe("the plan, applied to an event", () => {
  const added = (event: CanonicalEvent, policies = {}) => {
    const planned = applyPlan(event, { ...rules, policies });
    if ("rejection" in planned) return planned;
    const { additions, flagged } = planned;
    return { row: additions.row, cut: additions.cut, flagged };
  };

  it("fills the columns that it promotes, and says which version was kept to", () => {
    const given = order({ order_id: "o-1", revenue: 5, currency: "EUR" });
    const before = structuredClone(given);
    expect(added(given)).toEqual({ row: { order_id: "o-1", plan_version: 2 }, cut: [], flagged: false });
    expect(given).toEqual(before);
    expect(added(order({ revenue: 5 }))).toEqual({ row: { plan_version: 1 }, cut: [], flagged: false });
  });

  it("notes what breaks it", () => {
    expect(added(order({ revenue: "5" }))).toEqual({
      row: {
        plan_version: 2,
        violations: expect.arrayContaining([
          { path: "/properties/revenue", must: "be number", got: '"5"' },
          { path: "/properties/order_id", must: "be there" },
        ]),
      },
      cut: [],
      flagged: true,
    });
  });

  it("says in the rejection what was wrong", () => {
    expect(added(order({ revenue: "5" }), { web: { violations: "reject" } })).toEqual({
      rejection: {
        reason: "breaks_plan",
        detail: expect.stringContaining('/properties/revenue must be number, got "5"'),
      },
    });
  });

  it("adds nothing to what it has no word on", () => {
    expect(added(order({}, { event_name: "Other" }))).toEqual({ row: {}, cut: [], flagged: false });
  });

  it("names what was cut to fit its column", () => {
    expect(added(order({ order_id: "x".repeat(300) }))).toMatchObject({
      row: { order_id: "x".repeat(256) },
      cut: ["order_id"],
    });
  });
});

describe("promoted columns", () => {
  const from = (path: readonly string[], type: ColumnType): PromotedColumn => ({
    type,
    from: "plan",
    privacy: "none",
    meaning: "",
    of: { type: "track", event: "Order Completed", path },
  });
  const promotions = promotionsOf({
    deep: from(["a", "b"], { kind: "integer" }),
    price: from(["price"], { kind: "decimal", precision: 18, scale: 4 }),
  });

  it.each([
    [
      { a: { b: 5 }, price: 1.5 },
      { deep: 5, price: 1.5 },
    ],
    [{ a: [5] }, undefined],
    [{ a: null, price: null }, undefined],
    [{ constructor: 1 }, undefined],
  ])("of %j are %j", (properties, row) => {
    expect(promotedOf(order(properties), promotions)).toEqual(row);
  });

  it("are those of their own event alone", () => {
    expect(promotedOf(order({ price: 1 }, { event_name: "Other" }), promotions)).toBeUndefined();
    expect(promotedOf(order({ price: 1 }, { event_type: "page" }), promotions)).toBeUndefined();
  });

  it("of times are written as the warehouse reads them", () => {
    const { json } = FittedAdditions.fit({ sent_at: "2026-11-01T10:00:00Z" });
    expect(json).toBe(',"sent_at":"2026-11-01 10:00:00.000"');
  });
});
