import { priceList, priceOf } from "../../../cli/prices";
import { estimateOf } from "../../../cli/replaying/estimate";
import { chunksOf, type LakeObject } from "../../../cli/replaying/lake";

const object = (key: string, sizeBytes: number, cold = false): LakeObject => ({
  key,
  etag: "e",
  sizeBytes,
  cold,
  writtenAt: "2026-11-23T00:00:00.000Z",
});

describe("chunks", () => {
  it("hold every object once, in order, none too many bytes or objects", () => {
    const objects = Array.from({ length: 500 }, (_, index) =>
      object(`raw/${String(index).padStart(3, "0")}`, (index % 7) * 1_000_000),
    );
    const chunks = chunksOf(objects);
    expect(chunks.flatMap((chunk) => chunk.objects)).toEqual(objects);
    for (const chunk of chunks) {
      expect(chunk.objects.length).toBeLessThanOrEqual(200);
      expect(chunk.objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThanOrEqual(
        8 * 1024 ** 2,
      );
    }
    expect(new Set(chunks.map(({ name }) => name)).size).toBe(chunks.length);
  });

  it("are one for an object that is larger than a chunk, and none for none", () => {
    expect(chunksOf([object("a", 1), object("b", 99_000_000), object("c", 1)])).toHaveLength(3);
    expect(chunksOf([])).toEqual([]);
  });
});

describe("an estimate", () => {
  const extent = { objects: [object("a", 1024 ** 3)], calls: 128, concurrency: 3, baseRpu: 4 };

  it("is the sum of what is billed, and grows with what is read", () => {
    const { usd, warehouse_usd, function_usd, storage_usd } = estimateOf(extent);
    expect(usd).toBeCloseTo(warehouse_usd + function_usd + storage_usd, 3);
    const twice = estimateOf({ ...extent, calls: 256, objects: [...extent.objects, ...extent.objects] });
    expect(twice.warehouse_usd).toBeCloseTo(2 * warehouse_usd, 3);
    expect(estimateOf({ ...extent, baseRpu: 8 }).warehouse_usd).toBeCloseTo(2 * warehouse_usd, 3);
  });

  it("wakes the warehouse for two minutes at least, and not at all for nothing", () => {
    const least = estimateOf({ ...extent, objects: [object("a", 100)], calls: 1 });
    expect(least.warehouse_usd).toBeCloseTo((120 / 3_600) * 4 * 0.375, 3);
    expect(estimateOf({ ...extent, objects: [], calls: 0 }).usd).toBe(0);
  });

  it("counts what cold objects cost to read", () => {
    const cold = estimateOf({ ...extent, objects: [object("a", 1024 ** 3, true)] });
    expect(cold.storage_usd - estimateOf(extent).storage_usd).toBeCloseTo(
      priceOf("s3_glacier_ir_gb_retrieved"),
      3,
    );
  });

  it("is made from prices that say when, where and by whom they were told", () => {
    expect(priceList.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(priceList.region).toBe("us-east-1");
    for (const { price, unit, source } of Object.values(priceList.prices)) {
      expect(price).toBeGreaterThan(0);
      expect(unit).not.toBe("");
      expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//);
    }
  });
});
