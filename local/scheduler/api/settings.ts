import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import { AwsError } from "../../service/aws";
import { parseExpression } from "../expression/expression";
import { isTimeZone } from "../expression/zone";
import type { Settings, Wire } from "../state";

const FUNCTION_TARGET = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9-_]+(:[a-zA-Z0-9-_$]+)?$/;
const QUEUE_TARGET = /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9-_]+(\.fifo)?$/;
const OTHER_TARGETS = [
  ...["EcsParameters", "EventBridgeParameters", "KinesisParameters", "SageMakerPipelineParameters"],
] as const;
const START_GRACE_MS = 5 * 60_000;

/** What CreateSchedule and UpdateSchedule are asked, in JSON. */
export type ScheduleInput = Partial<Wire<CreateScheduleInput>>;

/**
 * Checks what a client asks of a schedule and fills in AWS's defaults: default group, UTC, enabled, kept after
 * completion, 185 retries within 24 hours. An update replaces everything, so the same function serves both.
 * @param earlierStart the StartDate that the schedule already has: it may be given again, though it is past.
 * @throws AwsError ValidationException.
 */
export function settingsFrom(
  name: string,
  input: ScheduleInput,
  nowMs: number,
  earlierStart?: number,
): Settings {
  const { ScheduleExpression = "", ScheduleExpressionTimezone = "UTC" } = input;
  if (parseExpression(ScheduleExpression) === undefined)
    throw invalid(`Invalid Schedule Expression ${ScheduleExpression}.`);
  if (!isTimeZone(ScheduleExpressionTimezone))
    throw invalid(`Invalid Schedule Expression Timezone ${ScheduleExpressionTimezone}.`);
  checkDates(input, nowMs, earlierStart);
  const window = input.FlexibleTimeWindow;
  if (window?.Mode === "FLEXIBLE" && window.MaximumWindowInMinutes === undefined)
    throw invalid("MaximumWindowInMinutes must be specified when the flexible time window is FLEXIBLE.");
  return {
    ...optional(input, ["Description", "StartDate", "EndDate", "KmsKeyArn"]),
    Name: name,
    GroupName: input.GroupName ?? "default",
    ScheduleExpression,
    ScheduleExpressionTimezone,
    State: input.State ?? "ENABLED",
    ActionAfterCompletion: input.ActionAfterCompletion ?? "NONE",
    FlexibleTimeWindow: window as Settings["FlexibleTimeWindow"],
    Target: targetFrom(input.Target as NonNullable<ScheduleInput["Target"]>),
  };
}

function targetFrom(target: NonNullable<ScheduleInput["Target"]>): Settings["Target"] {
  const arn = String(target.Arn);
  const other = OTHER_TARGETS.find((member) => target[member] !== undefined);
  if (other !== undefined)
    throw invalid(`${other} is not emulated locally: targets are functions and queues.`);
  if (!FUNCTION_TARGET.test(arn) && !QUEUE_TARGET.test(arn))
    throw invalid(
      `Provided Arn is not in correct format, or not emulated locally: targets are Lambda functions and SQS queues, got ${arn}.`,
    );
  if (arn.endsWith(".fifo") && target.SqsParameters?.MessageGroupId === undefined)
    throw invalid("SqsParameters.MessageGroupId must be specified for a FIFO queue.");
  if (FUNCTION_TARGET.test(arn) && target.Input !== undefined && !isJson(target.Input))
    throw invalid("Invalid Input: a Lambda target's Input must be well-formed JSON.");
  return {
    ...optional(target, ["Input", "DeadLetterConfig", "SqsParameters"]),
    Arn: arn,
    RoleArn: String(target.RoleArn),
    RetryPolicy: {
      MaximumEventAgeInSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
      MaximumRetryAttempts: target.RetryPolicy?.MaximumRetryAttempts ?? 185,
    },
  };
}

function checkDates({ StartDate, EndDate }: ScheduleInput, nowMs: number, earlierStart?: number): void {
  for (const [member, value] of Object.entries({ StartDate, EndDate }))
    if (value !== undefined && typeof value !== "number")
      throw new AwsError(
        "SerializationException",
        `${member} must be a number of epoch seconds, got ${value}`,
      );
  if (StartDate !== undefined && StartDate !== earlierStart && StartDate * 1000 < nowMs - START_GRACE_MS)
    throw invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
  if (EndDate !== undefined && EndDate <= (StartDate ?? Number.NEGATIVE_INFINITY))
    throw invalid("The EndDate you specify must come after the StartDate.");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The members that are there. */
function optional<T extends object, Name extends keyof T>(
  input: T,
  names: readonly Name[],
): { [Member in Name]?: Exclude<T[Member], undefined> } {
  return Object.fromEntries(
    names.flatMap((name) => (input[name] === undefined || input[name] === null ? [] : [[name, input[name]]])),
  ) as { [Member in Name]?: Exclude<T[Member], undefined> };
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
