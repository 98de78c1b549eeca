import { main } from "../../../cli/main";

describe("npm run torture", () => {
  let said: string[];
  beforeEach(() => {
    said = [];
    jest.spyOn(console, "error").mockImplementation((text: string) => void said.push(text));
    jest.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [["--rounds", "0"], '--rounds must be a whole number from 1, got "0"'],
    [["--seed", "x"], '--seed must be a whole number from 0 to 4294967295, got "x"'],
    [["--fault", "s3:PutObject"], "--fault: a fault must be <service>:<operation>"],
    [["--fault", "s3:PutObject=throttle", "--for", "1h"], "--for must be a time such as 30s or 10m"],
    [["--for", "30s"], "--for says how long the faults of --fault are set: name one"],
    [["--env", "prod"], "npm run torture works on the local environment alone"],
  ])("%s is refused, and it says why", async (args, expected) => {
    expect(await main(["torture", ...args])).toBe(1);
    expect(said.join("\n")).toContain(expected);
  });

  it("explains how faults are written", async () => {
    expect(await main(["torture", "--help"])).toBe(0);
    for (const part of ["--fault FAULT", "throttle", "lambda:environment", "@<rate>"])
      expect(said.join("\n")).toContain(part);
  });
});
