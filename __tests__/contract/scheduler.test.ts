import * as api from "@aws-sdk/client-scheduler";
import { Bench, FUNCTION, QUEUE, ROLE } from "../local/scheduler/fakes";
import { CheckedService, codeOf, documentedOperations, servedOperations, unrefused } from "./service";

const bench = new Bench();
const handler = bench.scheduler.handler;
const service = new CheckedService("scheduler", handler);
let client: api.SchedulerClient;
beforeAll(async () => {
  await service.start();
  client = new api.SchedulerClient(service.client);
});
afterAll(() => {
  client.destroy();
  service.stop();
  bench.remove();
});

const Name = "load";
const schedule: api.CreateScheduleCommandInput = {
  Name,
  ScheduleExpression: "rate(5 minutes)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: { Arn: FUNCTION, RoleArn: ROLE },
};

it("answers as Scheduler's model says, whatever is asked", async () => {
  const Tags = [{ Key: "env", Value: "local" }];
  const { ScheduleGroupArn: ResourceArn } = await client.send(
    new api.CreateScheduleGroupCommand({ Name: "group", Tags, ClientToken: "once" }),
  );
  await client.send(new api.CreateScheduleGroupCommand({ Name: "group", ClientToken: "once" }));
  await client.send(new api.GetScheduleGroupCommand({ Name: "group" }));
  const { NextToken } = await client.send(new api.ListScheduleGroupsCommand({ MaxResults: 1 }));
  await client.send(new api.ListScheduleGroupsCommand({ NextToken, NamePrefix: "g" }));
  await client.send(new api.TagResourceCommand({ ResourceArn, Tags }));
  await client.send(new api.ListTagsForResourceCommand({ ResourceArn }));
  await client.send(new api.UntagResourceCommand({ ResourceArn, TagKeys: ["env", "other"] }));
  const full: api.CreateScheduleCommandInput = {
    ...schedule,
    ...{ GroupName: "group", Description: "loads", State: "DISABLED", ActionAfterCompletion: "DELETE" },
    ...{ StartDate: new Date(bench.clock.now()), EndDate: new Date("2030-01-01") },
    ...{ ScheduleExpressionTimezone: "Europe/Vienna", KmsKeyArn: "arn:aws:kms:us-east-1:000000000000:key/k" },
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 5 },
    Target: {
      ...{ Arn: FUNCTION, RoleArn: ROLE, Input: "{}", DeadLetterConfig: { Arn: QUEUE } },
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
    },
  };
  await client.send(new api.CreateScheduleCommand(full));
  const read = await client.send(new api.GetScheduleCommand({ Name, GroupName: "group" }));
  expect(read.StartDate).toBeInstanceOf(Date);
  await client.send(new api.CreateScheduleCommand(schedule));
  await client.send(new api.UpdateScheduleCommand({ ...schedule, Target: { Arn: QUEUE, RoleArn: ROLE } }));
  await client.send(new api.ListSchedulesCommand({ MaxResults: 1, GroupName: "group", State: "DISABLED" }));
  await client.send(new api.DeleteScheduleCommand({ Name }));
  await client.send(new api.DeleteScheduleGroupCommand({ Name: "group" }));
});

it("refuses as the model says", async () => {
  const code = (command: unknown) => codeOf(client.send(command as api.GetScheduleCommand));
  await client.send(new api.CreateScheduleCommand(schedule));
  await client.send(new api.CreateScheduleGroupCommand({ Name: "group" }));
  for (const twice of [
    new api.CreateScheduleCommand(schedule),
    new api.CreateScheduleGroupCommand({ Name: "group" }),
  ])
    expect(await code(twice)).toBe("ConflictException");
  const ResourceArn = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/missing";
  for (const missing of [
    new api.CreateScheduleCommand({ ...schedule, GroupName: "missing" }),
    new api.UpdateScheduleCommand({ ...schedule, Name: "missing" }),
    new api.GetScheduleCommand({ Name: "missing" }),
    new api.DeleteScheduleCommand({ Name: "missing" }),
    new api.GetScheduleGroupCommand({ Name: "missing" }),
    new api.DeleteScheduleGroupCommand({ Name: "missing" }),
    new api.ListTagsForResourceCommand({ ResourceArn }),
    new api.TagResourceCommand({ ResourceArn, Tags: [] }),
    new api.UntagResourceCommand({ ResourceArn, TagKeys: ["env"] }),
  ])
    expect(await code(missing)).toBe("ResourceNotFoundException");
  for (const wrong of [
    new api.CreateScheduleCommand({ ...schedule, Name: "no name" }),
    new api.CreateScheduleCommand({ ...schedule, ScheduleExpression: "sometimes" }),
    new api.DeleteScheduleGroupCommand({ Name: "default" }),
    new api.ListSchedulesCommand({ NextToken: "?" }),
    new api.ListSchedulesCommand({ MaxResults: 0 }),
    new api.UntagResourceCommand({ ResourceArn, TagKeys: [] }),
    new api.GetScheduleGroupCommand({ Name: "no name" }),
  ])
    expect(await code(wrong)).toBe("ValidationException");
});

it("leaves no operation out, and none of its answers is another than Scheduler's", async () => {
  const served = await servedOperations("scheduler", handler);
  expect(service.succeeded).toEqual(served);
  expect(documentedOperations("scheduler")).toEqual(served);
  expect(service.violations).toEqual([]);
});

it("refuses every input that breaks the model", async () => {
  expect(await unrefused("scheduler", handler)).toEqual([]);
});
