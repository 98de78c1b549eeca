import type {
  CreateScheduleGroupOutput,
  GetScheduleGroupOutput,
  ListScheduleGroupsOutput,
  ListTagsForResourceOutput,
  Tag,
} from "@aws-sdk/client-scheduler";
import { AwsError, arn } from "../../service/aws";
import type { Store } from "../../service/store";
import type { Group, SchedulerState, Wire } from "../state";
import { pageOf } from "./paging";
import { removeSchedule } from "./schedules";

/** The group that every account has. */
export const DEFAULT_GROUP = "default";

type GroupInput = { readonly ClientToken?: string; readonly Tags?: readonly Tag[] };

/**
 * The operations on schedule groups and their tags; only groups have tags. Every change is saved before it is
 * answered. A group is gone at once, where AWS may take a while.
 */
export function groupOperations(store: Store<SchedulerState>, now: () => number, changed: () => void) {
  const { groups, schedules } = store.state;
  if (groups[DEFAULT_GROUP] === undefined) {
    groups[DEFAULT_GROUP] = newGroup(DEFAULT_GROUP, now(), {});
    store.save();
  }

  const find = (name: string): Group => {
    const group = groups[name];
    if (group === undefined)
      throw new AwsError("ResourceNotFoundException", `Schedule group ${name} does not exist.`, 404);
    return group;
  };
  const findByArn = (resourceArn: string): Group => {
    return find(resourceArn.slice(resourceArn.indexOf("/") + 1));
  };

  return {
    create(name: string, input: GroupInput): Wire<CreateScheduleGroupOutput> {
      const tags = tagsOf(input.Tags);
      const existing = groups[name];
      if (existing !== undefined) {
        if (input.ClientToken !== undefined && existing.clientToken === input.ClientToken)
          return { ScheduleGroupArn: existing.arn };
        throw new AwsError("ConflictException", `Schedule group ${name} already exists.`, 409);
      }
      const group = newGroup(name, now(), tags, input.ClientToken);
      groups[name] = group;
      store.save();
      return { ScheduleGroupArn: group.arn };
    },

    get(name: string): Wire<GetScheduleGroupOutput> {
      return describe(find(name));
    },

    /** Deletes the group and every schedule in it. */
    delete(name: string): object {
      if (find(name).name === DEFAULT_GROUP)
        throw new AwsError("ValidationException", "The default schedule group cannot be deleted.");
      delete groups[name];
      for (const [key, { settings }] of Object.entries(schedules))
        if (settings.GroupName === name) removeSchedule(store.state, key);
      store.save();
      changed();
      return {};
    },

    list(query: URLSearchParams): Wire<ListScheduleGroupsOutput> {
      const { items, ...rest } = pageOf(groups, query, ({ name }) => name);
      return { ScheduleGroups: items.map(describe), ...rest };
    },

    tags(resourceArn: string): Wire<ListTagsForResourceOutput> {
      return { Tags: Object.entries(findByArn(resourceArn).tags).map(([Key, Value]) => ({ Key, Value })) };
    },

    tag(resourceArn: string, input: GroupInput): object {
      const group = findByArn(resourceArn);
      group.tags = { ...group.tags, ...tagsOf(input.Tags) };
      store.save();
      return {};
    },

    untag(resourceArn: string, query: URLSearchParams): object {
      const group = findByArn(resourceArn);
      for (const key of query.getAll("TagKeys")) delete group.tags[key];
      store.save();
      return {};
    },
  };
}

function newGroup(name: string, createdMs: number, tags: Group["tags"], clientToken?: string): Group {
  return {
    ...{ name, arn: arn("scheduler", `schedule-group/${name}`), createdMs, updatedMs: createdMs, tags },
    ...(clientToken === undefined ? {} : { clientToken }),
  };
}

function describe({ name, arn: Arn, createdMs, updatedMs }: Group): Wire<GetScheduleGroupOutput> {
  return {
    ...{ Name: name, Arn, State: "ACTIVE" },
    ...{ CreationDate: createdMs / 1000, LastModificationDate: updatedMs / 1000 },
  };
}

function tagsOf(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [String(Key), String(Value)]));
}
