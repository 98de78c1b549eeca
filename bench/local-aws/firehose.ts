import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Case } from "../harness/case";

const DeliveryStreamName = "bench-firehose";
const Bucket = "bench-firehose";
const MEGABYTE = 1_000_000;
/** A call takes 4 MiB, a record 1,000 KiB. */
const RECORD_BYTES = 1_000 * 1_024;
const RECORDS_A_CALL = 4;
const CALLS = 16;
const CALLS_AT_ONCE = 2;

export default {
  summary:
    "What a delivery stream acknowledges in calls of 4 MB, the client's own encoding included; the limit is writing and syncing the same bytes",
  unit: "MB/s",
  target: { of: "value", bound: "at least", is: 20 },
  async prepare({ cloud, folder, signal }) {
    const { aws, roleArn } = await cloud();
    await new S3Client({ ...aws, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
    const firehose = new FirehoseClient(aws);
    await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName,
        ExtendedS3DestinationConfiguration: {
          RoleARN: roleArn,
          BucketARN: `arn:aws:s3:::${Bucket}`,
          BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
          CompressionFormat: "GZIP",
        },
      }),
    );
    const records = Array.from({ length: RECORDS_A_CALL }, () => ({ Data: record() }));
    const bytes = Buffer.concat(records.map(({ Data }) => Data));
    const file = join(folder(), "written");
    const put = async (calls: number) => {
      let left = calls;
      const writer = async () => {
        for (; left > 0 && !signal.aborted; ) {
          left -= 1;
          const { FailedPutCount } = await firehose.send(
            new PutRecordBatchCommand({ DeliveryStreamName, Records: records }),
          );
          if (FailedPutCount !== 0) throw new Error(`${FailedPutCount} records were not taken`);
        }
      };
      await Promise.all(Array.from({ length: CALLS_AT_ONCE }, writer));
    };
    await put(4);
    const megabytes = (CALLS * bytes.length) / MEGABYTE;
    return async () => ({
      value: megabytes / (await seconds(() => put(CALLS))),
      limit: megabytes / (await seconds(() => write(file, bytes))),
    });
  },
} satisfies Case;

/** Lines as the lake's: text that packs to about a tenth. */
function record(): Buffer {
  const line = `${JSON.stringify({ event_id: randomBytes(8).toString("hex"), event_type: "page", page_path: "/products/1", user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", properties: { price: 49.9 } })}\n`;
  return Buffer.alloc(RECORD_BYTES, line);
}

/** Writes the bytes of each call and has the disk take them. */
function write(file: string, bytes: Buffer): void {
  const descriptor = openSync(file, "w");
  try {
    for (let call = 0; call < CALLS; call += 1) {
      writeSync(descriptor, bytes);
      fsyncSync(descriptor);
    }
  } finally {
    closeSync(descriptor);
  }
}

async function seconds(work: () => Promise<void> | void): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
