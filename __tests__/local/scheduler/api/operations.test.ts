import type { Server } from "node:http";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  type ListSchedulesCommandInput,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { httpServer, listen } from "../../../../local/service/http";
import { Bench, FUNCTION, NOW, QUEUE, ROLE } from "../fakes";

let bench: Bench;
let server: Server;
let client: SchedulerClient;

beforeEach(async () => {
  bench = new Bench();
  server = httpServer((request) => bench.scheduler.handler(request));
  const port = await listen(server, 0);
  client = new SchedulerClient({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", maxAttempts: 1 },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});
afterEach(() => {
  client.destroy();
  server.close();
  bench.remove();
});

const schedule = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: "load",
  ScheduleExpression: "cron(0 6 * * ? *)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: FUNCTION, RoleArn: ROLE },
  ...more,
});
const create = (more: Partial<CreateScheduleCommandInput> = {}) =>
  client.send(new CreateScheduleCommand(schedule(more)));
const get = async (Name = "load", GroupName?: string) => {
  const { $metadata, ...output } = await client.send(new GetScheduleCommand({ Name, GroupName }));
  return output;
};

test("describes a new schedule with AWS's defaults", async () => {
  const Arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/load";
  expect((await create()).ScheduleArn).toBe(Arn);
  expect(await get()).toEqual({
    ...{ Arn, Name: "load", GroupName: "default", State: "ENABLED", ActionAfterCompletion: "NONE" },
    ...{ ScheduleExpression: "cron(0 6 * * ? *)", ScheduleExpressionTimezone: "UTC" },
    ...{
      FlexibleTimeWindow: { Mode: "OFF" },
      CreationDate: new Date(NOW),
      LastModificationDate: new Date(NOW),
    },
    Target: {
      ...{ Arn: FUNCTION, RoleArn: ROLE },
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    },
  });
});

test("keeps every setting, through a restart", async () => {
  const settings = {
    ...{ Description: "d", ScheduleExpressionTimezone: "Europe/Berlin", State: "DISABLED" as const },
    ...{ StartDate: new Date(NOW + 1_000), EndDate: new Date(NOW + 9_000) },
    FlexibleTimeWindow: { Mode: "FLEXIBLE" as const, MaximumWindowInMinutes: 15 },
    Target: {
      ...{ Arn: FUNCTION, RoleArn: ROLE, Input: '{"a":1}', DeadLetterConfig: { Arn: QUEUE } },
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
    },
  };
  await create(settings);
  bench.restart();
  expect(await get()).toMatchObject(settings);
});

test("an update replaces everything: what it leaves out returns to its default", async () => {
  await create({ Description: "d", State: "DISABLED", ScheduleExpressionTimezone: "Asia/Tokyo" });
  bench.clock.skip(5_000);
  await client.send(new UpdateScheduleCommand(schedule({ ScheduleExpression: "rate(1 hour)" })));
  const updated = await get();
  expect(updated).toMatchObject({
    ...{ ScheduleExpression: "rate(1 hour)", ScheduleExpressionTimezone: "UTC", State: "ENABLED" },
    ...{ CreationDate: new Date(NOW), LastModificationDate: new Date(NOW + 5_000) },
  });
  expect(updated).not.toHaveProperty("Description");
});

test("refuses a name that is taken, but answers the very same request again", async () => {
  const first = await create({ ClientToken: "token" });
  expect((await create({ ClientToken: "token" })).ScheduleArn).toBe(first.ScheduleArn);
  await expect(create()).rejects.toMatchObject({
    ...{ name: "ConflictException", message: "Schedule load already exists." },
  });
});

test.each<[string, Partial<CreateScheduleCommandInput>, string]>([
  [
    "an expression",
    { ScheduleExpression: "cron(0 6 * * *)" },
    "Invalid Schedule Expression cron(0 6 * * *).",
  ],
  ["a time zone", { ScheduleExpressionTimezone: "Mars/Olympus" }, "Mars/Olympus"],
  ["a name", { Name: "a b" }, "Value 'a b' at 'name' failed to satisfy constraint"],
  [
    "a window's mode",
    { FlexibleTimeWindow: { Mode: "SOMETIMES" as "OFF" } },
    "enum value set: [OFF, FLEXIBLE]",
  ],
  ["a window without its length", { FlexibleTimeWindow: { Mode: "FLEXIBLE" } }, "MaximumWindowInMinutes"],
  [
    "a past start",
    { StartDate: new Date(NOW - 301_000) },
    "StartDate you specify cannot be earlier than 5 minutes ago",
  ],
  [
    "an end before the start",
    { StartDate: new Date(NOW), EndDate: new Date(NOW) },
    "must come after the StartDate",
  ],
  ["a role", { Target: { Arn: FUNCTION, RoleArn: "role" } }, "target.roleArn"],
  [
    "another target",
    { Target: { Arn: "arn:aws:states:us-east-1:000000000000:stateMachine:x", RoleArn: ROLE } },
    "not in correct format",
  ],
  ["a function's input", { Target: { Arn: FUNCTION, RoleArn: ROLE, Input: "{" } }, "well-formed JSON"],
  ["a FIFO queue without a group", { Target: { Arn: `${QUEUE}.fifo`, RoleArn: ROLE } }, "MessageGroupId"],
  [
    "a FIFO dead-letter queue",
    { Target: { Arn: FUNCTION, RoleArn: ROLE, DeadLetterConfig: { Arn: `${QUEUE}.fifo` } } },
    "target.deadLetterConfig.arn",
  ],
  [
    "retries",
    { Target: { Arn: FUNCTION, RoleArn: ROLE, RetryPolicy: { MaximumRetryAttempts: 186 } } },
    "less than or equal to 185",
  ],
])("refuses %s that is not valid", async (_, more, message) => {
  await expect(create(more)).rejects.toMatchObject({
    ...{ name: "ValidationException", message: expect.stringContaining(message) },
  });
});

test("answers what is not there with 404", async () => {
  const notFound = (message: string) => ({ name: "ResourceNotFoundException", message });
  await expect(get()).rejects.toMatchObject(notFound("Schedule load does not exist."));
  await expect(create({ GroupName: "g" })).rejects.toMatchObject(
    notFound("Schedule group g does not exist."),
  );
  await expect(client.send(new DeleteScheduleGroupCommand({ Name: "g" }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  });
});

test("has the default group, which cannot be deleted", async () => {
  expect(await client.send(new GetScheduleGroupCommand({ Name: "default" }))).toMatchObject({
    ...{ Arn: "arn:aws:scheduler:us-east-1:000000000000:schedule-group/default", State: "ACTIVE" },
    CreationDate: new Date(NOW),
  });
  await expect(client.send(new DeleteScheduleGroupCommand({ Name: "default" }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

test("a group holds schedules of its own, and takes them with it", async () => {
  await client.send(new CreateScheduleGroupCommand({ Name: "g" }));
  await create();
  await create({ GroupName: "g" });
  await create({ Name: "other", GroupName: "g", State: "DISABLED" });
  const list = async (query: ListSchedulesCommandInput) =>
    (await client.send(new ListSchedulesCommand(query))).Schedules?.map(
      ({ GroupName, Name }) => `${GroupName}/${Name}`,
    );
  expect(await list({})).toEqual(["default/load", "g/load", "g/other"]);
  expect(await list({ GroupName: "g" })).toEqual(["g/load", "g/other"]);
  expect(await list({ State: "DISABLED" })).toEqual(["g/other"]);
  expect(await list({ NamePrefix: "lo" })).toEqual(["default/load", "g/load"]);
  await client.send(new DeleteScheduleGroupCommand({ Name: "g" }));
  expect(await list({})).toEqual(["default/load"]);
  await client.send(new DeleteScheduleCommand({ Name: "load" }));
  expect(await list({})).toEqual([]);
});

test("lists a page at a time", async () => {
  for (const Name of ["c", "a", "b"]) await client.send(new CreateScheduleGroupCommand({ Name }));
  const first = await client.send(new ListScheduleGroupsCommand({ MaxResults: 3 }));
  expect(first.ScheduleGroups?.map(({ Name }) => Name)).toEqual(["a", "b", "c"]);
  const second = await client.send(new ListScheduleGroupsCommand({ NextToken: first.NextToken }));
  expect(second.ScheduleGroups?.map(({ Name }) => Name)).toEqual(["default"]);
  expect(second.NextToken).toBeUndefined();
});

test("tags and untags groups, and nothing else", async () => {
  const Tags = [{ Key: "a", Value: "1" }];
  const { ScheduleGroupArn: ResourceArn } = await client.send(
    new CreateScheduleGroupCommand({ Name: "g", Tags }),
  );
  await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "b", Value: "2" }] }));
  await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a", "unknown"] }));
  expect((await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([
    { Key: "b", Value: "2" },
  ]);
  const { ScheduleArn } = await create();
  await expect(
    client.send(new ListTagsForResourceCommand({ ResourceArn: ScheduleArn })),
  ).rejects.toMatchObject({ name: "ValidationException" });
});

test("names an operation that it does not have", async () => {
  await expect(bench.call("PATCH", "/schedules/load")).rejects.toThrow("PATCH /schedules/load");
});
