import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Bench } from "../bench";

let bench: Bench;
let queue: { MessageId: string; ReceiptHandle: string; Body: string; Attributes?: object }[];
beforeEach(async () => {
  bench = await new Bench().open();
  queue = [];
  bench.serve = ({ body }) => {
    const { MaxNumberOfMessages = 1 } = JSON.parse(body) as { MaxNumberOfMessages?: number };
    const Messages = queue.splice(0, MaxNumberOfMessages);
    return { body: Messages.length === 0 ? {} : { Messages } };
  };
});
afterEach(() => bench.close());

function fill(count: number, body = (at: number): string => `m${at}`): void {
  queue = Array.from({ length: count }, (_, at) => ({
    MessageId: `m${at}`,
    ReceiptHandle: `r${at}`,
    Body: body(at),
    Attributes: { ApproximateReceiveCount: "1" },
  }));
}

async function receive(most = 10, name = "q") {
  const sqs = new SQSClient({ ...bench.client, md5: false });
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: `${bench.url}/000000000000/${name}`, MaxNumberOfMessages: most }),
  );
  return Messages;
}

/** Everything the queue hands out, call by call, until it has nothing. */
async function drain(most = 10, name = "q"): Promise<string[][]> {
  const handed: string[][] = [];
  for (let messages = await receive(most, name); messages.length > 0; messages = await receive(most, name))
    handed.push(messages.map(({ MessageId }) => MessageId ?? ""));
  return handed;
}

const notification = (bucket: string) => (at: number) =>
  JSON.stringify({
    Records: [{ eventSource: "aws:s3", s3: { bucket: { name: bucket }, object: { key: `k${at}` } } }],
  });

describe("received messages", () => {
  it("come again in the next call, the same ones, counted as received once more", async () => {
    await bench.set("sqs:ReceiveMessage=duplicate#1");
    fill(3);
    const first = await receive();
    const second = await receive();
    expect(second.map(({ MessageId }) => MessageId)).toEqual(["m0", "m1", "m2"]);
    expect(second.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(first.map((m) => m.ReceiptHandle));
    expect(second[0]?.Attributes?.ApproximateReceiveCount).toBe("2");
    expect(await receive()).toEqual([]);
  });

  it("come again in as many calls as the reader's limit makes of them", async () => {
    await bench.set("sqs:ReceiveMessage=duplicate#1");
    fill(3);
    expect((await receive(3)).length).toBe(3);
    expect((await receive(2)).length).toBe(2);
    expect((await receive(2)).length).toBe(1);
  });

  it("are not counted as struck while the queue has none", async () => {
    await bench.set("sqs:ReceiveMessage=duplicate#1");
    expect(await receive()).toEqual([]);
    fill(1);
    expect(await drain()).toEqual([["m0"], ["m0"]]);
  });

  it("come in another order, every one of them, and never none while there are some", async () => {
    await bench.set("sqs:ReceiveMessage=reorder");
    fill(30);
    const handed = await drain(10);
    const order = handed.flat();
    expect([...order].sort()).toEqual(Array.from({ length: 30 }, (_, at) => `m${at}`).sort());
    expect(order).not.toEqual(Array.from({ length: 30 }, (_, at) => `m${at}`));
    expect(handed.length).toBeGreaterThan(3);
    fill(1);
    expect(await drain(1)).toEqual([["m0"]]);
  });

  it("of a FIFO queue keep their order and come once", async () => {
    await bench.set("sqs:ReceiveMessage=reorder", "sqs:ReceiveMessage=duplicate");
    fill(5);
    expect(await drain(10, "q.fifo")).toEqual([["m0", "m1", "m2", "m3", "m4"]]);
  });

  it("of one queue do not appear in another", async () => {
    await bench.set("sqs:ReceiveMessage/q=duplicate");
    fill(1);
    await receive();
    expect(await receive(10, "other")).toEqual([]);
    expect(await receive()).toHaveLength(1);
  });
});

describe("notifications of S3", () => {
  it("come twice, as two messages; others once", async () => {
    await bench.set("s3:notification/lake=duplicate");
    fill(4, (at) => (at < 2 ? notification("lake")(at) : at < 3 ? notification("logs")(at) : "hello"));
    const first = await receive();
    const again = await receive();
    expect(first).toHaveLength(4);
    expect(again.map(({ Body }) => Body)).toEqual([notification("lake")(0), notification("lake")(1)]);
    expect(again[0]?.MessageId).not.toBe("m0");
    expect(again[0]?.ReceiptHandle).toBe("r0");
    expect(await receive()).toEqual([]);
  });

  it("come in another order", async () => {
    await bench.set("s3:notification=reorder");
    fill(10, notification("lake"));
    const order = (await drain()).flat();
    expect([...order].sort()).toEqual(Array.from({ length: 10 }, (_, at) => `m${at}`));
    expect(order).not.toEqual(Array.from({ length: 10 }, (_, at) => `m${at}`));
  });
});
