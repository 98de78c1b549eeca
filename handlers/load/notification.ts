import { lakePrefixes } from "../event/lake";

/** A file of the lake that can be loaded. */
export interface LakeFile {
  readonly key: string;
  readonly stream: "events" | "failed";
  readonly etag: string;
  readonly sizeBytes: number;
}

/** A message of the queue of notifications. */
export interface Message {
  readonly receiptHandle: string;
  readonly body: string;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
interface Notification {
  readonly Records?: readonly {
    readonly eventName?: string;
    readonly s3?: {
      readonly object?: { readonly key?: string; readonly eTag?: string; readonly size?: number };
    };
  }[];
}

/**
 * The files that a message tells of. Objects that are not loaded, and S3's test message, tell of none.
 * @returns undefined when the message is not S3's.
 */
export function filesOf(message: Message): LakeFile[] | undefined {
  let notification: Notification & { readonly Event?: string };
  try {
    notification = JSON.parse(message.body) as Notification & { readonly Event?: string };
  } catch {
    return undefined;
  }
  if (notification.Event === "s3:TestEvent") return [];
  if (!Array.isArray(notification.Records)) return undefined;
  return (notification.Records as NonNullable<Notification["Records"]>).flatMap(({ eventName, s3 }) => {
    const { key, eTag = "", size = 0 } = s3?.object ?? {};
    if (key === undefined || !eventName?.startsWith("ObjectCreated:")) return [];
    const plainKey = decodeKey(key);
    const stream = streamOf(plainKey);
    return stream === undefined ? [] : [{ key: plainKey, stream, etag: eTag, sizeBytes: size }];
  });
}

function streamOf(key: string): LakeFile["stream"] | undefined {
  if (key.startsWith(lakePrefixes.events)) return "events";
  return key.startsWith(lakePrefixes.failed) ? "failed" : undefined;
}

/** Keys are encoded as in a form: a space is a plus. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}
