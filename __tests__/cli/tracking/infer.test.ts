import { inferEvent } from "../../../cli/tracking/infer";
import { inferAsked, proposal, writeProposals } from "../../../cli/tracking/propose";
import { type PlanEvent, readSoundPlan } from "../../../tracking-plan/build/read";
import { eventFile, planFolder, propertiesOf } from "../../support/plan-folder";

const observed = (properties: readonly unknown[], event = "Bought") => ({
  type: "track" as const,
  event,
  properties,
  from: "2026-11-01 10:00:00",
  until: "2026-11-02 10:00:00",
});
const inferred = (...properties: readonly unknown[]) =>
  inferEvent(observed(properties)).versions["1"]?.properties;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe("what is inferred of an event", () => {
  it("has the types that were seen, and requires what was always there", () => {
    expect(inferred({ a: 1, b: "x", c: true, d: null }, { a: 1.5, b: "y", c: null, e: [1, "x"] })).toEqual({
      type: "object",
      required: ["a", "b", "c"],
      properties: {
        a: { type: "number" },
        b: { type: "string" },
        c: { type: ["boolean", "null"] },
        d: { type: "null" },
        e: { type: "array", items: { type: ["integer", "string"] } },
      },
    });
  });

  it("looks into objects", () => {
    expect(inferred({ o: { p: 1 } }, { o: { p: 2, q: 3 } })).toEqual({
      type: "object",
      required: ["o"],
      properties: {
        o: {
          type: "object",
          required: ["p"],
          properties: { p: { type: "integer" }, q: { type: "integer" } },
        },
      },
    });
  });

  it("lists texts that are few and frequent, and no others", () => {
    const few = times(20, (index) => ({ size: index % 2 ? "S" : "M" }));
    expect(inferred(...few)).toMatchObject({ properties: { size: { type: "string", enum: ["M", "S"] } } });
    expect(inferred(...few.slice(1))).toMatchObject({ properties: { size: { type: "string" } } });
    const many = inferred(...times(200, (index) => ({ id: `id ${index % 11}` }))) as {
      properties: { id: object };
    };
    expect(many.properties.id).toEqual({ type: "string" });
  });

  it("takes an object with very many names for a map", () => {
    const map = Object.fromEntries(times(101, (index) => [`k${index}`, 1]));
    expect(inferred({ map })).toMatchObject({ properties: { map: { type: "object" } } });
  });

  it("of nothing is an object", () => {
    expect(inferred({}, {})).toEqual({ type: "object", properties: {} });
  });

  it("is a file that the plan takes, and that the events keep to", () => {
    const root = planFolder({ "bought.json": inferEvent(observed([{ a: [{ b: 1 }, { c: null }] }])) });
    expect(readSoundPlan(root)).toMatchObject([{ event: "Bought", numbers: [1] }]);
  });
});

describe("proposals", () => {
  const planned: readonly PlanEvent[] = readSoundPlan(
    planFolder({ "b.json": eventFile("Bought", { 4: propertiesOf({}) }, { mode: "reject" }) }),
  );

  it("of what is planned are its next version", () => {
    expect(proposal(observed([{ a: 1 }]), planned)).toMatchObject({
      owner: "a team",
      mode: "reject",
      versions: { 4: propertiesOf({}), 5: { properties: { required: ["a"] } } },
    });
  });

  it("are files by the names of their events, and none is written over", () => {
    const root = planFolder({ "b.json": eventFile("B", { 1: {} }) });
    const proposals = [inferEvent(observed([{}], "Größe: gewählt!")), inferEvent(observed([{}], "A"))];
    expect(writeProposals(root, "tracking-plan", proposals)).toEqual([
      "tracking-plan/größe-gewählt.json",
      "tracking-plan/a.json",
    ]);
    expect(readSoundPlan(root)).toHaveLength(3);
    expect(() => writeProposals(root, "tracking-plan", proposals.slice(1))).toThrow(
      "tracking-plan/a.json would be written over",
    );
    expect(() => writeProposals(root, "nowhere", proposals)).toThrow("There is no folder nowhere");
  });

  it("are asked for within bounds", () => {
    const now = new Date("2026-11-30T00:00:00.000Z");
    expect(inferAsked({}, planned, now)).toEqual({
      type: "track",
      events: [],
      except: ["Bought"],
      since: "2026-10-31T00:00:00.000Z",
      sample: 5_000,
    });
    expect(inferAsked({ type: "page", since: "2026-11-01" }, planned, now)).toMatchObject({
      except: [],
      since: "2026-11-01T00:00:00.000Z",
    });
    for (const [option, value] of [
      ["type", "alias"],
      ["since", "yesterday"],
      ["sample", "0"],
      ["sample", "1.5"],
      ["source", ""],
    ] as const)
      expect(() => inferAsked({ [option]: value }, planned, now)).toThrow(`--${option} must`);
  });
});
