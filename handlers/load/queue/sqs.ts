import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Message } from "./notification";
import type { Queue } from "./queue";

/** SQS takes ten entries a batch. */
const BATCH = 10;

/** What SQS answers of entries that it did not take. */
interface Answer {
  readonly Failed?:
    | readonly { readonly Code?: string | undefined; readonly Message?: string | undefined }[]
    | undefined;
}

/**
 * A queue of SQS.
 * @param stays is told of messages that could not be removed or hidden: they come again, and do no harm.
 */
export function sqsQueue(sqs: Pick<SQSClient, "send">, url: string, stays: (reason: string) => void): Queue {
  const report = ({ Failed = [] }: Answer): void => {
    for (const { Code, Message: message } of Failed) stays(`${Code}: ${message}`);
  };
  return {
    async receive() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: BATCH, WaitTimeSeconds: 1 }),
      );
      return Messages.map(({ Body = "", ReceiptHandle = "" }) => ({
        body: Body,
        receiptHandle: ReceiptHandle,
      }));
    },
    async remove(messages) {
      for (const Entries of batches(messages, (each) => ({ ReceiptHandle: each.receiptHandle })))
        report(await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries })));
    },
    async hide(messages, seconds) {
      const entry = ({ receiptHandle }: Message) => ({
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      });
      for (const Entries of batches(messages, entry))
        report(await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries })));
    },
    async send(bodies) {
      for (const Entries of batches(bodies, (MessageBody) => ({ MessageBody }))) {
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
        const [first] = Failed;
        if (first !== undefined)
          throw new Error(`${Failed.length} messages were not sent: ${first.Code}: ${first.Message}`);
      }
    },
  };
}

function* batches<Item, Entry>(
  items: readonly Item[],
  entry: (item: Item) => Entry,
): Generator<(Entry & { readonly Id: string })[]> {
  for (let at = 0; at < items.length; at += BATCH)
    yield items.slice(at, at + BATCH).map((item, id) => ({ ...entry(item), Id: String(id) }));
}
