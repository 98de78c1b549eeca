import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Clock } from "../../../local/firehose/clock";
import type { ObjectStore, StoredObject } from "../../../local/firehose/delivery/object-store";
import { type Firehose, type FirehoseOptions, openFirehose } from "../../../local/firehose/firehose";

/** A clock that a test moves. */
export class FakeClock implements Clock {
  #timers: { at: number; action: () => void }[] = [];

  constructor(private nowMs: number) {}

  readonly now = (): number => this.nowMs;

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.nowMs + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    this.nowMs += ms;
    const due = this.#timers.filter(({ at }) => at <= this.nowMs).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter(({ at }) => at > this.nowMs);
    for (const { action } of due) action();
  }
}

/** S3 as a list of objects; fails while `failing` is set. */
export class FakeObjectStore implements ObjectStore {
  readonly objects: { bucket: string; key: string; body: Buffer; kmsKeyArn: string | undefined }[] = [];
  attempts = 0;
  failing = false;

  async put({ bucket, key, file, sizeBytes, kmsKeyArn }: StoredObject): Promise<void> {
    this.attempts += 1;
    if (this.failing) throw new Error("503 Slow Down");
    const body = readFileSync(file);
    if (body.length !== sizeBytes) throw new Error(`${sizeBytes} bytes announced, ${body.length} sent`);
    this.objects.push({ bucket, key, body, kmsKeyArn });
  }

  /** Everything stored, unpacked where the name says so. */
  get text(): string {
    return this.objects
      .map(({ key, body }) => (key.endsWith(".gz") ? gunzipSync(body) : body).toString())
      .join("");
  }
}

/** Waits for what real disk work brings about. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** 2026-03-04 05:06:07.890 UTC. */
export const NOW = Date.UTC(2026, 2, 4, 5, 6, 7, 890);

export const ROLE = "arn:aws:iam::000000000000:role/delivery";
export const DESTINATION = { RoleARN: ROLE, BucketARN: "arn:aws:s3:::lake" };

/** Firehose in a folder of its own, with its edges faked. */
export class Bench {
  readonly stateDir = mkdtempSync(join(tmpdir(), "firehose-"));
  readonly clock = new FakeClock(NOW);
  readonly objects = new FakeObjectStore();
  /** What the error log was told. */
  readonly errors: unknown[] = [];
  firehose: Firehose;

  constructor(private readonly options: Partial<FirehoseOptions> = {}) {
    this.firehose = this.#open();
  }

  /** Calls an operation with a plain JSON input. */
  async call<Output = Record<string, unknown>>(name: string, input: object): Promise<Output> {
    const operation = this.firehose.operations[name];
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return (await operation(input as never)) as Output;
  }

  async create(destination: object = {}, name = "events"): Promise<void> {
    await this.call("CreateDeliveryStream", {
      DeliveryStreamName: name,
      ExtendedS3DestinationConfiguration: { ...DESTINATION, ...destination },
    });
  }

  async put(...records: (string | Buffer)[]): Promise<Record<string, unknown>> {
    return this.call("PutRecordBatch", {
      DeliveryStreamName: "events",
      Records: records.map((record) => ({ Data: Buffer.from(record as string).toString("base64") })),
    });
  }

  /** Another process on the same folder. */
  async restart(): Promise<void> {
    await this.firehose.stop();
    this.firehose = this.#open();
  }

  async remove(): Promise<void> {
    await this.firehose.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  #open(): Firehose {
    const { stateDir, clock, objects } = this;
    const errors = { failed: async (_stream: unknown, error: unknown) => void this.errors.push(error) };
    return openFirehose({ stateDir, clock, objects, errors, ...this.options });
  }
}
