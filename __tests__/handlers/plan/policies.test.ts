import { readPolicies } from "../../../handlers/plan/plan";

describe("what sources make of the plan", () => {
  it("is read", () => {
    expect(readPolicies("{}")).toEqual({});
    const policies = { web: { violations: "reject", unplanned: "flag" }, server: {} };
    expect(readPolicies(JSON.stringify(policies))).toEqual(policies);
  });

  it.each([
    ["[]", "PLAN_POLICIES must be an object, got []"],
    ['{"web":1}', "web must be an object, got 1"],
    ['{"web":{"unplaned":"flag"}}', "web may say violations and unplanned, got unplaned"],
    ['{"web":{"unplanned":"drop"}}', 'web.unplanned must be one of allow, flag, reject, got "drop"'],
  ])("refuses %s", (json, message) => {
    expect(() => readPolicies(json)).toThrow(message);
  });
});
