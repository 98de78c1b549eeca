import { synthModules, watchedNames } from "../../../cli/watching/sources";

const projectRoot = `${__dirname}/../../..`;

describe("what a synth runs", () => {
  it("is the stacks and what they import of the handlers, and no more", () => {
    const modules = synthModules(projectRoot);
    expect(modules).toEqual(
      expect.arrayContaining(["main.ts", "stacks/config.ts", "handlers/event/lake.ts"]),
    );
    expect(modules.filter((path) => /node_modules|handlers\/(collect|transform)\/index/.test(path))).toEqual(
      [],
    );
  });

  it("names what is watched, as far as it is there", () => {
    expect([...watchedNames(projectRoot, ["cli/paths.ts", "nowhere/a.ts"])].sort()).toEqual([
      "cli",
      "handlers",
      "main.ts",
      "package-lock.json",
      "sql",
      "stacks",
      "tracking-plan",
      "tsconfig.json",
    ]);
  });
});
