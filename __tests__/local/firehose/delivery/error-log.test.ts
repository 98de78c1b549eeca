import { createServer, type Server } from "node:http";
import type { DeliveryStream } from "../../../../local/firehose/api/types";
import { cloudWatchErrors } from "../../../../local/firehose/delivery/error-log";
import { listen, readBody } from "../../../../local/service/http";
import { RoleSessions } from "../../../../local/service/role";
import { answerAssumeRole, isForSts } from "../../sts";
import { Bench, ROLE, until } from "../fakes";

let server: Server | undefined;
afterEach(() => server?.close());

const stream = (Enabled: boolean): DeliveryStream => ({
  ...{ name: "raw", journal: "raw-1", createdMs: 0, version: 3, encryption: {} as never, tags: {} },
  destination: {
    ...{ RoleARN: ROLE, BucketARN: "arn:aws:s3:::lake" },
    CloudWatchLoggingOptions: { Enabled, LogGroupName: "group", LogStreamName: "raw" },
  } as DeliveryStream["destination"],
});

async function logged(given: DeliveryStream, error: Error): Promise<unknown[]> {
  const calls: unknown[] = [];
  server = createServer(async (request, response) => {
    if (isForSts(request)) return answerAssumeRole(response);
    calls.push(JSON.parse((await readBody(request)).toString()));
    response.end("{}");
  });
  const gatewayUrl = `http://127.0.0.1:${await listen(server, 0)}`;
  const sessions = new RoleSessions({ service: "firehose.amazonaws.com", gatewayUrl });
  await cloudWatchErrors(gatewayUrl, sessions).failed(given, error);
  return calls;
}

const denied = Object.assign(new Error("User: … is not authorized"), { name: "AccessDenied" });

test("a delivery that fails is told of in the stream's log group, in AWS's words", async () => {
  const [call] = (await logged(stream(true), denied)) as [{ logEvents: [{ message: string }] }];
  expect(call).toMatchObject({ logGroupName: "group", logStreamName: "raw" });
  expect(JSON.parse(call.logEvents[0].message)).toEqual({
    deliveryStreamARN: "arn:aws:firehose:us-east-1:000000000000:deliverystream/raw",
    destination: "arn:aws:s3:::lake",
    deliveryStreamVersionId: 3,
    errorCode: "S3.AccessDenied",
    message: expect.stringContaining("Access was denied."),
  });
});

test("a stream without error logging tells nobody", async () => {
  expect(await logged(stream(false), denied)).toEqual([]);
});

test("a delivery is told of once, however often it is tried", async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  const bench = new Bench();
  await bench.create({ BufferingHints: { IntervalInSeconds: 1, SizeInMBs: 1 } });
  bench.objects.failing = true;
  await bench.put("a");
  bench.clock.advance(1_000);
  await until(() => bench.objects.attempts === 1 && bench.clock.pending > 0);
  bench.clock.advance(10_000);
  await until(() => bench.objects.attempts === 2);
  expect(bench.errors).toHaveLength(1);
  await bench.remove();
  jest.restoreAllMocks();
});
