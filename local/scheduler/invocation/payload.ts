import { ACCOUNT_ID, REGION } from "../../service/aws";

/** What one attempt knows of itself. */
export interface AttemptContext {
  readonly scheduleArn: string;
  readonly scheduledMs: number;
  readonly executionId: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/**
 * What an attempt sends: the schedule's Input with its context attributes replaced, or, without one, AWS's
 * default notification.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function payloadOf(input: string | undefined, context: AttemptContext): string {
  if (input === undefined) return defaultNotification(context);
  const attributes: Readonly<Record<string, string>> = {
    "schedule-arn": context.scheduleArn,
    "scheduled-time": timestamp(context.scheduledMs),
    "execution-id": context.executionId,
    "attempt-number": String(context.attempt),
  };
  return input.replaceAll(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (keyword, name: string) => attributes[name] ?? keyword,
  );
}

/** `2022-03-22T18:59:43Z` */
export function timestamp(momentMs: number): string {
  return `${new Date(momentMs).toISOString().slice(0, 19)}Z`;
}

function defaultNotification({ scheduleArn, scheduledMs, executionId }: AttemptContext): string {
  return JSON.stringify({
    version: "0",
    id: executionId,
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account: ACCOUNT_ID,
    time: timestamp(scheduledMs),
    region: REGION,
    resources: [scheduleArn],
    detail: "{}",
  });
}
