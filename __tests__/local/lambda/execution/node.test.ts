import { runtimeNode } from "../../../../local/lambda/execution/node";

test("is this process's own Node when that is of the runtime's major version", () => {
  const warn = jest.fn();
  expect(runtimeNode(warn, "linux-x64", "22.1.0")).toBe(process.execPath);
  expect(warn).not.toHaveBeenCalled();
});

test("falls back to this process's Node with one clear warning", () => {
  const warn = jest.fn();
  expect(runtimeNode(warn, "sunos-sparc", "20.20.2")).toBe(process.execPath);
  expect(warn.mock.calls).toEqual([
    ["functions run on Node 20.20.2, but Lambda's runtime is Node 22: no package has it for sunos-sparc"],
  ]);
});
