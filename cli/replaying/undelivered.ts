import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Message } from "../../handlers/load/queue/notification";
import { sqsQueue } from "../../handlers/load/queue/sqs";
import type { Target } from "../environment";

/** Takes an object away whose records are in the lake: they no longer wait. The bucket keeps it for a month. */
export async function removeUndelivered({ outputs }: Target, key: string): Promise<void> {
  await new S3Client({}).send(new DeleteObjectCommand({ Bucket: outputs.lakeBucket, Key: key }));
}

/** Messages that are looked at: an alarm tells of one, and more than that are not left lying. */
const MAX_MESSAGES = 5_000;

/**
 * Takes messages off the attention queue that tell of objects that were replayed and of nothing else, and those that
 * S3 sent for a test.
 */
export async function settleAttention({ outputs }: Target, replayed: ReadonlySet<string>): Promise<number> {
  const queue = sqsQueue(new SQSClient({}), outputs.attentionQueueUrl, () => undefined);
  const remove: Message[] = [];
  const keep: Message[] = [];
  try {
    while (remove.length + keep.length < MAX_MESSAGES) {
      const messages = await queue.receive();
      if (messages.length === 0) break;
      for (const message of messages) (isOf(message, replayed) ? remove : keep).push(message);
    }
    await queue.remove(remove);
  } finally {
    await queue.hide(keep, 0);
  }
  return remove.length;
}

function isOf({ body }: Message, replayed: ReadonlySet<string>): boolean {
  try {
    const { Event, Records = [] } = JSON.parse(body) as {
      readonly Event?: string;
      readonly Records?: readonly { readonly s3?: { readonly object?: { readonly key?: string } } }[];
    };
    if (Event === "s3:TestEvent") return true;
    const keys = Records.map(({ s3 }) => decodeURIComponent((s3?.object?.key ?? "").replaceAll("+", " ")));
    return keys.length > 0 && keys.every((key) => replayed.has(key));
  } catch {
    return false; // no notification of S3's
  }
}
