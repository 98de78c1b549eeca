import { createReadStream } from "node:fs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { FIREHOSE_SESSION, type RoleSessions } from "../../service/role";

/** An object to store, its content in a file. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly file: string;
  readonly sizeBytes: number;
  /** The destination's KMS key, if it encrypts with one. */
  readonly kmsKeyArn?: string;
  /** The role that the destination names, and the stream that it is delivered for. */
  readonly roleArn: string;
  readonly streamArn: string;
}

/** Where objects go. Rejects if the object may not have been stored. */
export interface ObjectStore {
  put(object: StoredObject): Promise<void>;
}

const PUT_TIMEOUT_MS = 60_000;

/** S3, as the role that the destination names. Delivery does its own retries. */
export function s3Store(sessions: RoleSessions): ObjectStore {
  const clients = new Map<string, S3Client>();
  const clientOf = ({ roleArn, streamArn }: StoredObject): S3Client => {
    const key = `${roleArn} ${streamArn}`;
    const client =
      clients.get(key) ??
      new S3Client({
        maxAttempts: 1,
        requestChecksumCalculation: "WHEN_REQUIRED",
        credentials: sessions.provider({ roleArn, sessionName: FIREHOSE_SESSION, sourceArn: streamArn }),
      });
    clients.set(key, client);
    return client;
  };
  return {
    async put(object) {
      const { bucket, key, file, sizeBytes, kmsKeyArn } = object;
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: createReadStream(file),
        ContentLength: sizeBytes,
        ContentType: "application/octet-stream",
        ...(kmsKeyArn === undefined
          ? {}
          : ({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKeyArn } as const)),
      });
      await clientOf(object).send(command, { abortSignal: AbortSignal.timeout(PUT_TIMEOUT_MS) });
    },
  };
}
