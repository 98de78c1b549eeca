import { type EnvironmentName, environments } from "../../stacks/config";
import { differences } from "./differences";
import { stackNames, synthesize } from "./synthesized";

/** The stacks of an environment, its name and account taken out, so that what is left is what it says. */
function anonymous(name: EnvironmentName): Record<string, unknown> {
  const environment = synthesize(name);
  return Object.fromEntries(
    stackNames.map((stack) => {
      const text = JSON.stringify(environment[stack])
        .replaceAll(environments[name].account, "<account>")
        .replaceAll(new RegExp(`(clickstream[-/])${name}(?=[-/])`, "g"), "$1<env>");
      return [stack, JSON.parse(text)];
    }),
  );
}

describe("the synthesized stacks", () => {
  const prod = anonymous("prod");

  it.each(stackNames)("of prod: %s", (stack) => {
    expect(prod[stack]).toMatchSnapshot();
  });

  it.each(["dev", "local"] as const)("of %s differ from prod's in", (name) => {
    expect(differences(prod, anonymous(name))).toMatchSnapshot();
  });
});
