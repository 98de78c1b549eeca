import { fitsBytes } from "../event/text";

/**
 * A delivery stream's limits: a record takes 1,000 KiB, a call 500 records and 4 MiB.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 */
export const limits = {
  recordBytes: 1000 * 1024,
  recordsPerCall: 500,
  bytesPerCall: 4 * 1024 * 1024,
} as const;

/** The longest line that a record takes: the delivery stream appends a newline to each record. */
export const MAX_LINE_BYTES = limits.recordBytes - 1;

/**
 * Packs lines into as few records as possible, in order; a delivery stream bills each record as 5 KB at least.
 * No record ends in a newline: the delivery stream appends it.
 * @param lines none longer than `MAX_LINE_BYTES`.
 */
export function packLines(lines: readonly string[]): Buffer[] {
  const records: Buffer[] = [];
  let usedBytes = 0;
  for (const line of lines) {
    const start = usedBytes === 0 ? 0 : usedBytes + 1;
    if (!fitsBytes(line, MAX_LINE_BYTES - start)) {
      records.push(Buffer.from(open.subarray(0, usedBytes)));
      usedBytes = 0;
    } else if (start > 0) open[usedBytes++] = NEWLINE;
    // Lines are put together of parts: here each becomes one piece, and bytes, at once.
    usedBytes += open.write(line, usedBytes);
  }
  if (usedBytes > 0) records.push(Buffer.from(open.subarray(0, usedBytes)));
  return records;
}

/** The record that is being packed: always the same memory, copied when it is full. */
const open = Buffer.allocUnsafeSlow(MAX_LINE_BYTES);
const NEWLINE = 10;

/** Divides records into calls, in order. */
export function callsOf(records: readonly Uint8Array[]): Uint8Array[][] {
  const calls: Uint8Array[][] = [];
  let open: Uint8Array[] = [];
  let openBytes = 0;
  for (const record of records) {
    if (open.length === limits.recordsPerCall || openBytes + record.length > limits.bytesPerCall) {
      calls.push(open);
      open = [];
      openBytes = 0;
    }
    open.push(record);
    openBytes += record.length;
  }
  if (open.length > 0) calls.push(open);
  return calls;
}
