import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
} from "@aws-sdk/client-firehose";
import { listen, readBody } from "../../../local/service/http";
import { answerAssumeRole, isForSts } from "../sts";
import { DESTINATION, until } from "./fakes";

const MAIN = join(__dirname, "../../../local/firehose/main.ts");
const folder = mkdtempSync(join(tmpdir(), "firehose-main-"));
const delivered = new Set<string>();
const paths: string[] = [];
let s3: Server;
let s3Port = 0;
let down = true;
const children: ChildProcess[] = [];

/** S3's PutObject, as much of it as the SDK needs. */
beforeAll(async () => {
  s3 = createServer(async (request, response) => {
    if (isForSts(request)) return answerAssumeRole(response);
    const body = await readBody(request);
    if (request.url?.startsWith("/_local/")) return void response.writeHead(404).end();
    if (!down) {
      paths.push(`${request.method} ${request.url?.split("?")[0]}`);
      for (const line of gunzipSync(body).toString().split("\n")) delivered.add(line);
    }
    response.writeHead(down ? 503 : 200, { etag: '"0"' }).end();
  });
  s3Port = await listen(s3, 0);
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  s3.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<{ child: ChildProcess; client: FirehoseClient }> {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: {
      ...process.env,
      ...{ PORT: "0", STATE_DIR: folder, LOG_DIR: folder, AWS_REGION: "us-east-1" },
      ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${s3Port}` },
      ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    },
  });
  children.push(child);
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`exited with ${code}`)));
  });
  const client = new FirehoseClient({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", maxAttempts: 1 },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return { child, client };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.kill(signal);
  return exited;
}

test("loses nothing that it acknowledged when it is killed, and stops cleanly when asked", async () => {
  const first = await start();
  const DeliveryStreamName = "events";
  await first.client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: {
        ...DESTINATION,
        CompressionFormat: "GZIP",
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 },
        ProcessingConfiguration: { Enabled: true, Processors: [{ Type: "AppendDelimiterToRecord" }] },
      },
    }),
  );

  const acknowledged = new Set<string>();
  let calls = 0;
  const produce = async (): Promise<void> => {
    for (;;) {
      const call = calls++;
      const lines = Array.from({ length: 20 }, (_, index) => `${call}-${index}-${"x".repeat(2_000)}`);
      const Records = lines.map((line) => ({ Data: Buffer.from(line) }));
      await first.client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
      for (const line of lines) acknowledged.add(line);
    }
  };
  const producers = Array.from({ length: 8 }, () => produce().catch(() => undefined));
  await until(() => acknowledged.size >= 2_000);
  await end(first.child, "SIGKILL");
  await Promise.all(producers);

  down = false;
  const second = await start();
  await until(() => [...acknowledged].every((line) => delivered.has(line)));
  expect(paths[0]).toMatch(/^PUT \/lake\/\d{4}\/\d\d\/\d\d\/\d\d\/events-1-[\d-]{19}-[0-9a-f-]{36}\.gz$/);
  const stream = await second.client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
  expect(stream.DeliveryStreamDescription?.DeliveryStreamStatus).toBe("ACTIVE");
  expect(await end(second.child, "SIGTERM")).toBe(0);
}, 60_000);
