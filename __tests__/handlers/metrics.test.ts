import { Metrics } from "../../handlers/metrics";

describe("metrics", () => {
  const lines: string[] = [];
  const metrics = (everyMs: number) => new Metrics<"a" | "b">("collect", everyMs, (line) => lines.push(line));
  beforeEach(() => lines.splice(0));

  it("are one line in CloudWatch's embedded format", () => {
    const counts = metrics(0);
    counts.add({ a: 1, b: 0 });
    counts.add({ a: 2 });
    counts.flush(1_793_527_200_000);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/\n$/);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      _aws: {
        Timestamp: 1_793_527_200_000,
        CloudWatchMetrics: [
          { Namespace: "Clickstream", Dimensions: [["handler"]], Metrics: [{ Name: "a", Unit: "Count" }] },
        ],
      },
      handler: "collect",
      a: 3,
    });
  });

  it("are summed up between lines", () => {
    const counts = metrics(10_000);
    for (const now of [0, 4_000, 9_999, 10_000, 12_000]) {
      counts.add({ a: 1 });
      counts.flush(now);
    }
    expect(lines.map((line) => JSON.parse(line).a)).toEqual([1, 3]);
  });

  it("say nothing when nothing was counted", () => {
    const counts = metrics(0);
    counts.add({ a: 0 });
    counts.flush(0);
    expect(lines).toEqual([]);
  });
});
