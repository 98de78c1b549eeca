import type { CanonicalEvent } from "../../../handlers/event/event";
import { checkPlan } from "../../../handlers/plan/check";
import type { PlanPolicies } from "../../../handlers/plan/plan";
import { loadPlan } from "../../../tracking-plan/build/compile";
import { eventFile, planFolder, propertiesOf } from "../../support/plan-folder";

const price = { type: "number", minimum: 0 };
const plan = loadPlan(
  planFolder({
    "bought.json": eventFile("Bought", {
      1: propertiesOf({ price }),
      2: {
        ...propertiesOf({ price, size: { enum: ["S", "M"] }, "a/b": { type: "string" } }, ["price", "size"]),
        context: { type: "object", properties: { app: { type: "object", required: ["name"] } } },
      },
    }),
    "closed.json": eventFile("Closed", {
      1: {
        properties: {
          type: "object",
          additionalProperties: false,
          properties: { list: { type: "array", items: { $ref: "#/definitions/line" } } },
          definitions: { line: { type: "object", required: ["toString"] } },
        },
      },
    }),
    "signed.json": eventFile("Signed", { 1: propertiesOf({ plan: { const: "gold" } }) }, { mode: "reject" }),
    "ignored.json": eventFile("Ignored", { 1: propertiesOf({}, ["x"]) }, { mode: "allow" }),
    "pages.json": eventFile("", { 1: propertiesOf({ section: { type: "string" } }) }, { type: "page" }),
    "cart.json": eventFile("Cart", { 1: propertiesOf({ size: { type: "integer" } }) }, { type: "page" }),
    "traits.json": eventFile("", { 1: propertiesOf({ age: { type: "integer" } }) }, { type: "identify" }),
  }),
);

function event(event_name: string | undefined, properties?: object, more: object = {}): CanonicalEvent {
  const named = event_name === undefined ? {} : { event_name };
  return {
    event_id: "e",
    event_type: "track",
    source: "web",
    ...named,
    ...(properties && { properties }),
    ...more,
  } as CanonicalEvent;
}

const check = (given: CanonicalEvent, policies: PlanPolicies = {}) => checkPlan(given, { plan, policies });
const claiming = (event_version: unknown) => ({ context: { protocols: { event_version } } });

describe("an event that the plan names", () => {
  it("keeps to the newest version that it keeps to", () => {
    expect(check(event("Bought", { price: 1, size: "M" }))).toEqual({ version: 2, violations: [] });
    expect(check(event("Bought", { price: 1 }))).toEqual({ version: 1, violations: [] });
    expect(check(event("Bought"))).toEqual({ version: 1, violations: [] });
  });

  it("that keeps to none is told what it breaks of the newest", () => {
    expect(check(event("Bought", { price: "1", "a/b": 5 }, { context: { app: {} } }))).toEqual({
      version: 2,
      violations: [
        { path: "/properties/size", must: "be there" },
        { path: "/properties/price", must: "be number", got: '"1"' },
        { path: "/properties/a~1b", must: "be string", got: "5" },
        { path: "/context/app/name", must: "be there" },
      ],
    });
    expect(check(event("Bought", { price: -1, size: "L" })).violations).toEqual([
      { path: "/properties/price", must: "be >= 0", got: "-1" },
      { path: "/properties/size", must: 'be one of "S", "M"', got: '"L"' },
    ]);
  });

  it("is held to the version that it claims, and no other", () => {
    expect(check(event("Bought", { price: 1 }, claiming(1)))).toEqual({ version: 1, violations: [] });
    expect(check(event("Bought", { price: 1 }, claiming(2)))).toEqual({
      version: 2,
      violations: [{ path: "/properties/size", must: "be there" }],
    });
  });

  it.each([
    [3, "3"],
    ["1", '"1"'],
    [{}, "object"],
  ])("breaks the plan by claiming version %p, which there is none of", (claim, got) => {
    expect(check(event("Bought", {}, claiming(claim)))).toEqual({
      violations: [{ path: "/context/protocols/event_version", must: "be a version of the plan: 2, 1", got }],
    });
  });

  it("is told of what must not be there, and not taken in by what every object inherits", () => {
    expect(check(event("Closed", { list: [{}], more: { x: 1 } })).violations).toEqual([
      { path: "/properties/more", must: "not be there", got: "object" },
      { path: "/properties/list/0/toString", must: "be there" },
    ]);
  });

  it("is told of twenty faults at most, with short values", () => {
    const list = Array.from({ length: 50 }, () => ({}));
    expect(check(event("Closed", { list })).violations).toHaveLength(20);
    const [found] = check(event("Signed", { plan: "😀".repeat(100) })).violations;
    expect(found?.got?.length).toBeLessThan(70);
    expect(found?.got).not.toMatch(/\p{Surrogate}/u);
  });

  it("is rejected where its plan says so, and let alone where it says that", () => {
    expect(check(event("Signed", { plan: "tin" }))).toMatchObject({ version: 1, rejected: "breaks_plan" });
    expect(check(event("Signed", { plan: "gold" }))).toEqual({ version: 1, violations: [] });
    expect(check(event("Ignored"))).toEqual({ violations: [] });
  });

  it("is treated as its source wants it, whatever its plan says", () => {
    const broken = event("Bought", { price: "1" });
    expect(check(broken, { web: { violations: "reject" } }).rejected).toBe("breaks_plan");
    expect(check(broken, { server: { violations: "reject" } }).rejected).toBeUndefined();
    expect(check(broken, { web: { violations: "allow" } })).toEqual({ violations: [] });
    const { violations, rejected } = check(event("Signed", { plan: "tin" }), { web: { violations: "flag" } });
    expect([violations.length, rejected]).toEqual([1, undefined]);
  });
});

describe("an event that the plan does not name", () => {
  const unknown = event("Unknown", { any: 1 });

  it("is let alone", () => {
    expect(check(unknown)).toEqual({ violations: [] });
    expect(check(event("constructor"))).toEqual({ violations: [] });
  });

  it("is flagged or rejected where its source wants it", () => {
    const violations = [{ path: "/event_name", must: "be an event of the tracking plan", got: '"Unknown"' }];
    expect(check(unknown, { web: { unplanned: "flag" } })).toEqual({ violations });
    expect(check(unknown, { web: { unplanned: "reject" } })).toEqual({
      violations,
      rejected: "unplanned_event",
    });
  });

  it("is let alone when it is none that is tracked by name", () => {
    const screen = event(undefined, {}, { event_type: "screen" });
    expect(check(screen, { web: { unplanned: "reject" } })).toEqual({ violations: [] });
  });
});

describe("calls that are no tracked event", () => {
  it("are held to the plan of their name, else to that of their type", () => {
    const page = (name: string | undefined, properties: object) =>
      check(event(name, properties, { event_type: "page" })).violations.map(({ path }) => path);
    expect(page(undefined, { section: 1 })).toEqual(["/properties/section"]);
    expect(page("Home", { section: 1 })).toEqual(["/properties/section"]);
    expect(page("Cart", { section: 1, size: "x" })).toEqual(["/properties/size"]);
    const traits = check(event(undefined, { age: "x" }, { event_type: "identify" }));
    expect(traits.violations).toEqual([{ path: "/properties/age", must: "be integer", got: '"x"' }]);
  });
});
