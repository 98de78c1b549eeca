import { lakePrefixes } from "../../event/lake";

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
  const notification = parsed(message.body);
  if (notification === undefined) return undefined;
  if (notification.Event === "s3:TestEvent") return [];
  if (!Array.isArray(notification.Records)) return undefined;
  return (notification.Records as NonNullable<Notification["Records"]>).flatMap(({ eventName, s3 }) => {
    const { key, eTag = "", size = 0 } = s3?.object ?? {};
    if (key === undefined || !eventName?.startsWith("ObjectCreated:")) return [];
    return lakeFile(decodeKey(key), eTag, size) ?? [];
  });
}

/** A message's body that tells of a file as S3 would. */
export function notificationOf({ key, etag, sizeBytes }: LakeFile): string {
  const object = { key: encodeURIComponent(key).replaceAll("%2F", "/"), eTag: etag, size: sizeBytes };
  return JSON.stringify({
    Records: [{ eventName: "ObjectCreated:Put", s3: { object } }],
  } satisfies Notification);
}

/** An object of the lake, if it is one that is loaded. */
export function lakeFile(key: string, etag: string, sizeBytes: number): LakeFile | undefined {
  const stream = streamOf(key);
  return stream === undefined ? undefined : { key, stream, etag, sizeBytes };
}

/**
 * The hour that a file arrived in, by its key: nothing that was loaded before can have been this file.
 * @returns undefined for a key that does not say so.
 */
export function arrivalOf({ key }: LakeFile): Date | undefined {
  const [, day, hour] = /\/dt=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\//.exec(key) ?? [];
  const at = new Date(`${day}T${hour}:00:00Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function parsed(body: string): (Notification & { readonly Event?: string }) | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function streamOf(key: string): LakeFile["stream"] | undefined {
  if (key.startsWith(lakePrefixes.events)) return "events";
  return key.startsWith(lakePrefixes.failed) ? "failed" : undefined;
}

/** Keys are encoded as in a form: a space is a plus. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}
