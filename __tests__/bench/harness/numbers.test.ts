import { type Case, targetText } from "../../../bench/harness/case";
import { failedResult, median, resultOf } from "../../../bench/harness/numbers";

type Judged = Pick<Case, "unit" | "target">;
const rate: Judged = { unit: "MB/s", target: { of: "value", bound: "at least", is: 20 } };
const time: Judged = { unit: "s", target: { of: "value", bound: "at most", is: 45 } };
const share: Judged = { unit: "events/s", target: { of: "ratio", bound: "at least", is: 0.5 } };
const sample = (value: number, limit = 100) => ({ value, limit });

describe("numbers of a benchmark", () => {
  it("are those of the run in the middle, by what the target is asked of", () => {
    expect(resultOf("a/b", share, [sample(60, 200), sample(10, 11), sample(50)])).toMatchObject({
      value: 50,
      limit: 100,
      ratio: 0.5,
    });
    expect(resultOf("a/b", rate, [sample(50), sample(1), sample(40)])).toEqual({
      name: "a/b",
      value: 40,
      unit: "MB/s",
      limit: 100,
      ratio: 0.4,
      target: 20,
      holds: true,
    });
  });

  it.each([
    ["a rate that is reached", rate, sample(20), true],
    ["a rate that is missed", rate, sample(19.9), false],
    ["a time that is kept", time, sample(45), true],
    ["a time that is exceeded", time, sample(45.1), false],
    ["a share that is reached", share, sample(50), true],
    ["a share that is missed", share, sample(49), false],
    ["what is shown, not what the rounding took", rate, sample(19.996), true],
  ])("judge %s", (_, judged, measured, holds) => {
    expect(resultOf("a/b", judged, [measured]).holds).toBe(holds);
  });

  it("have a median of any but none", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow("no median");
    expect(() => resultOf("a/b", rate, [])).toThrow("a/b was not measured once");
  });

  it("are none for what could not be measured, which does not hold", () => {
    expect(failedResult("a/b", time)).toEqual({
      name: "a/b",
      value: null,
      unit: "s",
      limit: null,
      ratio: null,
      target: 45,
      holds: false,
    });
  });

  it("have targets that a person can read", () => {
    expect([rate, time, share].map(targetText)).toEqual(["≥ 20 MB/s", "≤ 45 s", "ratio ≥ 0.5"]);
  });
});
