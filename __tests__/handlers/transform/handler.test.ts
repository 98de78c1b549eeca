import type { DynamoDBStreamEvent } from "aws-lambda";
import { Metrics } from "../../../handlers/metrics";
import type { Deliver } from "../../../handlers/transform/deliver";
import { transformHandler } from "../../../handlers/transform/handler";
import type { StreamRecord } from "../../../handlers/transform/transform";
import { message } from "../collect/requests";
import { enrichAll } from "../enrich/events";
import { itemsOfMessages, noPlan, pageItem, poisonRecord, record } from "./records";

const streams = { RAW_STREAM: "the-raw", EVENTS_STREAM: "the-events", FAILED_STREAM: "the-failed" };

function setUp(deliver: Deliver) {
  const metrics: string[] = [];
  const log = jest.fn();
  const handler = transformHandler({
    streams,
    enrich: enrichAll,
    rules: noPlan,
    deliver,
    log,
    metrics: new Metrics("transform", 0, (line) => metrics.push(line)),
    now: () => new Date("2026-11-01T10:00:11.000Z"),
    sleep: async () => {},
    random: () => 0,
  });
  const call = (...records: readonly StreamRecord[]) =>
    handler(streamEvent(records), { getRemainingTimeInMillis: () => 30_000 });
  return { call, log, counted: () => JSON.parse(metrics.join("") || "{}") };
}

function streamEvent(records: readonly StreamRecord[]): DynamoDBStreamEvent {
  return {
    Records: records.map(({ change, sequenceNumber, newImage }) => ({
      eventName: change,
      dynamodb: { SequenceNumber: sequenceNumber, NewImage: newImage },
    })),
  } as DynamoDBStreamEvent;
}

describe("the transform's handler", () => {
  it("delivers every kind of line to its own stream", async () => {
    const delivered = new Map<string, number>();
    const { call, counted } = setUp(async (stream, lines) => {
      delivered.set(stream, lines.length);
    });
    const items = itemsOfMessages(message(), message({ messageId: "m2" }), "bad");
    expect(await call(...items.map((item) => record(item)))).toEqual({ batchItemFailures: [] });
    expect(Object.fromEntries(delivered)).toEqual({ "the-raw": 2, "the-events": 2, "the-failed": 1 });
    expect(counted()).toMatchObject({ handler: "transform", stored: 3, transformed: 2, failed: 1 });
  });

  it("throws, and counts nothing, when a stream does not take its lines", async () => {
    const cause = new Error("1 records for the-events left unsent");
    const { call, counted } = setUp(async (stream) => {
      if (stream === "the-events") throw cause;
    });
    await expect(call(record(pageItem("m1")))).rejects.toBe(cause);
    expect(counted()).toEqual({});
  });

  it("reports a record that it cannot read, after delivering what stood before it", async () => {
    const delivered: string[] = [];
    const { call, log } = setUp(async (stream, lines) => {
      if (stream === "the-events") delivered.push(...lines);
    });
    const answer = await call(record(pageItem("before")), poisonRecord(), record(pageItem("after")));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "666" }] });
    expect(delivered).toHaveLength(1);
    expect(log).toHaveBeenCalledWith("record 666 cannot be read", expect.any(Error));
  });

  it("leaves the delivery some time less than the invocation has", async () => {
    const remaining: number[] = [];
    const { call } = setUp(async (_, __, { remainingMs }) => {
      remaining.push(remainingMs());
    });
    await call(record(pageItem("m1")));
    expect(remaining).toEqual([29_500, 29_500, 29_500]);
  });
});
