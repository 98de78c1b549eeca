import { FittedAdditions } from "../../../handlers/enrich/additions";
import type { ColumnType } from "../../../handlers/event/columns";
import type { CanonicalEvent } from "../../../handlers/event/event";
import { type PromotedColumn, promotedColumns } from "../../../handlers/event/promoted";
import { applyPlan } from "../../../handlers/plan/apply";
import type { PlanPolicies } from "../../../handlers/plan/plan";
import { promotedOf, promotionsOf } from "../../../handlers/plan/promote";
import { boughtPlan } from "./bought";

const event = (properties: object, more: object = {}): CanonicalEvent =>
  ({
    event_id: "e",
    event_type: "track",
    event_name: "Bought",
    source: "web",
    properties,
    ...more,
  }) as CanonicalEvent;

const added = (given: CanonicalEvent, policies: PlanPolicies = {}) => {
  const planned = applyPlan(given, { plan: boughtPlan, policies });
  if ("rejection" in planned) return planned;
  const { additions, flagged } = planned;
  return { row: additions.row, cut: additions.cut, flagged };
};

describe("the plan, applied to an event", () => {
  it("says which version was kept to", () => {
    const given = event({ order: "o-1", price: 5 });
    const before = structuredClone(given);
    expect(added(given)).toEqual({ row: { plan_version: 2 }, cut: [], flagged: false });
    expect(given).toEqual(before);
    expect(added(event({ price: 5 }))).toEqual({ row: { plan_version: 1 }, cut: [], flagged: false });
  });

  it("notes what breaks it", () => {
    expect(added(event({ price: "5" }))).toEqual({
      row: {
        plan_version: 2,
        violations: [
          { path: "/properties/order", must: "be there" },
          { path: "/properties/price", must: "be number", got: '"5"' },
        ],
      },
      cut: [],
      flagged: true,
    });
  });

  it("says in the rejection what was wrong", () => {
    expect(added(event({ price: "5" }), { web: { violations: "reject" } })).toEqual({
      rejection: {
        reason: "breaks_plan",
        detail: '/properties/order must be there; /properties/price must be number, got "5"',
      },
    });
  });

  it("adds nothing to what it has no word on", () => {
    expect(added(event({}, { event_name: "Other" }))).toEqual({ row: {}, cut: [], flagged: false });
  });
});

/** Properties with a value at the end of a path. */
const propertiesWith = (path: readonly string[], value: unknown): object =>
  path.reduceRight<unknown>((inside, name) => ({ [name]: inside }), value) as object;

const values: Readonly<Record<ColumnType["kind"], unknown>> = {
  varchar: "x",
  timestamp: "2026-11-01T10:00:00.000Z",
  boolean: true,
  integer: 5,
  decimal: 1.5,
  super: {},
};

describe("promoted columns", () => {
  it("of the project are filled, each from its property, and named when they were cut", () => {
    for (const [name, { of, type }] of Object.entries<PromotedColumn>(promotedColumns)) {
      const named = { event_type: of.type, event_name: of.event };
      const filled = added(event(propertiesWith(of.path, values[type.kind]), named));
      expect(filled).toMatchObject({ row: { [name]: expect.anything() }, cut: [] });
      if (type.kind !== "varchar") continue;
      const long = added(event(propertiesWith(of.path, "x".repeat(70_000)), named));
      expect(long).toMatchObject({ row: { [name]: "x".repeat(type.bytes) }, cut: [name] });
    }
  });

  const from = (path: readonly string[], type: ColumnType): PromotedColumn => ({
    type,
    from: "plan",
    privacy: "none",
    meaning: "",
    of: { type: "track", event: "Bought", path },
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
    expect(promotedOf(event(properties), promotions)).toEqual(row);
  });

  it("are those of their own event alone", () => {
    expect(promotedOf(event({ price: 1 }, { event_name: "Other" }), promotions)).toBeUndefined();
    expect(promotedOf(event({ price: 1 }, { event_type: "page" }), promotions)).toBeUndefined();
  });

  it("of times are written as the warehouse reads them", () => {
    const { json } = FittedAdditions.fit({ sent_at: "2026-11-01T10:00:00Z" });
    expect(json).toBe(',"sent_at":"2026-11-01 10:00:00.000"');
  });
});
