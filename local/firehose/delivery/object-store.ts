import { createReadStream } from "node:fs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** An object to store, its content in a file. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly file: string;
  readonly sizeBytes: number;
  /** The destination's KMS key, if it encrypts with one. */
  readonly kmsKeyArn?: string;
}

/** Where objects go. Rejects if the object may not have been stored. */
export interface ObjectStore {
  put(object: StoredObject): Promise<void>;
}

const PUT_TIMEOUT_MS = 60_000;

/** S3, at the endpoint and with the credentials that the environment names. Delivery does its own retries. */
export function s3Store(): ObjectStore {
  const client = new S3Client({ maxAttempts: 1, requestChecksumCalculation: "WHEN_REQUIRED" });
  return {
    async put({ bucket, key, file, sizeBytes, kmsKeyArn }) {
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
      await client.send(command, { abortSignal: AbortSignal.timeout(PUT_TIMEOUT_MS) });
    },
  };
}
