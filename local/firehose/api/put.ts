import { randomBytes } from "node:crypto";
import type * as api from "@aws-sdk/client-firehose";
import { AwsError } from "../../service/aws";
import { Constraints } from "../../service/constraints";
import { ENTRY_HEADER_BYTES, finishEntry } from "../delivery/journal";
import { findStream } from "./control";
import { delimiterOf } from "./destination";
import type { DeliveryStream, FirehoseState, Wire } from "./types";

/** Limits of a put, before base64. @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const MAX_RECORD_BYTES = 1_024_000;
const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Appends an entry to a stream's journal; resolves when it would survive the process. */
export type AppendEntry = (stream: DeliveryStream, entry: Buffer) => Promise<void>;

type WireRecord = Wire<api._Record>;

/**
 * PutRecord and PutRecordBatch: records are decoded straight into one journal entry a call, delimiters
 * included, and answered when that entry is durable.
 * @throws AwsError what AWS answers: ValidationException beyond 500 records or 1,000 KiB a record,
 *   InvalidArgumentException beyond 4 MiB a call, ServiceUnavailableException when the disk fails.
 */
export function putOperations(state: FirehoseState, append: AppendEntry, now: () => number) {
  const put = async (stream: DeliveryStream, records: readonly WireRecord[], sizes: readonly number[]) => {
    const entry = encodeEntry(records, sizes, delimiterOf(stream.destination));
    finishEntry(entry, now());
    await append(stream, entry).catch(unavailable);
    return { encrypted: stream.encryption.Status === "ENABLED", ids: recordIds() };
  };

  return {
    async PutRecord(input: Wire<api.PutRecordInput>): Promise<Wire<api.PutRecordOutput>> {
      new Constraints().present("record", input.Record).enforce();
      const records = [input.Record as WireRecord];
      const sizes = measure(records, () => "record");
      const stream = findStream(state, { DeliveryStreamName: String(input.DeliveryStreamName) });
      const { encrypted, ids } = await put(stream, records, sizes);
      return { RecordId: ids(0), Encrypted: encrypted };
    },

    async PutRecordBatch(input: Wire<api.PutRecordBatchInput>): Promise<Wire<api.PutRecordBatchOutput>> {
      new Constraints()
        .present("records", input.Records)
        .optionalList("records", input.Records, 1, MAX_BATCH_RECORDS)
        .enforce();
      const records = input.Records as WireRecord[];
      const sizes = measure(records, (index) => `records.${index + 1}.member`);
      if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BATCH_BYTES)
        throw new AwsError("InvalidArgumentException", "Records size exceeds 4 MB limit");
      const stream = findStream(state, { DeliveryStreamName: String(input.DeliveryStreamName) });
      const { encrypted, ids } = await put(stream, records, sizes);
      return {
        FailedPutCount: 0, // records of a call are kept together or not at all
        Encrypted: encrypted,
        RequestResponses: records.map((_, index) => ({ RecordId: ids(index) })),
      };
    },
  };
}

/** Each record's size in bytes once decoded. */
function measure(records: readonly WireRecord[], path: (index: number) => string): number[] {
  const constraints = new Constraints();
  const sizes = records.map((record, index) => {
    const data: unknown = record?.Data;
    if (typeof data !== "string") {
      constraints.present(`${path(index)}.data`, data);
      return 0;
    }
    const size = decodedBytes(data);
    if (size > MAX_RECORD_BYTES)
      constraints.broken(
        `${path(index)}.data`,
        `java.nio.HeapByteBuffer[pos=0 lim=${size} cap=${size}]`,
        `Member must have length less than or equal to ${MAX_RECORD_BYTES}`,
      );
    return size;
  });
  constraints.enforce();
  return sizes;
}

function decodedBytes(base64: string): number {
  if (base64.length % 4 !== 0) throw notBase64();
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

function encodeEntry(records: readonly WireRecord[], sizes: readonly number[], delimiter: Buffer): Buffer {
  let bytes = ENTRY_HEADER_BYTES;
  for (const size of sizes) bytes += size + delimiter.length;
  const entry = Buffer.allocUnsafeSlow(bytes);
  let end = ENTRY_HEADER_BYTES;
  for (const [index, record] of records.entries()) {
    // Node skips what is no base64, so a record that decodes to fewer bytes than its length says was none.
    const written = entry.write(record.Data as string, end, "base64");
    if (written !== sizes[index]) throw notBase64();
    end += written + delimiter.copy(entry, end + written);
  }
  return entry;
}

function recordIds(): (index: number) => string {
  const call = randomBytes(30).toString("base64");
  return (index) => `${call}${String(index).padStart(4, "0")}`;
}

function notBase64(): AwsError {
  return new AwsError("SerializationException", "Data is not base64");
}

function unavailable(cause: unknown): never {
  console.error(cause);
  throw new AwsError("ServiceUnavailableException", "Slow down.", 503);
}
