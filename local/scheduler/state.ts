import type { GetScheduleOutput } from "@aws-sdk/client-scheduler";

/** A shape of Scheduler's API model as it travels in JSON: timestamps are epoch seconds. */
export type Wire<T> = T extends Date
  ? number
  : T extends (infer Member)[]
    ? Wire<Member>[]
    : T extends object
      ? { [Name in keyof T]: Wire<T[Name]> }
      : T;

type Described = Omit<Wire<GetScheduleOutput>, "$metadata">;

/** A schedule's settings, checked, with every default filled in. */
export interface Settings extends Described {
  readonly Name: string;
  readonly GroupName: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly State: "ENABLED" | "DISABLED";
  readonly ActionAfterCompletion: "NONE" | "DELETE";
  readonly FlexibleTimeWindow: {
    readonly Mode: "OFF" | "FLEXIBLE";
    readonly MaximumWindowInMinutes?: number;
  };
  readonly Target: Wire<NonNullable<GetScheduleOutput["Target"]>> & {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly RetryPolicy: {
      readonly MaximumEventAgeInSeconds: number;
      readonly MaximumRetryAttempts: number;
    };
  };
}

/** A schedule as it is kept. Moments are in milliseconds since the epoch. */
export interface Schedule {
  readonly arn: string;
  settings: Settings;
  readonly createdMs: number;
  updatedMs: number;
  /** Which request made it: the same one again is answered the same. */
  readonly clientToken?: string;
  /** From when a rate counts. */
  anchorMs: number;
  /** When it is due next; absent when it is disabled or complete. */
  nextMs?: number;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  updatedMs: number;
  readonly clientToken?: string;
  tags: Record<string, string>;
}

/** One invocation of a target, kept until the target or the dead-letter queue has taken it. */
export interface Invocation {
  readonly id: string;
  /** The schedule's key. */
  readonly schedule: string;
  readonly scheduledMs: number;
  /** From when its age counts. */
  readonly startedMs: number;
  /** Attempts on the target so far. */
  attempts: number;
  /** When it is attempted next. */
  dueMs: number;
  /** Set once the target was given up: what the dead-letter queue is told. */
  failure?: Failure;
  /** Attempts on the dead-letter queue so far. */
  deadLetterAttempts?: number;
}

/** Why a target was given up. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Absent for an error that is not retried. */
  readonly exhausted?: "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";
}

export interface SchedulerState {
  /** By name. */
  readonly groups: Record<string, Group>;
  /** By `<group>/<name>`. */
  readonly schedules: Record<string, Schedule>;
  /** By id. */
  readonly invocations: Record<string, Invocation>;
}

/** The key of a schedule: names are unique within a group. */
export function scheduleKey(group: string, name: string): string {
  return `${group}/${name}`;
}
