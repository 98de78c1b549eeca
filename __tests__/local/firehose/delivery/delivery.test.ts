import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Bench, until } from "../fakes";

let bench: Bench;
const journalFiles = (): string[] => {
  const journals = join(bench.stateDir, "journals");
  return readdirSync(journals).flatMap((stream) => readdirSync(join(journals, stream)));
};

beforeEach(() => {
  bench = new Bench();
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bench.remove();
});

test("delivers when the interval since the first record has passed, and not before", async () => {
  await bench.create({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } });
  await bench.put("one");
  bench.clock.advance(59_000);
  await bench.put("two");
  expect(bench.objects.attempts).toBe(0);
  bench.clock.advance(1_000);
  await until(() => bench.objects.objects.length === 1);
  expect(bench.objects.text).toBe("onetwo");
  await until(() => journalFiles().length === 0);
});

test("names the object by the arrival of its oldest record", async () => {
  await bench.create({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
  await bench.put("one");
  bench.clock.advance(900_000);
  await until(() => bench.objects.objects.length === 1);
  expect(bench.objects.objects[0]?.key).toMatch(
    /^2026\/03\/04\/05\/events-1-2026-03-04-05-06-07-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
  expect(bench.objects.objects[0]?.bucket).toBe("lake");
});

test("delivers at once with an interval of 0", async () => {
  await bench.create({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } });
  await bench.put("now");
  bench.clock.advance(0);
  await until(() => bench.objects.text === "now");
});

test("delivers when the buffer is full, each object a little over its size", async () => {
  await bench.create({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } });
  const record = Buffer.alloc(300 * 1024, "x");
  await Promise.all(Array.from({ length: 8 }, () => bench.put(record)));
  await until(() => bench.objects.objects.length === 2);
  expect(bench.objects.objects.map(({ body }) => body.length)).toEqual([
    4 * record.length,
    4 * record.length,
  ]);
});

test("compresses, delimits and names what it delivers as its destination says", async () => {
  await bench.create({
    Prefix: "events/dt=!{timestamp:yyyy-MM-dd}/",
    ErrorOutputPrefix: "errors/!{firehose:error-output-type}/",
    CompressionFormat: "GZIP",
    CustomTimeZone: "Pacific/Auckland",
    EncryptionConfiguration: {
      KMSEncryptionConfig: { AWSKMSKeyARN: "arn:aws:kms:us-east-1:000000000000:key/k" },
    },
    ProcessingConfiguration: { Enabled: true, Processors: [{ Type: "AppendDelimiterToRecord" }] },
  });
  await bench.put('{"a":1}', "ü\n");
  bench.clock.advance(300_000);
  await until(() => bench.objects.objects.length === 1);
  const [object] = bench.objects.objects;
  expect(object?.key).toMatch(/^events\/dt=2026-03-04\/events-1-2026-03-04-18-06-07-.*\.gz$/);
  expect(gunzipSync(object?.body ?? "").toString()).toBe('{"a":1}\nü\n\n');
  expect(object?.kmsKeyArn).toBe("arn:aws:kms:us-east-1:000000000000:key/k");
});

test("replaces the extension with the one it is given", async () => {
  await bench.create({ CompressionFormat: "GZIP", FileExtension: ".json.gz" });
  await bench.put("{}");
  bench.clock.advance(300_000);
  await until(() => bench.objects.objects.length === 1);
  expect(bench.objects.objects[0]?.key).toMatch(/[0-9a-f]\.json\.gz$/);
});

test("retries while S3 fails, with the configuration of the moment, and loses nothing", async () => {
  await bench.create();
  bench.objects.failing = true;
  await bench.put("kept");
  bench.clock.advance(300_000);
  await until(() => bench.objects.attempts === 1 && bench.clock.pending === 1);
  await bench.call("UpdateDestination", {
    ...{ DeliveryStreamName: "events", CurrentDeliveryStreamVersionId: "1" },
    DestinationId: "destinationId-000000000001",
    ExtendedS3DestinationUpdate: { BucketARN: "arn:aws:s3:::other" },
  });
  for (let attempt = 2; attempt < 6; attempt += 1) {
    bench.clock.advance(10_000);
    await until(() => bench.objects.attempts === attempt && bench.clock.pending === 1);
  }
  bench.objects.failing = false;
  bench.clock.advance(10_000);
  await until(() => bench.objects.objects.length === 1);
  expect(bench.objects.text).toBe("kept");
  expect(bench.objects.objects[0]).toMatchObject({
    bucket: "other",
    key: expect.stringContaining("events-2-"),
  });
});

test("gives records up, and says so, only when S3 has failed for 24 hours", async () => {
  await bench.create();
  bench.objects.failing = true;
  await bench.put("lost");
  bench.clock.advance(300_000);
  await until(() => bench.clock.pending === 1);
  bench.clock.advance(23 * 3_600_000);
  await until(() => bench.objects.attempts === 2 && bench.clock.pending === 1);
  expect(journalFiles()).toHaveLength(1);
  bench.clock.advance(3_600_000);
  await until(() => journalFiles().length === 0);
  expect(console.error).toHaveBeenLastCalledWith("events: LOST 4 bytes: S3 has failed for 24 hours");
});

test("delivers after a restart what was buffered before it", async () => {
  await bench.create({ CompressionFormat: "GZIP" });
  await bench.put("a", "b");
  await bench.restart();
  await bench.put("c");
  await until(() => bench.objects.text === "ab");
  bench.clock.advance(300_000);
  await until(() => bench.objects.text === "abc");
});

test("clears away after a restart what a delete that was cut short left", async () => {
  const orphan = join(bench.stateDir, "journals", "orphan");
  mkdirSync(orphan);
  await bench.restart();
  expect(existsSync(orphan)).toBe(false);
});

test("delivers after a restart what S3 had not taken", async () => {
  await bench.create();
  bench.objects.failing = true;
  await bench.put("kept");
  bench.clock.advance(300_000);
  await until(() => bench.objects.attempts === 1 && bench.clock.pending === 1);
  await bench.restart();
  bench.objects.failing = false;
  await until(() => {
    bench.clock.advance(1_000);
    return bench.objects.text === "kept";
  });
});

test("forgets a deleted stream's data: a new one of its name starts empty", async () => {
  await bench.create();
  await bench.put("old");
  await bench.call("DeleteDeliveryStream", { DeliveryStreamName: "events" });
  await until(() => journalFiles().length === 0);
  await bench.create();
  await bench.put("new");
  bench.clock.advance(300_000);
  await until(() => bench.objects.text === "new");
});
