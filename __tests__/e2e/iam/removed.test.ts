import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Outputs } from "../../../stacks/outputs";
import { count, json, until } from "../verb";
import { account, denialsSoFar, deniedSince, outputsOf, remove, sendEvent } from "./cloud";

const MINUTES = 60_000;
/** How soon a permission that is gone must be missed, s. */
const MISSED_SECONDS = 10;

const ROLE = (name: string): string => `clickstream-local-${name}`;
const ARN = "arn:aws:lambda:us-east-1:000000000000:function:clickstream-local-load";

let outputs: Outputs;
let collector: { collectorUrl: string; writeKey: string };
let sent = 0;
let before = 0;

beforeAll(async () => {
  outputs = await outputsOf();
  collector = await json("status");
  before = await count(PERMITTED);
}, MINUTES);

const PERMITTED = "select count(*) from events where event_name = 'Permitted'";

/** Sends an event, if the collector takes it or not. */
async function attempt(): Promise<number> {
  const { status } = await fetch(new URL("v1/track", collector.collectorUrl), {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${collector.writeKey}:`)}` },
    body: JSON.stringify({ event: "Refused", anonymousId: "refused" }),
  });
  return status;
}

/** Sends an event that must arrive in the end. */
async function send(): Promise<void> {
  await sendEvent(collector, "Permitted");
  sent += 1;
}

/** Runs the loader, and answers the error that its run ended with. */
async function load(): Promise<string | undefined> {
  const { FunctionError, Payload } = await new LambdaClient(account()).send(
    new InvokeCommand({ FunctionName: ARN }),
  );
  return FunctionError === undefined ? undefined : Buffer.from(Payload ?? []).toString();
}

/** Starts the loader by a schedule, as the role that starts it every minute. */
async function schedule(): Promise<void> {
  const at = new Date(Date.now() + 1_000).toISOString().slice(0, 19);
  await new SchedulerClient(account()).send(
    new CreateScheduleCommand({
      ...{ Name: `removed-${Date.now()}`, ScheduleExpression: `at(${at})`, ActionAfterCompletion: "DELETE" },
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        ...{ Arn: ARN, RoleArn: `arn:aws:iam::000000000000:role/${ROLE("schedule")}`, Input: "{}" },
        DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:000000000000:clickstream-local-attention" },
      },
    }),
  );
}

/** Waits until the attention queue has a message, takes it away and answers why it is there. */
async function attention(): Promise<string> {
  const sqs = new SQSClient(account());
  const QueueUrl = outputs.attentionQueueUrl;
  let why: string | undefined;
  await until("somebody is told", async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"], WaitTimeSeconds: 1 }),
    );
    for (const { ReceiptHandle, MessageAttributes } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      why = MessageAttributes?.ERROR_CODE?.StringValue;
    }
    return why !== undefined;
  });
  return why ?? "";
}

/** A permission, and what shows that it is missed: the path is made to need it right after it was taken out. */
interface Removal {
  readonly role: string;
  readonly action: string;
  /** What will need it in a moment: run before it is taken out. */
  readonly prepare?: () => Promise<unknown>;
  /** What needs it. It is to be missed within seconds from then on. */
  readonly use: () => Promise<unknown>;
  /** What else is to be seen while it is gone. */
  readonly seen?: () => Promise<void>;
}

const refusesEvents = async (): Promise<void> => expect(await attempt()).toBe(503);

const REMOVALS: readonly Removal[] = [
  { role: "collect", action: "dynamodb:BatchWriteItem", use: attempt, seen: refusesEvents },
  { role: "collect", action: "kms:Decrypt", use: attempt, seen: refusesEvents },
  { role: "transform", action: "dynamodb:GetRecords", use: send },
  { role: "transform", action: "dynamodb:ListStreams", use: send },
  { role: "transform", action: "firehose:PutRecordBatch", use: send },
  { role: "delivery", action: "s3:PutObject", prepare: send, use: send },
  { role: "delivery", action: "kms:GenerateDataKey", prepare: send, use: send },
  {
    ...{ role: "load", action: "sqs:ReceiveMessage", use: load },
    seen: async () => expect(await load()).toContain("sqs:receivemessage"),
  },
  {
    role: "copy",
    action: "s3:GetObject",
    use: async () => {
      await arrivedInTheLake(); // after it was taken out: nobody can have loaded it
      await load();
    },
  },
  {
    ...{ role: "schedule", action: "lambda:InvokeFunction", use: schedule },
    seen: async () => expect(await attention()).toBe("AccessDeniedException"),
  },
];

/** An event that lies in the lake, told of and not yet loaded: the loader's own schedule may come first. */
async function arrivedInTheLake(): Promise<void> {
  await send();
  const { lake_events: lines } = await json<{ lake_events: number }>("balance");
  await until("the event lies in the lake", async () => {
    const now = await json<{ lake_events: number; warehouse_events: number }>("balance");
    return now.lake_events > lines || now.lake_events > now.warehouse_events;
  });
}

describe("a permission that is taken out of a role in the running cloud", () => {
  it.each(REMOVALS.map((removal) => [removal.role, removal.action, removal] as const))(
    "is missed within seconds, and the path goes on when it is back: %s, %s",
    async (name, action, { prepare, use, seen }) => {
      const role = ROLE(name);
      await prepare?.();
      const point = denialsSoFar();
      const restore = await remove(role, action);
      try {
        await use();
        await until(`${role} misses ${action}`, () => deniedSince(point, role, action), MISSED_SECONDS);
        await seen?.();
      } finally {
        await restore();
      }
      await send();
    },
    3 * MINUTES,
  );

  it(
    "has lost nothing that was acknowledged",
    async () => {
      await until(
        "all events are in the warehouse",
        async () => (await count(PERMITTED)) >= before + sent,
        240,
      );
      expect(await count(PERMITTED)).toBe(before + sent);
      await until(
        "everything balances",
        async () => (await json<{ balanced: boolean }>("balance", "--deep")).balanced,
      );
    },
    6 * MINUTES,
  );
});
