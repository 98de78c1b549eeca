import type { PutRecordBatchCommand, PutRecordBatchCommandOutput } from "@aws-sdk/client-firehose";
import { firehoseDelivery } from "../../../handlers/transform/deliver";
import { patience, serviceError } from "../patience";

type Response = Pick<PutRecordBatchCommandOutput, "FailedPutCount" | "RequestResponses">;

/** A delivery stream that takes of each call the records that `takes` says. */
function stream(takes: (data: string, call: number) => boolean) {
  const calls: { readonly name: string | undefined; readonly records: string[] }[] = [];
  const send = async ({ input }: PutRecordBatchCommand): Promise<Response> => {
    const records = (input.Records ?? []).map(({ Data }) => Buffer.from(Data ?? "").toString());
    calls.push({ name: input.DeliveryStreamName, records });
    const taken = records.map((data) => takes(data, calls.length));
    return {
      FailedPutCount: taken.filter((isTaken) => !isTaken).length,
      RequestResponses: taken.map((isTaken, index) =>
        isTaken
          ? { RecordId: String(index) }
          : { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." },
      ),
    };
  };
  return { calls, deliver: firehoseDelivery({ send } as never) };
}

const large = (letter: string): string => letter.repeat(600_000);

describe("delivery by Firehose", () => {
  it("packs all lines into one record where they fit", async () => {
    const { calls, deliver } = stream(() => true);
    await deliver("events", ["a", "b"], patience(1_000));
    expect(calls).toEqual([{ name: "events", records: ["a\nb"] }]);
  });

  it("calls nobody without lines", async () => {
    const { calls, deliver } = stream(() => true);
    await deliver("events", [], patience(1_000));
    expect(calls).toEqual([]);
  });

  it("sends the records again that were not taken, and only those", async () => {
    const { calls, deliver } = stream((data, call) => !(data.startsWith("b") && call < 3));
    await deliver("events", [large("a"), large("b"), large("c")], patience(10_000));
    expect(calls.map(({ records }) => records.map(([first]) => first).join(""))).toEqual(["abc", "b", "b"]);
  });

  it("throws when some are never taken", async () => {
    const { deliver } = stream((data) => !data.startsWith("b"));
    await expect(deliver("events", [large("a"), large("b")], patience(1_000))).rejects.toThrow(
      "1 records for events left unsent",
    );
  });

  it("does not take an answer without a count for success", async () => {
    const deliver = firehoseDelivery({ send: async () => ({}) } as never);
    await expect(deliver("events", ["a"], patience(1_000))).rejects.toThrow(
      "1 records for events left unsent",
    );
  });

  it("tries again after a throttle", async () => {
    const send = jest
      .fn()
      .mockRejectedValueOnce(serviceError("ServiceUnavailableException", 503))
      .mockResolvedValueOnce({ FailedPutCount: 0 });
    await firehoseDelivery({ send } as never)("events", ["a"], patience(1_000));
    expect(send).toHaveBeenCalledTimes(2);
  });
});
