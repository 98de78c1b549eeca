import { join } from "node:path";
import { caseNames, chosen, loadCases } from "../../../bench/harness/cases";

const fixtures = join(__dirname, "fixtures");

describe("cases", () => {
  it("are the files of the groups' folders, but for what a group shares", () => {
    expect(caseNames(fixtures)).toEqual(["group/quick", "group/strange"]);
  });

  it("are loaded from their files; a file without one is named", async () => {
    const [loaded] = await loadCases(["group/quick"], fixtures);
    expect(loaded).toMatchObject({ name: "group/quick", case: { unit: "times/s" } });
    await expect(loadCases(["group/strange"], fixtures)).rejects.toThrow("bench/group/strange.ts must have");
  });

  it("are chosen by group, by name, or by the beginning of a name", () => {
    const names = ["collect/access-log", "local-aws/firehose", "local-aws/function-url"];
    expect(chosen(names, undefined)).toEqual(names);
    expect(chosen(names, "local-aws")).toEqual(names.slice(1));
    expect(chosen(names, "local-aws/function-url")).toEqual(names.slice(2));
    expect(chosen(names, "nothing")).toEqual([]);
  });

  it("of the project all have a summary that says what their limit is", async () => {
    const cases = await loadCases(caseNames());
    expect(cases.length).toBeGreaterThan(5);
    for (const { name, case: listed } of cases)
      expect([name, /limit/.test(listed.summary)]).toEqual([name, true]);
  });
});
