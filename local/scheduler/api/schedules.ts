import type {
  CreateScheduleOutput,
  GetScheduleOutput,
  ListSchedulesOutput,
  UpdateScheduleOutput,
} from "@aws-sdk/client-scheduler";
import { AwsError, arn } from "../../service/aws";
import type { Store } from "../../service/store";
import { setNext } from "../invocation/runner";
import { type Schedule, type SchedulerState, scheduleKey, type Wire } from "../state";
import { pageOf } from "./paging";
import { type ScheduleInput, settingsFrom } from "./settings";

/**
 * The operations on schedules. Every change is saved before it is answered.
 * @param changed is called after every change.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export function scheduleOperations(store: Store<SchedulerState>, now: () => number, changed: () => void) {
  const { schedules, groups } = store.state;

  const find = (name: string, group = "default"): [key: string, schedule: Schedule] => {
    const key = scheduleKey(group, name);
    const schedule = schedules[key];
    if (schedule === undefined)
      throw new AwsError("ResourceNotFoundException", `Schedule ${name} does not exist.`, 404);
    return [key, schedule];
  };
  const saved = <Output>(output: Output): Output => {
    store.save();
    changed();
    return output;
  };

  return {
    create(name: string, input: ScheduleInput): Wire<CreateScheduleOutput> {
      const createdMs = now();
      const settings = settingsFrom(name, input, createdMs);
      const key = scheduleKey(settings.GroupName, name);
      if (groups[settings.GroupName] === undefined)
        throw new AwsError(
          "ResourceNotFoundException",
          `Schedule group ${settings.GroupName} does not exist.`,
          404,
        );
      const existing = schedules[key];
      if (existing !== undefined) {
        if (input.ClientToken !== undefined && existing.clientToken === input.ClientToken)
          return { ScheduleArn: existing.arn };
        throw new AwsError("ConflictException", `Schedule ${name} already exists.`, 409);
      }
      const schedule: Schedule = {
        arn: arn("scheduler", `schedule/${key}`),
        ...{ settings, createdMs, updatedMs: createdMs },
        anchorMs: settings.StartDate === undefined ? createdMs : settings.StartDate * 1000,
        ...(input.ClientToken === undefined ? {} : { clientToken: input.ClientToken }),
      };
      setNext(schedule, createdMs - 1);
      schedules[key] = schedule;
      return saved({ ScheduleArn: schedule.arn });
    },

    /** Replaces all settings. A rate counts anew if its expression or its start is another. */
    update(name: string, input: ScheduleInput): Wire<UpdateScheduleOutput> {
      const [, schedule] = find(name, input.GroupName);
      const { settings: before } = schedule;
      const updatedMs = now();
      const settings = settingsFrom(name, input, updatedMs, before.StartDate);
      const anew =
        settings.ScheduleExpression !== before.ScheduleExpression || settings.StartDate !== before.StartDate;
      Object.assign(schedule, { settings, updatedMs });
      if (anew) schedule.anchorMs = settings.StartDate === undefined ? updatedMs : settings.StartDate * 1000;
      setNext(schedule, anew ? updatedMs - 1 : updatedMs);
      return saved({ ScheduleArn: schedule.arn });
    },

    get(name: string, query: URLSearchParams): Omit<Wire<GetScheduleOutput>, "$metadata"> {
      const [, { arn: Arn, settings, createdMs, updatedMs }] = find(
        name,
        query.get("groupName") ?? undefined,
      );
      return {
        ...settings,
        ...{ Arn, CreationDate: createdMs / 1000, LastModificationDate: updatedMs / 1000 },
      };
    },

    delete(name: string, query: URLSearchParams): object {
      const [key] = find(name, query.get("groupName") ?? undefined);
      removeSchedule(store.state, key);
      return saved({});
    },

    list(query: URLSearchParams): Wire<ListSchedulesOutput> {
      const [group, state] = [query.get("ScheduleGroup"), query.get("State")];
      const wanted = Object.entries(schedules).filter(
        ([, { settings }]) =>
          (group === null || settings.GroupName === group) && (state === null || settings.State === state),
      );
      const { items, ...rest } = pageOf(Object.fromEntries(wanted), query, ({ settings }) => settings.Name);
      return {
        Schedules: items.map(({ arn: Arn, settings, createdMs, updatedMs }) => ({
          ...{ Arn, CreationDate: createdMs / 1000, LastModificationDate: updatedMs / 1000 },
          ...{ Name: settings.Name, GroupName: settings.GroupName, State: settings.State },
          Target: { Arn: settings.Target.Arn },
        })),
        ...rest,
      };
    },
  };
}

/** Removes a schedule and the invocations that wait for another attempt. */
export function removeSchedule({ schedules, invocations }: SchedulerState, key: string): void {
  delete schedules[key];
  for (const { id, schedule } of Object.values(invocations)) if (schedule === key) delete invocations[id];
}
