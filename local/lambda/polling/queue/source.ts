import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { REGION } from "../../../service/aws";
import { queueUrl } from "../../aws/role-clients";

/** Most messages that one call receives or deletes. */
export const CALL_MESSAGES = 10;

/** A message as a function's event holds it. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
}

/** A queue to poll. Every call may fail and is then repeated. */
export interface QueueSource {
  /** Waits for messages for so long; at most {@link CALL_MESSAGES}. */
  receive(most: number, waitSeconds: number, signal: AbortSignal): Promise<readonly QueueRecord[]>;
  remove(records: readonly QueueRecord[]): Promise<void>;
}

/** An SQS queue at the gateway. @param client of the role that the function has at the time. */
export function sqsQueue(client: () => SQSClient, gatewayUrl: string, queueArn: string): QueueSource {
  const QueueUrl = queueUrl(gatewayUrl, queueArn);
  return {
    async receive(most, waitSeconds, signal) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Math.min(most, CALL_MESSAGES),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      });
      const { Messages = [] } = await client().send(command, { abortSignal: signal });
      return Messages.map((message) => eventRecord(message, queueArn));
    },
    async remove(records) {
      for (let index = 0; index < records.length; index += CALL_MESSAGES) {
        const Entries = records
          .slice(index, index + CALL_MESSAGES)
          .map(({ receiptHandle }, position) => ({ Id: String(position), ReceiptHandle: receiptHandle }));
        const { Failed = [] } = await client().send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
        if (Failed.length > 0)
          console.error(`${Failed.length} message(s) of ${queueArn} were not deleted and will come again`);
      }
    },
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
function eventRecord(message: Message, eventSourceARN: string): QueueRecord {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
    name,
    {
      ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
      ...(value.BinaryValue === undefined
        ? {}
        : { binaryValue: Buffer.from(value.BinaryValue).toString("base64") }),
      stringListValues: [],
      binaryListValues: [],
      dataType: value.DataType,
    },
  ]);
  const record = {
    messageId: message.MessageId ?? "",
    receiptHandle: message.ReceiptHandle ?? "",
    body: message.Body ?? "",
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes) as object,
    md5OfBody: message.MD5OfBody,
    ...(message.MD5OfMessageAttributes === undefined
      ? {}
      : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    eventSource: "aws:sqs",
    eventSourceARN,
    awsRegion: REGION,
  };
  return record;
}
