import { Faults } from "../../../local/faults/keeper";

const call = (operation: string, ...resources: string[]) => ({ service: "dynamodb", operation, resources });

function strikes(faults: Faults, calls: number, operation = "PutItem"): boolean[] {
  return Array.from({ length: calls }, () => faults.draw(call(operation)) !== undefined);
}

describe("the faults that are set", () => {
  it("are none at first, and nothing strikes", () => {
    const faults = new Faults();
    expect(faults.list.faults).toEqual([]);
    expect(faults.draw(call("PutItem"))).toBeUndefined();
  });

  it("strike the next calls, or those of certain numbers, and no other operation", () => {
    const faults = new Faults();
    faults.set(["dynamodb:PutItem=throttle#2", "dynamodb:GetItem=error#2..3"]);
    expect(strikes(faults, 4)).toEqual([true, true, false, false]);
    expect(strikes(faults, 4, "GetItem")).toEqual([false, true, true, false]);
    expect(strikes(faults, 1, "Query")).toEqual([false]);
    expect(faults.list.faults).toMatchObject([
      { id: 1, fault: "dynamodb:PutItem=throttle#2", seen: 4, struck: 2 },
      { id: 2, fault: "dynamodb:GetItem=error#2..3", seen: 4, struck: 2 },
    ]);
  });

  it("strike at about their rate, and at the same calls for the same seed", () => {
    const run = (seed: number): boolean[] => {
      const faults = new Faults();
      faults.set(["dynamodb:PutItem=throttle@0.3"], seed);
      return strikes(faults, 1_000);
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    const struck = run(1).filter(Boolean).length;
    expect(struck).toBeGreaterThan(250);
    expect(struck).toBeLessThan(350);
  });

  it("strike only the resource that they name: by its name or the name's end", () => {
    const faults = new Faults();
    faults.set(["dynamodb:PutItem/events=throttle"]);
    expect(faults.draw(call("PutItem", "events"))).toBeDefined();
    expect(faults.draw(call("PutItem", "clickstream-local-events"))).toBeDefined();
    expect(faults.draw(call("PutItem", "failedevents"))).toBeUndefined();
    expect(faults.draw(call("PutItem"))).toBeUndefined();
  });

  it("on any operation strike those of the API, and nothing that the service does by itself", () => {
    const faults = new Faults();
    faults.set(["lambda:*=throttle"]);
    expect(faults.draw({ service: "lambda", operation: "Invoke", resources: [] })).toBeDefined();
    expect(faults.draw({ service: "lambda", operation: "batch", resources: [] })).toBeUndefined();
  });

  it("are set all or not at all", () => {
    const faults = new Faults();
    expect(faults.set(["dynamodb:PutItem=throttle", "dynamodb:PutItem=explode"])).toContain("explode");
    expect(faults.list.faults).toEqual([]);
  });

  it("are cleared one by one or together", () => {
    const faults = new Faults();
    faults.set(["dynamodb:PutItem=throttle", "dynamodb:GetItem=throttle", "dynamodb:Scan=throttle"]);
    expect(faults.clear(2)).toBe(1);
    expect(faults.list.faults.map(({ id }) => id)).toEqual([1, 3]);
    expect(faults.clear()).toBe(2);
    expect(strikes(faults, 2)).toEqual([false, false]);
  });

  it("tell who listens of a change", async () => {
    const faults = new Faults();
    const { revision } = faults;
    let told = false;
    const change = faults.changedSince(revision, new AbortController().signal).then(() => {
      told = true;
    });
    await Promise.resolve();
    expect(told).toBe(false);
    faults.set(["dynamodb:PutItem=throttle"]);
    await change;
    expect(faults.revision).not.toBe(revision);
    await faults.changedSince(revision, new AbortController().signal); // it has changed already
  });
});
