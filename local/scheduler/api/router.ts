import { restJson } from "../../service/aws";
import type { Handler } from "../../service/http";
import { serviceModel } from "../../service/model/load";
import { type RestCall, restJsonService } from "../../service/protocol/rest-json";
import type { groupOperations } from "./groups";
import type { scheduleOperations } from "./schedules";

/** Scheduler's operations. */
export interface Operations {
  readonly schedules: ReturnType<typeof scheduleOperations>;
  readonly groups: ReturnType<typeof groupOperations>;
}

/** Serves Scheduler's REST JSON protocol. */
export function router(operations: Operations): Handler {
  const named = Object.entries(schedulerOperations(operations)).map(
    ([name, operation]) => [name, (call: RestCall) => restJson(200, operation(call))] as const,
  );
  return restJsonService(serviceModel("scheduler"), Object.fromEntries(named));
}

/**
 * What each operation does, by its name in the model.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export function schedulerOperations({
  schedules,
  groups,
}: Operations): Readonly<Record<string, (call: RestCall) => object>> {
  return {
    CreateSchedule: (call) => schedules.create(name(call), call.body()),
    UpdateSchedule: (call) => schedules.update(name(call), call.body()),
    GetSchedule: (call) => schedules.get(name(call), call.query),
    DeleteSchedule: (call) => schedules.delete(name(call), call.query),
    ListSchedules: (call) => schedules.list(call.query),
    CreateScheduleGroup: (call) => groups.create(name(call), call.body()),
    GetScheduleGroup: (call) => groups.get(name(call)),
    DeleteScheduleGroup: (call) => groups.delete(name(call)),
    ListScheduleGroups: (call) => groups.list(call.query),
    ListTagsForResource: (call) => groups.tags(resource(call)),
    TagResource: (call) => groups.tag(resource(call), call.body()),
    UntagResource: (call) => groups.untag(resource(call), call.query),
  };
}

function name({ labels }: RestCall): string {
  return labels.Name ?? "";
}

function resource({ labels }: RestCall): string {
  return labels.ResourceArn ?? "";
}
