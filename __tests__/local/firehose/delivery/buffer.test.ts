import { SegmentWriter } from "../../../../local/firehose/delivery/journal";
import { Bench, until } from "../fakes";

let bench: Bench;

beforeEach(async () => {
  bench = new Bench();
  await bench.create();
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bench.remove();
});

test("lets puts that arrive during a sync share the next one", async () => {
  const append = jest.spyOn(SegmentWriter.prototype, "append");
  await Promise.all(Array.from({ length: 50 }, (_, index) => bench.put(`${index} `)));
  expect(append.mock.calls.map(([entries]) => entries.length)).toEqual([1, 49]);
});

test("acknowledges nothing, and keeps nothing, while the disk fails", async () => {
  await bench.put("before");
  jest.spyOn(SegmentWriter.prototype, "append").mockRejectedValueOnce(new Error("ENOSPC"));
  await expect(bench.put("refused")).rejects.toMatchObject({
    code: "ServiceUnavailableException",
    status: 503,
  });
  await bench.put("after");
  bench.clock.advance(300_000);
  await until(() => bench.objects.objects.length === 1);
  expect(bench.objects.text).toBe("beforeafter");
});

test("acknowledges nothing once it stops", async () => {
  await bench.firehose.stop();
  await expect(bench.put("late")).rejects.toMatchObject({ code: "ServiceUnavailableException" });
});
