import { InvokeCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { type Endpoint, signedPost } from "../../service/signed";
import { queueUrl, type RoleClients } from "./role-clients";

/** Something to be kept that a function could not, or did, process. */
export interface DestinationRecord {
  /** The record as JSON, for a queue, a topic or a function. */
  readonly message: string;
  /** Attributes of the message, for a queue or a topic. */
  readonly attributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
  /** The object's key and content, for a bucket. */
  readonly object: { readonly key: string; readonly content: string };
}

/** Delivers a record to a destination's ARN; rejects if it could not. */
export type Deliver = (destinationArn: string, record: DestinationRecord) => Promise<void>;

/** Delivers to SQS, SNS, S3 and functions. @param clientsNow of the role it is delivered as. */
export function destinations(clientsNow: () => RoleClients): Deliver {
  return async (destinationArn, { message, attributes = {}, object }) => {
    const clients = clientsNow();
    const [, , service, , , resource = ""] = destinationArn.split(":");
    if (service === "s3")
      await clients.s3.send(
        new PutObjectCommand({
          Bucket: resource,
          Key: object.key,
          Body: object.content,
          ContentType: "application/json",
        }),
      );
    else if (service === "sqs") {
      const QueueUrl = queueUrl(clients.gatewayUrl, destinationArn);
      await clients.sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody: message, MessageAttributes: attributes }),
      );
    } else if (service === "sns") await publish(clients, destinationArn, message, attributes);
    else if (service === "lambda") {
      const event = { InvocationType: "Event", Payload: Buffer.from(message) } as const;
      await clients.lambda.send(new InvokeCommand({ FunctionName: destinationArn, ...event }));
    } else throw new Error(`a destination must be an SQS, SNS, S3 or Lambda ARN, got ${destinationArn}`);
  };
}

async function publish(
  endpoint: Endpoint,
  topicArn: string,
  message: string,
  attributes: NonNullable<DestinationRecord["attributes"]>,
): Promise<void> {
  const form = new URLSearchParams({
    Action: "Publish",
    Version: "2010-03-31",
    TopicArn: topicArn,
    Message: message,
  });
  for (const [index, [name, { DataType, StringValue }]] of Object.entries(attributes).entries()) {
    const entry = `MessageAttributes.entry.${index + 1}`;
    form.set(`${entry}.Name`, name);
    form.set(`${entry}.Value.DataType`, DataType);
    form.set(`${entry}.Value.StringValue`, StringValue);
  }
  const { status, body } = await signedPost(endpoint, "sns", form.toString(), {
    "content-type": "application/x-www-form-urlencoded",
  });
  if (status !== 200) throw new Error(`Publish to ${topicArn} answered ${status}: ${body.toString("utf8")}`);
}

/** `YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<id>`: how objects of discarded records are named, after their prefix. */
export function datedKey(prefix: string, time: Date, id: string): string {
  const iso = time.toISOString();
  return `${prefix}/${iso.slice(0, 10).replaceAll("-", "/")}/${iso.slice(0, 19).replaceAll(":", ".")}-${id}`;
}
