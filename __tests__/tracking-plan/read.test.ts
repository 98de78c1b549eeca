import { join } from "node:path";
import { PlanError, readPlan, readSoundPlan, shownProblem } from "../../tracking-plan/build/read";
import { eventFile, planFolder, propertiesOf } from "../support/plan-folder";

const problemsOf = (content: unknown) =>
  readPlan(planFolder({ "e.json": content })).problems.map(shownProblem);
const any = { 1: propertiesOf({}) };

describe("the plan's files", () => {
  it("are read, with what they leave out", () => {
    const root = planFolder({
      "b.json": eventFile("B", { 2: {}, 10: {}, 1: {} }),
      "a.json": eventFile("A", any, { mode: "reject", type: "screen" }),
      "plan.lock.json": {},
      "notes.txt": "not the plan's",
    });
    expect(readSoundPlan(root)).toMatchObject([
      { event: "A", type: "screen", mode: "reject", file: "tracking-plan/a.json", numbers: [1] },
      { event: "B", type: "track", mode: "flag", numbers: [10, 2, 1] },
    ]);
  });

  it("of the project are sound", () => {
    expect(readPlan(join(__dirname, "..", "..")).problems).toEqual([]);
  });

  it.each([
    ["what is no JSON", "{", /^tracking-plan\/e\.json# must be JSON: /],
    ["what is no object", [], "tracking-plan/e.json# must be object, got array"],
    [
      "a missing owner",
      { event: "E", description: "x", versions: any },
      "tracking-plan/e.json#/owner must be there",
    ],
    [
      "a member that the format does not know",
      eventFile("E", any, { ownr: 1 }),
      "tracking-plan/e.json#/ownr must not be there, got 1",
    ],
    [
      "a mode that there is none of",
      eventFile("E", any, { mode: "drop" }),
      'tracking-plan/e.json#/mode must be one of "allow", "flag", "reject", got "drop"',
    ],
    ["no version", eventFile("E", {}), /#\/versions must not have fewer than 1 properties, got object/],
    ["a version that is no number", eventFile("E", { "1.0": {} }), /#\/versions must match pattern/],
    [
      "a tracked event without a name",
      eventFile("", any),
      '#/event must be the name of what is tracked, got ""',
    ],
    [
      "traits with a name",
      eventFile("E", any, { type: "identify" }),
      '#/event must be empty for identify, got "E"',
    ],
    [
      "a type that there is none of",
      eventFile("E", { 1: propertiesOf({ x: { type: "text" } }) }),
      /#\/versions\/1\/properties\/properties\/x\/type must be one of "array", .*, got "text"/,
    ],
    [
      "properties that are no object",
      eventFile("E", { 1: { properties: { type: "string" } } }),
      '#/versions/1/properties/type must be "object", got "string"',
    ],
    [
      "a misspelt keyword",
      eventFile("E", { 1: propertiesOf({ x: { type: "number", minimun: 1 } }) }),
      '#/versions/1/properties/properties/x/minimun must be a keyword of JSON Schema draft-07, got "minimun"',
    ],
    [
      "a reference to elsewhere",
      eventFile("E", { 1: propertiesOf({ x: { $ref: "https://example.com/x.json" } }) }),
      /#\/versions\/1\/properties\/properties\/x\/\$ref must refer to a part of the same schema/,
    ],
    [
      "a reference to nothing",
      eventFile("E", { 1: propertiesOf({ x: { $ref: "#/definitions/x" } }) }),
      /#\/versions\/1\/properties must be a schema that can be compiled: .*#\/definitions\/x/,
    ],
    [
      "a format that there is none of",
      eventFile("E", { 1: propertiesOf({ x: { type: "string", format: "dat" } }) }),
      /#\/versions\/1\/properties must be a schema that can be compiled: unknown format "dat"/,
    ],
    [
      "an identity of its own",
      eventFile("E", { 1: propertiesOf({ x: { $id: "x" } }) }),
      '#/versions/1/properties/properties/x/$id must not be there, got "x"',
    ],
  ])("refuse %s", (_, content, message) => {
    const [first = "it takes it"] = problemsOf(content);
    if (typeof message === "string") expect(first).toContain(message);
    else expect(first).toMatch(message);
  });

  it("refuse to plan an event twice", () => {
    const root = planFolder({ "a.json": eventFile("E", any), "b.json": eventFile("E", any) });
    expect(() => readSoundPlan(root)).toThrow(PlanError);
    expect(() => readSoundPlan(root)).toThrow(
      'tracking-plan/b.json#/event must be planned once, and tracking-plan/a.json plans it too, got "E"',
    );
  });

  it("need not be there", () => {
    expect(readPlan(join(__dirname, "nowhere"))).toEqual({ events: [], problems: [] });
  });
});
