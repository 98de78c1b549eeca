import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { MiniStack } from "./process";

let server: MiniStack;

beforeAll(async () => {
  server = await MiniStack.inFolder();
});

afterAll(() => server.remove());

describe("queues of a MiniStack that is killed", () => {
  it("messages that were sent, receipts that were handed out, deletions that were acknowledged", async () => {
    const sqs = new SQSClient(server.client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "work" }));
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: ["1", "2", "3"].map((id) => ({ Id: id, MessageBody: `message ${id}` })),
      }),
    );
    const received = await receive(sqs, QueueUrl, 600);
    const [first, second] = received;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "message 4" }));

    await server.crash();

    expect((await receive(sqs, QueueUrl, 0)).map(({ Body }) => Body)).toEqual(["message 4"]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    await expect(
      sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle })),
    ).rejects.toThrow();
  });

  it("hands out queue addresses at the gateway", async () => {
    const sqs = new SQSClient(server.client);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "addressed" }));
    expect(QueueUrl).toBe(`${server.endpoint}/000000000000/addressed`);
  });
});

async function receive(
  sqs: SQSClient,
  QueueUrl: string | undefined,
  VisibilityTimeout: number,
): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout });
  return (await sqs.send(command)).Messages ?? [];
}
