import { awsError, Bench, FUNCTION, QUEUE, scheduleOf, settle } from "../fakes";

const MINUTE = 60_000;
let bench: Bench;

beforeEach(() => {
  bench = new Bench();
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
  bench.remove();
});

test("invokes a rate's target at once and then every period", async () => {
  await bench.create("rate(5 minutes)");
  await bench.clock.advance(11 * MINUTE);
  expect(bench.invokedAt).toEqual(["2026-03-04T05:06:07", "2026-03-04T05:11:07", "2026-03-04T05:16:07"]);
  expect(bench.targets.invocations[0]?.functionArn).toBe(FUNCTION);
});

test("counts a rate anew when it is updated to another, and on when something else is updated", async () => {
  await bench.create("rate(5 minutes)");
  await bench.clock.advance(2 * MINUTE);
  await bench.call("PUT", "/schedules/load", scheduleOf("rate(5 minutes)", { Description: "d" }));
  await bench.clock.advance(4 * MINUTE);
  await bench.call("PUT", "/schedules/load", scheduleOf("rate(10 minutes)"));
  await bench.clock.advance(10 * MINUTE);
  expect(bench.invokedAt.map((at) => at.slice(11))).toEqual(["05:06:07", "05:11:07", "05:12:07", "05:22:07"]);
});

test("forgets with a schedule the invocations that wait for another attempt", async () => {
  bench.targets.errors = [awsError("TooManyRequestsException")];
  await bench.create("rate(1 hour)");
  await bench.call("DELETE", "/schedules/load");
  bench.restart();
  await bench.clock.advance(30 * MINUTE);
  expect(bench.targets.attempts).toHaveLength(1);
});

test("invokes a cron's target on the minute", async () => {
  await bench.create("cron(0/15 * * * ? *)");
  await bench.clock.advance(30 * MINUTE);
  expect(bench.invokedAt).toEqual(["2026-03-04T05:15:00", "2026-03-04T05:30:00"]);
});

test("sends AWS's notification when the schedule has no input", async () => {
  await bench.create("rate(1 hour)");
  expect(JSON.parse(bench.targets.invocations[0]?.payload ?? "")).toEqual({
    version: "0",
    id: "execution-1",
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account: "000000000000",
    time: "2026-03-04T05:06:07Z",
    region: "us-east-1",
    resources: ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/load"],
    detail: "{}",
  });
});

test("replaces the context attributes in the input, in each attempt anew", async () => {
  const names = ["schedule-arn", "scheduled-time", "execution-id", "attempt-number", "unknown"];
  const Input = JSON.stringify(names.map((name) => `<aws.scheduler.${name}>`));
  bench.targets.errors = [awsError("TooManyRequestsException")];
  await bench.create("rate(1 hour)", {}, { Input });
  await bench.clock.advance(MINUTE);
  expect(JSON.parse(bench.targets.invocations[0]?.payload ?? "")).toEqual([
    "arn:aws:scheduler:us-east-1:000000000000:schedule/default/load",
    ...["2026-03-04T05:06:07Z", "execution-1", "2", "<aws.scheduler.unknown>"],
  ]);
});

test("spreads invocations over a flexible window, and reports the time they were scheduled for", async () => {
  const FlexibleTimeWindow = { Mode: "FLEXIBLE", MaximumWindowInMinutes: 10 };
  const Input = '"<aws.scheduler.scheduled-time>"';
  await bench.create("cron(0 6 * * ? *)", { FlexibleTimeWindow }, { Input });
  await bench.clock.advance(60 * MINUTE);
  expect(bench.invokedAt).toEqual(["2026-03-04T06:05:00"]);
  expect(bench.targets.invocations[0]?.payload).toBe('"2026-03-04T06:00:00Z"');
});

test("sends to a queue, with the message group of a FIFO queue", async () => {
  const Arn = "arn:aws:sqs:us-east-1:000000000000:q.fifo";
  await bench.create("rate(1 hour)", {}, { Arn, Input: "text", SqsParameters: { MessageGroupId: "g" } });
  expect(bench.targets.messages).toEqual([{ queueArn: Arn, body: "text", groupId: "g" }]);
});

test("invokes nothing while disabled, and takes the beat up again when enabled", async () => {
  await bench.create("rate(5 minutes)", { State: "DISABLED" });
  await bench.clock.advance(12 * MINUTE);
  await bench.call("PUT", "/schedules/load", scheduleOf("rate(5 minutes)"));
  await bench.clock.advance(4 * MINUTE);
  expect(bench.invokedAt).toEqual(["2026-03-04T05:21:07"]);
});

test("retries with growing pauses until the target takes it", async () => {
  const timeout = new Error("socket hang up");
  bench.targets.errors = [timeout, awsError("TooManyRequestsException"), awsError("ServiceException")];
  await bench.create("rate(1 day)");
  await bench.clock.advance(MINUTE);
  const [first = 0] = bench.targets.attempts;
  expect(bench.targets.attempts.map((at) => (at - first) / 1000)).toEqual([0, 1, 3, 7]);
  expect(bench.targets.invocations).toHaveLength(1);
});

test("hands an invocation to the dead-letter queue when its retries are used up", async () => {
  bench.targets.errors = Array.from({ length: 3 }, () => awsError("ServiceException"));
  const RetryPolicy = { MaximumRetryAttempts: 2 };
  const target = { RetryPolicy, DeadLetterConfig: { Arn: QUEUE }, Input: '{"a":1}' };
  await bench.create("rate(1 day)", {}, target);
  await bench.clock.advance(MINUTE);
  expect(bench.targets.messages).toEqual([
    {
      queueArn: QUEUE,
      body: '{"a":1}',
      attributes: {
        ERROR_CODE: "ServiceException",
        ERROR_MESSAGE: "ServiceException happened",
        EXECUTION_ID: "execution-1",
        EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
        IS_PAYLOAD_TRUNCATED: "false",
        RETRY_ATTEMPTS: "2",
        SCHEDULED_TIME: "2026-03-04T05:06:07Z",
        SCHEDULE_ARN: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/load",
        TARGET_ARN: FUNCTION,
      },
    },
  ]);
});

test("gives up when the event has grown too old", async () => {
  bench.targets.errors = Array.from({ length: 9 }, () => awsError("ServiceException"));
  const target = { RetryPolicy: { MaximumEventAgeInSeconds: 60 }, DeadLetterConfig: { Arn: QUEUE } };
  await bench.create("rate(1 day)", {}, target);
  bench.targets.errors.length = 5;
  await bench.clock.advance(5 * MINUTE);
  expect(bench.targets.messages[0]?.attributes).toMatchObject({
    ...{ EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds", RETRY_ATTEMPTS: "5" },
  });
});

test("does not retry what no retry mends", async () => {
  bench.targets.errors = [awsError("ResourceNotFoundException")];
  await bench.create("rate(1 day)", {}, { DeadLetterConfig: { Arn: QUEUE } });
  await bench.clock.advance(MINUTE);
  expect(bench.targets.attempts).toHaveLength(2);
  const { attributes } = bench.targets.messages[0] ?? {};
  expect(attributes).toMatchObject({ ERROR_CODE: "ResourceNotFoundException", RETRY_ATTEMPTS: "0" });
  expect(attributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
});

test("retries the dead-letter queue, too", async () => {
  bench.targets.errors = [awsError("AccessDeniedException"), new Error("down"), new Error("down")];
  await bench.create("rate(1 day)", {}, { DeadLetterConfig: { Arn: QUEUE } });
  await bench.clock.advance(MINUTE);
  expect(bench.targets.messages).toHaveLength(1);
});

test("drops an invocation without a dead-letter queue, and goes on with the next", async () => {
  bench.targets.errors = [awsError("AccessDeniedException")];
  await bench.create("rate(1 hour)");
  await bench.clock.advance(60 * MINUTE);
  expect(bench.invokedAt).toEqual(["2026-03-04T06:06:07"]);
  expect(console.error).toHaveBeenCalledTimes(1);
});

test("goes on after a restart on the same beat, and makes up for what was missed by one invocation", async () => {
  await bench.create("rate(5 minutes)");
  await bench.clock.advance(6 * MINUTE);
  bench.restart(60 * MINUTE);
  await bench.clock.advance(5 * MINUTE);
  expect(bench.invokedAt).toEqual([
    ...["2026-03-04T05:06:07", "2026-03-04T05:11:07"],
    ...["2026-03-04T06:12:07", "2026-03-04T06:16:07"],
  ]);
});

test("attempts again after a restart what was cut short", async () => {
  bench.targets.errors = [new Error("down"), new Error("down")];
  await bench.create("rate(1 day)");
  await bench.clock.advance(1_000);
  bench.restart(MINUTE);
  await settle();
  expect(bench.invokedAt).toEqual(["2026-03-04T05:07:08"]);
  bench.restart(MINUTE);
  await settle();
  expect(bench.targets.invocations).toHaveLength(1);
});

test("deletes a completed schedule that asks for it, after its last invocation is through", async () => {
  bench.targets.errors = [new Error("down")];
  await bench.create("at(2026-03-04T06:00:00)", { ActionAfterCompletion: "DELETE" });
  await bench.clock.advance(60 * MINUTE - 7_000 - 6 * MINUTE);
  expect(bench.targets.attempts).toHaveLength(1);
  await expect(bench.call("GET", "/schedules/load")).resolves.toMatchObject({ State: "ENABLED" });
  await bench.clock.advance(MINUTE);
  expect(bench.invokedAt).toEqual(["2026-03-04T06:00:01"]);
  await expect(bench.call("GET", "/schedules/load")).rejects.toThrow("404");
});

test("keeps a completed schedule that does not ask to be deleted", async () => {
  await bench.create("at(2026-03-04T06:00:00)");
  await bench.clock.advance(24 * 60 * MINUTE);
  expect(bench.invokedAt).toEqual(["2026-03-04T06:00:00"]);
  await expect(bench.call("GET", "/schedules/load")).resolves.toMatchObject({ State: "ENABLED" });
});

test("invokes only between the start and the end", async () => {
  const seconds = (iso: string): number => Date.parse(iso) / 1000;
  await bench.create("rate(1 hour)", {
    StartDate: seconds("2026-03-04T10:00:00Z"),
    EndDate: seconds("2026-03-04T11:30:00Z"),
  });
  await bench.clock.advance(24 * 60 * MINUTE);
  expect(bench.invokedAt).toEqual(["2026-03-04T10:00:00", "2026-03-04T11:00:00"]);
});

test("invokes nothing of a deleted schedule, nor retries it", async () => {
  bench.targets.errors = [new Error("down")];
  await bench.create("rate(1 minute)");
  await bench.call("DELETE", "/schedules/load");
  await bench.clock.advance(10 * MINUTE);
  expect(bench.targets.attempts).toHaveLength(1);
});
