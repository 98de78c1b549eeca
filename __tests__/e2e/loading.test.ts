import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { openEnvironment, type Target, wakeLoader } from "../../cli/environment";
import { invoke } from "../../cli/invocation";
import { count, json, until, verb } from "./verb";

const MINUTES = 60_000;
let target: Target;
beforeAll(async () => {
  target = await openEnvironment({ env: "local" });
});

/** Writes a file into the lake, as a delivery stream does. */
async function put(key: string, ...lines: readonly object[]): Promise<void> {
  const Body = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await new S3Client({ forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket: target.outputs.lakeBucket, Key: key, Body }),
  );
}

const now = new Date().toISOString();
const folder = `events/dt=${now.slice(0, 10)}/hour=${now.slice(11, 13)}/`;
const line = (event_id: string, more: object = {}) => ({
  event_id,
  batch_id: "b",
  event_type: "track",
  event_time: now.slice(0, 23).replace("T", " "),
  received_at: now.slice(0, 23).replace("T", " "),
  source: "loading-test",
  protocol: "segment",
  schema_version: 1,
  ...more,
});

interface Files {
  readonly files: readonly { readonly key: string; readonly tries: number; readonly setAside: boolean }[];
}

/** How many messages somebody must look at. */
async function deadLetters(): Promise<number> {
  const { Attributes } = await new SQSClient({}).send(
    new GetQueueAttributesCommand({
      QueueUrl: target.outputs.deadLetterQueueUrl,
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}

describe("a file that cannot be loaded", () => {
  it(
    "is set aside after three failures while others load, and is loaded when it is mended",
    async () => {
      const mark = randomUUID();
      const key = `${folder}${mark}.gz`;
      await put(key, line(`${mark}-1`), line(`${mark}-2`, { geo_country: "Germany" }));
      await put(`${folder}${mark}-good.gz`, line(`${mark}-good`));
      await until(
        "it is set aside",
        async () => {
          await wakeLoader(target);
          const { files } = await json<Files>("failed", "--files");
          return files.some((file) => file.key === key && file.setAside);
        },
        480,
      );
      const loaded = () => count(`select count(*) from events where event_id like '${mark}%'`);
      expect(await loaded()).toBe(1);
      const listed = await verb("failed", "--files");
      expect(listed.code).toBe(1);
      expect(listed.stdout).toMatch(
        /set aside +3 .*line 2, column geo_country: String length exceeds DDL length/,
      );
      expect(await deadLetters()).toBeGreaterThan(0);

      const unknown = await verb("failed", "--files", "--retry", "events/unknown.gz");
      expect(unknown).toMatchObject({ code: 1 });
      await put(key, line(`${mark}-1`), line(`${mark}-2`, { geo_country: "DE" }));
      expect(await json("failed", "--files", "--retry", key)).toEqual({ retried: [key] });
      await until("it is loaded", async () => (await loaded()) === 3, 180);
      expect(await json<Files>("failed", "--files")).toEqual({ files: [] });
      expect(await deadLetters()).toBe(0);
    },
    14 * MINUTES,
  );
});

describe("a sweep", () => {
  it(
    "may look at the lake, and finds nothing missing",
    async () => {
      const answer = await invoke(new LambdaClient({}), target.outputs.functions.load, { sweep: 3 });
      expect(answer).toMatchObject({ swept: { missing: 0 } });
    },
    2 * MINUTES,
  );
});
