import { Bench, until } from "../fakes";

let bench: Bench;
afterEach(() => bench.remove());

const base64 = (bytes: number): string => Buffer.alloc(bytes, "x").toString("base64");
const batch = (...sizes: number[]) => ({
  DeliveryStreamName: "events",
  Records: sizes.map((size) => ({ Data: base64(size) })),
});

describe("a put that takes every record", () => {
  beforeEach(async () => {
    bench = new Bench();
    await bench.create();
  });

  test("answers a unique id for each record, in their order", async () => {
    const answer = await bench.call<{ RequestResponses: { RecordId: string }[] }>(
      "PutRecordBatch",
      batch(1, 2, 3),
    );
    expect(answer).toMatchObject({ FailedPutCount: 0, Encrypted: false });
    expect(new Set(answer.RequestResponses.map(({ RecordId }) => RecordId)).size).toBe(3);
    const input = { DeliveryStreamName: "events", Record: { Data: base64(1) } };
    expect(await bench.call("PutRecord", input)).toEqual({ RecordId: expect.any(String), Encrypted: false });
  });

  test("says that records are encrypted when the stream is", async () => {
    await bench.call("StartDeliveryStreamEncryption", { DeliveryStreamName: "events" });
    expect(await bench.call("PutRecordBatch", batch(1))).toMatchObject({ Encrypted: true });
  });

  test("keeps the bytes as they are, whatever they are", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await bench.put(bytes, "", bytes);
    bench.clock.advance(300_000);
    await until(() => bench.objects.objects.length === 1);
    expect(bench.objects.objects[0]?.body).toEqual(Buffer.concat([bytes, bytes]));
  });

  test("takes exactly the limits: 500 records, 1,000 KiB a record, 4 MiB a call", async () => {
    await bench.call("PutRecordBatch", batch(...Array.from({ length: 500 }, () => 1)));
    await bench.call("PutRecordBatch", batch(1_024_000, 1_024_000, 1_024_000, 1_024_000, 98_304));
  });

  test.each([
    ["no record", [], "ValidationException", "greater than or equal to 1"],
    ["501 records", Array.from({ length: 501 }, () => 1), "ValidationException", "less than or equal to 500"],
    [
      "a record over 1,000 KiB",
      [1, 1_024_001],
      "ValidationException",
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]' at " +
        "'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
    ],
    [
      "more than 4 MiB",
      [1_024_000, 1_024_000, 1_024_000, 1_024_000, 98_305],
      "InvalidArgumentException",
      "Records size exceeds 4 MB limit",
    ],
  ])("refuses a call with %s", async (_, sizes, code, message) => {
    await expect(bench.call("PutRecordBatch", batch(...sizes))).rejects.toMatchObject({
      ...{ code, message: expect.stringContaining(message) },
    });
  });

  test.each(["a", "####", "abc#"])("refuses data that is not base64: %s", async (Data) => {
    const input = { DeliveryStreamName: "events", Record: { Data } };
    await expect(bench.call("PutRecord", input)).rejects.toMatchObject({ code: "SerializationException" });
  });

  test("refuses a record without data and a stream that is not there", async () => {
    await expect(
      bench.call("PutRecordBatch", { DeliveryStreamName: "events", Records: [{}] }),
    ).rejects.toMatchObject({ code: "ValidationException" });
    const input = { DeliveryStreamName: "other", Record: { Data: "" } };
    await expect(bench.call("PutRecord", input)).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: "Firehose other under account 000000000000 not found.",
    });
  });

  test("appends the delimiter that its parameter spells, escapes read as Java reads them", async () => {
    const Parameters = [{ ParameterName: "Delimiter", ParameterValue: "\\t|\\n" }];
    await bench.call("UpdateDestination", {
      ...{ DeliveryStreamName: "events", CurrentDeliveryStreamVersionId: "1" },
      DestinationId: "destinationId-000000000001",
      ExtendedS3DestinationUpdate: {
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [{ Type: "AppendDelimiterToRecord", Parameters }],
        },
      },
    });
    await bench.put("a", "b");
    bench.clock.advance(300_000);
    await until(() => bench.objects.text === "a\t|\nb\t|\n");
  });
});
